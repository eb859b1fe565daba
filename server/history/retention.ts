import type { Ulid } from '#kernel'
import type { Settings } from '../settings/index.ts'
import type { Series } from './recorder.ts'
import type { PurgeStep } from './store.ts'

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

/** What is too old at a time. */
export function purgeAt(
  now: number,
  { series, gone, retention }: { series: Iterable<Series>; gone: readonly Ulid[]; retention: Settings['retention'] },
): PurgeStep {
  const cuts = Array.from(series, each => ({ series: each.id, before: now - keptDays(each, retention) * DAY }))
  const activity = { before: now - ACTIVITY_DAYS * DAY, keep: MAX_ACTIVITY, gone }
  return { cuts, statisticsBefore: now - STATISTICS_DAYS * DAY, activity }
}
