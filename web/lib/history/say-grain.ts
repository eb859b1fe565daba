import { formats } from '../i18n/index.ts'
import { history as texts } from '../i18n/history.ts'
import type { Chart, Told } from './charts.ts'
import { countedBy } from './courses.svelte.ts'
import type { HistoryView } from './view.svelte.ts'

/** What a point of these courses stands for: every change, or stretches. */
function grainOf(
  values: readonly Told[],
  texts: { raw: string; band: (width: string) => string; mixed: (width: string) => string },
) {
  const widths = values.map(({ course }) => Math.round(course.width))
  const widest = Math.max(0, ...widths)
  if (widest === 0) return texts.raw
  const say = widths.every(width => width > 0) ? texts.band : texts.mixed
  return say(formats.duration(widest))
}

/** Raw or statistics, and what is laid beside it, in plain words. */
export function sayGrain(chart: Pick<Chart, 'lines' | 'isCounted'>, { settled, compare }: HistoryView): string {
  const grain = chart.isCounted
    ? texts.points.counted(texts.points.stretches[countedBy(settled)])
    : grainOf(chart.lines, texts.points)
  if (!compare) return grain
  const hasBefore = chart.lines.some(({ before }) => before !== null)
  const say = hasBefore ? texts.comparedNote : texts.nothingBefore
  return `${grain}; ${say(texts.compared[compare])}`
}

export const sayStatesGrain = (states: readonly Told[]): string =>
  grainOf(
    states.filter(({ kind }) => kind === 'bool'),
    texts.stretches,
  )
