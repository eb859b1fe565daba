import type { Scalar, Value } from '#devices'
import type { SeriesAnswer } from '../series/index.ts'
import { midnights } from './calendar.ts'
import type { HistoryAsk } from './history.ts'
import type { HistoryStore } from './store.ts'

/** Changes, or stretches of statistics, that are read at a time: a few milliseconds of work. */
const PAGE = 2_000
const DAY = 86_400_000
/** Milliseconds of a stretch of statistics; a day of the house can be an hour longer or shorter. */
export const WIDTHS = { '5m': 300_000, hour: 3_600_000, day: DAY }

/** Some rows of a file, all of one value, in the order of time. */
export interface ExportPage {
  readonly value: Value
  readonly at: readonly number[]
  /** What held from then on, or the mean; null when it is not known. */
  readonly values: readonly Scalar[]
  readonly band: SeriesAnswer['band']
}

/** Reads a range some rows at a time, so that a file of any length needs no memory. */
export async function* exportPages(parts: {
  store: HistoryStore
  series: number
  value: Value
  ask: HistoryAsk
  /** Whose days they are. */
  zone: string
  course: (ask: HistoryAsk) => Promise<SeriesAnswer>
}): AsyncGenerator<ExportPage> {
  const { store, series, value, ask, zone } = parts
  if (ask.resolution === 'raw' || ask.resolution === 'auto') {
    for (let from: number | null = ask.from; from !== null;) {
      const page = await store.page(series, { from, to: ask.to, limit: PAGE })
      yield { value, at: page.at, values: page.value, band: null }
      from = page.next
    }
    return
  }
  const { resolution } = ask
  const days = { '5m': 7, hour: 80, day: 2_000 }[resolution]
  for (let from = ask.from; from < ask.to;) {
    // Where one stretch ends and the next begins, so that no two pages have parts of the same.
    const far = from + days * DAY
    const edge = resolution === 'day' ? midnights(far, far, zone)[0]! : far - (far % WIDTHS[resolution])
    const to = Math.min(ask.to, edge)
    const { at, value: values, band } = await parts.course({ ...ask, from, to, points: PAGE + 48 })
    yield { value, at, values, band }
    from = to
  }
}
