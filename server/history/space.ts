import type { Ulid } from '#kernel'
import type { Series } from './recorder.ts'
import type { StoredSpace } from './store.ts'

/** Days that a forecast looks back. */
const LOOK_BACK = 14
/** Beyond this nobody plans. */
const MOST_DAYS = 3_650

/** What history takes on the disk. The shares add up to what is used. */
export interface SpaceReport {
  readonly used: number
  /** Free within the file, for what comes next. */
  readonly free: number
  /** Free on the disk, null when it does not say. */
  readonly disk: number | null
  /** What it grew by a day, lately; null before there are two days to compare. */
  readonly perDay: number | null
  /** Days until the disk is full if it goes on like this; null when it does not grow or that is years away. */
  readonly fullIn: number | null
  readonly entities: readonly {
    readonly entity: Ulid
    readonly bytes: number
    readonly changes: number
    readonly since: number
  }[]
}

function growthOf({ days }: StoredSpace): number | null {
  const newest = days.at(-1)
  const oldest = days.find(({ day }) => newest !== undefined && day >= newest.day - LOOK_BACK)
  if (newest === undefined || oldest === undefined || newest.day === oldest.day) return null
  return Math.round((newest.used - oldest.used) / (newest.day - oldest.day))
}

/** Who takes how much, and when the disk is full. */
export function reportSpace(stored: StoredSpace, known: readonly Series[]): SpaceReport {
  const { used, free, disk } = stored
  const entityOf = new Map(known.map(({ id, entity }) => [id, entity]))
  const told = stored.series.reduce((sum, { bytes }) => sum + bytes, 0)
  const byEntity = new Map<Ulid, { bytes: number; changes: number; since: number }>()
  for (const { id, bytes, changes, since } of stored.series) {
    const entity = entityOf.get(id)
    if (entity === undefined || bytes === 0) continue
    const sum = byEntity.get(entity) ?? { bytes: 0, changes: 0, since: Number.POSITIVE_INFINITY }
    // Pages, indexes and what waits belong to those who fill them.
    sum.bytes += (bytes / told) * used
    sum.changes += changes
    sum.since = Math.min(sum.since, since)
    byEntity.set(entity, sum)
  }
  const perDay = growthOf(stored)
  const left = perDay === null || perDay <= 0 || disk === null ? null : Math.floor((disk + free) / perDay)
  return {
    used,
    free,
    disk,
    perDay,
    fullIn: left === null || left > MOST_DAYS ? null : left,
    entities: Array.from(byEntity, ([entity, sum]) => ({ entity, ...sum, bytes: Math.round(sum.bytes) })).toSorted(
      (a, b) => b.bytes - a.bytes,
    ),
  }
}
