import { and, asc, eq, gt, gte, lt, sql } from 'drizzle-orm'
import type { RecorderOp } from '../../history/index.ts'
import { DAY, decodeColumns, encodeChunk, GAP, readBatch, summariseDay, type Sample } from '../../series/index.ts'
import type { OpenDatabase } from '../database.ts'
import { chunks, series, summaries, usage } from '../tables/history.ts'
import { activityWriter, purgeActivity } from './activity.ts'
import { decoded, excluded, toBuffer, type Operations } from './operations.ts'
import { CHUNKS, DAYS, firstReaching, recordedOf, usedBytes } from './recorded.ts'
import { openSlots, type Slots } from './slots.ts'

/** Changes of one chunk. */
const MAX_CHANGES = 4_096
/** Rows that one step of a purge removes, and pages that it gives back. */
const STEP_ROWS = 200
const STEP_PAGES = 256
/** Free bytes that stay, since what comes next would take them anyway. */
const RESERVE = 1_048_576
/** Bytes of a row beside its content, about. */
const ROW = 24

export type SeriesRow = typeof series.$inferSelect
type Roll = Extract<RecorderOp, { op: 'history.roll' }>

/** What the recorder writes. */
export function recorderOperations(database: OpenDatabase): Operations<RecorderOp> {
  const { orm } = database
  const p = sql.placeholder
  const putSeries = orm
    .insert(series)
    .values({ id: p('id'), entity: p('entity'), value: p('value'), class: p('class') })
    .onConflictDoUpdate({ target: series.id, set: excluded('class') })
    .prepare()
  const slots = openSlots(database)
  return {
    'history.series.put': ({ series }) => void putSeries.run({ ...series }),
    'history.append': ({ changes, at }) => slots.append(changes, at),
    'history.alive': ({ at }) => slots.touch(at),
    'history.activity': activityWriter(database),
    'history.roll': roll => rollBatches(database, slots, roll),
    'history.purge': step => purge(database, step),
  }
}

function rollBatches(database: OpenDatabase, slots: Slots, { now, unkept }: Roll): void {
  const { orm } = database
  const waiting = new Map<number, Sample[]>()
  const each = (id: number, sample: Sample) => {
    const samples = waiting.get(id)
    if (samples === undefined) waiting.set(id, [sample])
    else samples.push(sample)
  }
  decoded(() => {
    for (const batch of slots.batches()) readBatch(batch, { each })
  })
  for (const row of orm.select().from(series).all()) {
    const samples = waiting.get(row.id)
    if (samples === undefined) continue
    const last = samples.findLast(({ value }) => value !== GAP)
    if (last !== undefined) Object.assign(row, { last: JSON.stringify(last.value), lastAt: last.at })
    row.isGap = samples.at(-1)!.value === GAP
    if (!unkept.includes(row.id)) {
      for (let i = 0; i < samples.length; i += MAX_CHANGES) addChunk(database, row, samples.slice(i, i + MAX_CHANGES))
    }
    orm.update(series).set(row).where(eq(series.id, row.id)).run()
  }
  slots.restart(now)
  const today = Math.floor(now / DAY)
  for (const row of orm
    .select()
    .from(series)
    .where(lt(series.summarisedUntil, today * DAY))
    .all()) {
    summariseDays(database, row, today * DAY)
  }
  const { used } = usedBytes(database)
  // A day that is to come was told by a clock that was wrong.
  orm.delete(usage).where(gt(usage.day, today)).run()
  orm.insert(usage).values({ day: today, used }).onConflictDoUpdate({ target: usage.day, set: { used } }).run()
}

/** Adds a chunk to a series; its row is changed and is for the caller to store. */
export function addChunk({ orm }: OpenDatabase, row: SeriesRow, samples: readonly Sample[]): void {
  const times = samples.map(({ at }) => at)
  const [since, until] = [Math.min(...times), Math.max(...times)]
  if (row.chunks > 0 && since < row.until) tellAnew({ orm }, row, since)
  const encoded = encodeChunk(samples)
  orm
    .insert(chunks)
    .values({ id: row.id * CHUNKS + row.chunks, since, until, changes: samples.length, samples: toBuffer(encoded) })
    .run()
  if (row.changes === 0) row.since = since
  row.until = until
  row.chunks++
  row.changes += samples.length
  row.bytes += encoded.length + ROW
}

/** The clock was set back: what was said of that time before no longer holds, nor do statistics of it. */
function tellAnew({ orm }: Pick<OpenDatabase, 'orm'>, row: SeriesRow, since: number): void {
  const own = and(gte(chunks.id, row.id * CHUNKS), lt(chunks.id, (row.id + 1) * CHUNKS), gt(chunks.until, since))
  orm.update(chunks).set({ until: since }).where(own).run()
  const day = Math.max(0, Math.floor(since / DAY))
  row.summarisedUntil = Math.min(row.summarisedUntil, day * DAY)
  const days = and(gte(summaries.id, row.id * DAYS + day), lt(summaries.id, (row.id + 1) * DAYS))
  row.bytes -= sizeOf({ orm }, days)
  orm.delete(summaries).where(days).run()
}

function sizeOf({ orm }: Pick<OpenDatabase, 'orm'>, days: ReturnType<typeof and>): number {
  const size = sql<number>`coalesce(sum(length(${summaries.hours}) + length(${summaries.fives}) + ${ROW}), 0)`
  return orm.select({ size }).from(summaries).where(days).get()!.size
}

/** Statistics of the days that are over since the last ones and have changes; the others are as the one before ended. */
export function summariseDays(database: OpenDatabase, row: SeriesRow, today: number): void {
  const { orm } = database
  const open = and(
    gte(chunks.id, row.id * CHUNKS),
    lt(chunks.id, (row.id + 1) * CHUNKS),
    gte(chunks.id, firstReaching(database, row.id, row.summarisedUntil)),
    lt(chunks.since, today),
  )
  const starts = new Set<number>()
  const { samples, until } = chunks
  for (const chunk of orm.select({ samples, until }).from(chunks).where(open).all()) {
    for (const at of decoded(() => decodeColumns(chunk.samples)).at) {
      const start = Math.floor(at / DAY) * DAY
      if (at <= chunk.until && start >= row.summarisedUntil && start >= 0 && start < today) starts.add(start)
    }
  }
  let bytes = 0
  const recorded = recordedOf(database, row.id, 'number')
  for (const start of starts) {
    const course = decoded(() => recorded.course(start, start + DAY))
    const day = course.value.subarray(0, course.length).every(Number.isNaN) ? null : summariseDay(course, start)
    if (day === null) continue
    const values = { id: row.id * DAYS + start / DAY, hours: toBuffer(day.hours), fives: toBuffer(day.fives) }
    const set = { hours: values.hours, fives: values.fives }
    orm.insert(summaries).values(values).onConflictDoUpdate({ target: summaries.id, set }).run()
    bytes += day.hours.length + day.fives.length + ROW
  }
  const set = { summarisedUntil: today, bytes: row.bytes + bytes }
  orm.update(series).set(set).where(eq(series.id, row.id)).run()
}

/** One step: rows of one series after the other, then pages. @returns whether more is left to do. */
function purge(
  database: OpenDatabase,
  { cuts, statisticsBefore, activity }: Extract<RecorderOp, { op: 'history.purge' }>,
): boolean {
  const { raw } = database
  let left = STEP_ROWS
  for (const cut of cuts) {
    left -= purgeChunks(database, cut, left)
    if (left > 0)
      left -= purgeDays(database, cut.before === Infinity ? cut : { ...cut, before: statisticsBefore }, left)
    if (left <= 0) return true
    if (cut.before === Infinity) database.orm.delete(series).where(eq(series.id, cut.series)).run()
  }
  left -= purgeActivity(database, activity, left)
  if (left <= 0) return true
  const before = usedBytes(database).free
  raw.pragma(`incremental_vacuum(${STEP_PAGES})`)
  const { free } = usedBytes(database)
  // A file that was made without pages to give back keeps them for what comes.
  return free < before && free > RESERVE
}

function purgeChunks(database: OpenDatabase, cut: { series: number; before: number }, limit: number): number {
  const { orm } = database
  const own = and(gte(chunks.id, cut.series * CHUNKS), lt(chunks.id, (cut.series + 1) * CHUNKS))
  const old = cut.before === Infinity ? own : and(own, lt(chunks.id, firstReaching(database, cut.series, cut.before)))
  const size = sql<number>`length(${chunks.samples})`
  const found = orm.select({ id: chunks.id, changes: chunks.changes, size }).from(chunks).where(old).limit(limit).all()
  if (found.length === 0) return 0
  for (const { id } of found) orm.delete(chunks).where(eq(chunks.id, id)).run()
  const changes = found.reduce((sum, each) => sum + each.changes, 0)
  const bytes = found.reduce((sum, each) => sum + each.size + ROW, 0)
  const first = orm.select({ since: chunks.since }).from(chunks).where(own).orderBy(asc(chunks.id)).limit(1).get()
  orm
    .update(series)
    .set({
      changes: sql`${series.changes} - ${changes}`,
      bytes: sql`${series.bytes} - ${bytes}`,
      since: first?.since ?? 0,
    })
    .where(eq(series.id, cut.series))
    .run()
  return found.length
}

function purgeDays({ orm }: OpenDatabase, cut: { series: number; before: number }, limit: number): number {
  const day = cut.before === Infinity ? DAYS - 1 : Math.max(0, Math.floor(cut.before / DAY))
  const old = and(gte(summaries.id, cut.series * DAYS), lt(summaries.id, cut.series * DAYS + day))
  const size = sql<number>`length(${summaries.hours}) + length(${summaries.fives})`
  const found = orm.select({ id: summaries.id, size }).from(summaries).where(old).limit(limit).all()
  if (found.length === 0) return 0
  for (const { id } of found) orm.delete(summaries).where(eq(summaries.id, id)).run()
  const bytes = found.reduce((sum, each) => sum + each.size + ROW, 0)
  orm
    .update(series)
    .set({ bytes: sql`${series.bytes} - ${bytes}` })
    .where(eq(series.id, cut.series))
    .run()
  return found.length
}
