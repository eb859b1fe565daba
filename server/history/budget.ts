import type { Clock } from '#kernel'
import type { HistoryStore } from './store.ts'

const DAY = 86_400_000
/** Before this much was watched, a day is not guessed. */
const LEAST = 600_000
/**
 * What a card stands: 32 GB of cells that take 500 rounds, of which the card itself needs ten for each one that is
 * written: 1.6 TB.
 */
const CARD_BYTES = 1.6e12

/** Who writes how much. Bytes are those that went to the disk; among writers they are shared by what each had to say. */
export interface WriteReport {
  /** Since when it was watched. */
  readonly since: number
  /** Bytes a day, null while it is not known. */
  readonly perDay: number | null
  /** Years until a usual card of 32 GB is worn out by that. */
  readonly cardYears: number | null
  readonly writers: readonly {
    /** A series, the runs of rules, activity, or all that must not be lost: settings, devices, rules, MQTT. */
    readonly kind: 'series' | 'runs' | 'activity' | 'house'
    readonly series: number | null
    readonly perDay: number
    readonly share: number
  }[]
}

type Written = Awaited<ReturnType<HistoryStore['written']>>

export interface Budget {
  /** A change of a series takes so many bytes. */
  note(series: number, bytes: number): void
  /** To be called now and then: begins a new day when one is over. */
  tick(): Promise<void>
  report(): Promise<WriteReport>
}

/** Watches what is written, in windows of a day; the report is of the last whole one, of the first one until then. */
export function createBudget({ clock, store }: { clock: Clock; store: HistoryStore }): Budget {
  let bytes = new Float64Array(256)
  let since = clock.monotonic()
  let sinceWall = clock.now()
  let before: Written = { hub: 0, history: 0, runs: 0, activity: 0 }
  let whole: WriteReport | undefined

  async function measure(): Promise<WriteReport> {
    const now = await store.written()
    const span = clock.monotonic() - since
    const delta = (name: keyof Written) => (now[name] ?? 0) - (before[name] ?? 0)
    const isKnown = now.history !== null && span >= LEAST
    const scale = DAY / span
    const said = bytes.reduce((sum, each) => sum + each, 0) + delta('runs') + delta('activity')
    const part = (each: number) => (said === 0 ? 0 : (each / said) * delta('history'))
    const total = delta('hub') + delta('history')
    const writer = (kind: WriteReport['writers'][number]['kind'], series: number | null, each: number) => {
      return { kind, series, perDay: Math.round(each * scale), share: total === 0 ? 0 : each / total }
    }
    const writers = [
      ...Array.from(bytes, (each, id) => writer('series', id, part(each))),
      writer('runs', null, part(delta('runs'))),
      writer('activity', null, part(delta('activity'))),
      writer('house', null, delta('hub')),
    ]
    return {
      since: sinceWall,
      perDay: isKnown ? Math.round(total * scale) : null,
      cardYears: isKnown && total > 0 ? Math.round((CARD_BYTES / (total * scale * 365)) * 10) / 10 : null,
      writers: isKnown ? writers.filter(each => each.perDay > 0).toSorted((a, b) => b.perDay - a.perDay) : [],
    }
  }

  return {
    note(series, count) {
      if (series >= bytes.length) {
        const grown = new Float64Array(Math.max(bytes.length * 2, series + 1))
        grown.set(bytes)
        bytes = grown
      }
      bytes[series]! += count
    },
    async tick() {
      if (clock.monotonic() - since < DAY) return
      whole = await measure()
      before = await store.written()
      bytes.fill(0)
      since = clock.monotonic()
      sinceWall = clock.now()
    },
    report: async () => whole ?? measure(),
  }
}
