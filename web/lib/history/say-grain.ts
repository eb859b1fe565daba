import { formats } from '../i18n/index.ts'
import { history as texts } from '../i18n/history.ts'
import type { Chart, Told } from './charts.ts'
import { countedBy } from './courses.svelte.ts'
import type { HistoryView } from './view.svelte.ts'

/** What a point of these courses stands for: every change, or stretches. */
function grainOf(values: readonly Told[], say: (width: string) => string, raw: string): string {
  const widths = new Set(values.map(({ course }) => Math.round(course.width)))
  return [...widths]
    .toSorted((a, b) => a - b)
    .map(width => (width === 0 ? raw : say(formats.duration(width))))
    .join('; ')
}

/** Raw or statistics, and what is laid beside it, in plain words. */
export function sayGrain(chart: Pick<Chart, 'lines' | 'isCounted'>, { settled, compare }: HistoryView): string {
  const grain = chart.isCounted
    ? texts.points.counted(texts.points.stretches[countedBy(settled)])
    : grainOf(chart.lines, texts.points.band, texts.points.raw)
  if (!compare) return grain
  const hasBefore = chart.lines.some(({ before }) => before !== null)
  const say = hasBefore ? texts.comparedNote : texts.nothingBefore
  return `${grain}; ${say(texts.compared[compare])}`
}

export const sayStatesGrain = (states: readonly Told[]): string =>
  grainOf(
    states.filter(({ kind }) => kind === 'bool'),
    texts.points.statesBand,
    texts.points.states,
  )
