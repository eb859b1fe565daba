import type { Ulid } from '#kernel'
import type { Settings } from '../settings/index.ts'
import type { Series } from './recorder.ts'
import type { PurgeStep, StoredSpace } from './store.ts'

const DAY = 86_400_000
/** Days for which statistics are kept: ten years. */
const STATISTICS_DAYS = 3_653
/** Days for which activity is kept, and how much of it at most. */
const ACTIVITY_DAYS = 90
const MAX_ACTIVITY = 50_000

/** Days for which changes of a series are kept: of its entity, else of its class, else of all. 0: not at all. */
export function keptDays(
  { entity, class: name }: Pick<Series, 'entity' | 'class'>,
  { entities, classes, days }: Settings['retention'],
): number {
  return entities[entity] ?? classes[name] ?? days
}

/** Whether what is old by a time may go for ever: both days before it were recorded, so that no clock ran astray. */
function isProven(now: number, days: StoredSpace['days']): boolean {
  const today = Math.floor(now / DAY)
  return [today - 1, today - 2].every(day => days.some(each => each.day === day))
}

/** What is too old at a time; while that is not proven, only what is not kept at all. */
export function purgeAt(
  now: number,
  what: {
    series: Iterable<Series>
    gone: readonly Ulid[]
    retention: Settings['retention']
    /** Bytes in use by day. */
    days: StoredSpace['days']
  },
): PurgeStep {
  const { series, gone, retention, days } = what
  const proven = isProven(now, days)
  const before = (kept: number) => (proven || kept === 0 ? now - kept * DAY : 0)
  const cuts = Array.from(series, each => ({ series: each.id, before: before(keptDays(each, retention)) }))
  const activity = { before: before(ACTIVITY_DAYS), keep: MAX_ACTIVITY, gone }
  return { cuts, statisticsBefore: before(STATISTICS_DAYS), activity }
}
