import { and, asc, desc, eq, gte, lt, lte, sql } from 'drizzle-orm'
import { statfsSync } from 'node:fs'
import type { StoredPoints, StoredValue } from '#devices'
import type { PageAsk, SamplePage, StoredHistory, StoredSpace } from '../../history/index.ts'
import {
  askSeries,
  Course,
  DAY,
  decodeColumns,
  GAP,
  readBatch,
  valueAt,
  type Recorded,
  type Sample,
  type Scalar,
  type SeriesAnswer,
  type SeriesAsk,
  type SeriesKind,
} from '../../series/index.ts'
import type { OpenDatabase } from '../database.ts'
import { chunks, series, summaries, usage } from '../tables/history.ts'
import { fromJson } from './operations.ts'
import { openSlots } from './slots.ts'

/** Chunks of a series have numbers from its own times this on; so have its days of statistics. */
export const CHUNKS = 2 ** 24
export const DAYS = 2 ** 20

type ChunkRow = typeof chunks.$inferSelect

function ofSeries(id: number) {
  return and(gte(chunks.id, id * CHUNKS), lt(chunks.id, (id + 1) * CHUNKS))
}

/**
 * The first chunk that reaches a time: `until` never falls from one chunk to the next, since what is told anew cuts short
 * what was told before. So it is searched by halves, however many years there are.
 */
export function firstReaching({ orm }: OpenDatabase, id: number, time: number): number {
  const ends = orm
    .select({ low: sql<number>`coalesce(min(${chunks.id}), 0)`, high: sql<number>`coalesce(max(${chunks.id}), -1)` })
    .from(chunks)
    .where(ofSeries(id))
    .get()!
  const at = orm
    .select({ id: chunks.id, until: chunks.until })
    .from(chunks)
    .where(gte(chunks.id, sql.placeholder('id')))
    .orderBy(asc(chunks.id))
    .limit(1)
    .prepare()
  let [low, high] = [ends.low, ends.high + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = at.get({ id: middle })!
    if (found.until >= time) high = middle
    else low = found.id + 1
  }
  return low
}

/** The chunks that hold something of a range, as a condition. */
function within(database: OpenDatabase, id: number, { from, to }: { from: number; to: number }) {
  return and(
    ofSeries(id),
    gte(chunks.id, firstReaching(database, id, from)),
    lte(chunks.id, firstReaching(database, id, to)),
  )
}

/** Those chunks in the order in which they were recorded, behind the one before them. */
function chunksOf(database: OpenDatabase, id: number, range: { from: number; to: number }): ChunkRow[] {
  const { orm } = database
  const found = orm
    .select()
    .from(chunks)
    .where(within(database, id, range))
    .orderBy(asc(chunks.id))
    .all()
  const before = orm
    .select()
    .from(chunks)
    .where(and(ofSeries(id), lt(chunks.id, found[0]?.id ?? firstReaching(database, id, range.from))))
    .orderBy(desc(chunks.id))
    .limit(1)
    .all()
  return [...before, ...found]
}

/** What waits of a series, in order. */
export function waitingOf(database: OpenDatabase, id: number): Sample[] {
  const waiting: Sample[] = []
  for (const batch of openSlots(database).batches()) {
    readBatch(batch, { only: id, each: (_series, sample) => void waiting.push(sample) })
  }
  return waiting
}

/** Calls `each` for every change of a range and what comes right before it. */
function eachChange(
  database: OpenDatabase,
  ask: { series: number; from: number; to: number },
  each: (at: number, value: Sample['value']) => void,
): void {
  for (const { samples, until } of chunksOf(database, ask.series, ask)) {
    const columns = decodeColumns(samples)
    for (let i = 0; i < columns.count; i++) {
      if (columns.at[i]! <= until) each(columns.at[i]!, valueAt(columns, i))
    }
  }
  for (const { at, value } of waitingOf(database, ask.series)) each(at, value)
}

/** A value as a number: NaN for what is none; texts by their place. */
function numberOf(value: Sample['value'], kind: SeriesKind, place: (value: Scalar) => number): number {
  if (value === GAP || value === null) return Number.NaN
  if (kind === 'text') return place(value)
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN
}

/** What is recorded of a series, read as one kind of value. */
export function recordedOf(database: OpenDatabase, id: number, kind: SeriesKind): Recorded {
  const { orm } = database
  const texts: Scalar[] = []
  const places = new Map<string, number>()
  const place = (value: Scalar) => {
    const text = JSON.stringify(value)
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, texts.length)
    return texts.push(value) - 1
  }
  return {
    texts,
    summarisedUntil: orm.select().from(series).where(eq(series.id, id)).get()?.summarisedUntil ?? 0,
    course(from, to) {
      const course = new Course(1_024)
      eachChange(database, { series: id, from, to }, (at, value) => course.push(at, numberOf(value, kind, place)))
      return course
    },
    extent(from, to) {
      const found = orm
        .select({ chunks: sql<number>`count(*)`, changes: sql<number>`coalesce(sum(${chunks.changes}), 0)` })
        .from(chunks)
        .where(within(database, id, { from, to }))
        .get()!
      const [first] = orm
        .select({ since: chunks.since })
        .from(chunks)
        .where(ofSeries(id))
        .orderBy(asc(chunks.id))
        .limit(1)
        .all()
      return { ...found, since: first?.since ?? Number.POSITIVE_INFINITY }
    },
    days(from, to) {
      const key = (at: number) => id * DAYS + Math.max(0, Math.floor(at / DAY))
      const own = and(gte(summaries.id, id * DAYS), lt(summaries.id, key(from)))
      const before = orm.select().from(summaries).where(own).orderBy(desc(summaries.id)).limit(1).all()
      const range = and(gte(summaries.id, key(from)), lt(summaries.id, key(to - 1) + 1))
      return [...before, ...orm.select().from(summaries).where(range).orderBy(asc(summaries.id)).all()].map(row => ({
        start: (row.id - id * DAYS) * DAY,
        hours: row.hours,
        fives: row.fives,
      }))
    },
  }
}

/** Answers a chart. */
export function askHistory(database: OpenDatabase, { series, ask }: { series: number; ask: SeriesAsk }): SeriesAnswer {
  return askSeries(recordedOf(database, series, ask.kind), ask)
}

/** The end of the chunk with which a page is full. */
function endOfPage(database: OpenDatabase, id: number, { from, to, limit }: PageAsk): number {
  const found = database.orm
    .select({ until: chunks.until, changes: chunks.changes })
    .from(chunks)
    .where(within(database, id, { from, to }))
    .orderBy(asc(chunks.id))
    .all()
  let count = 0
  for (const { until, changes } of found) {
    count += changes
    if (count >= limit) return Math.min(to, until + 1)
  }
  return to
}

/** Changes of a range, about `limit` of them. */
export function pageOfHistory(database: OpenDatabase, { series, ask }: { series: number; ask: PageAsk }): SamplePage {
  const to = endOfPage(database, series, ask)
  const recorded = recordedOf(database, series, 'text')
  const course = recorded.course(ask.from, to)
  const at: number[] = []
  const value: Scalar[] = []
  for (let i = course.indexAt(ask.from); i < course.length && course.at[i]! < to; i++) {
    at.push(course.at[i]!)
    value.push(Number.isNaN(course.value[i]!) ? null : recorded.texts[course.value[i]!]!)
  }
  return { at, value, next: to < ask.to ? to : null }
}

/** The series and where the recorder left off. */
export function loadHistory(database: OpenDatabase): StoredHistory {
  const gaps = new Map<number, boolean>()
  const slots = openSlots(database)
  const { first, last } = slots.times()
  let bytes = 0
  for (const batch of slots.batches()) {
    bytes += batch.length
    readBatch(batch, { each: (id, { value }) => void gaps.set(id, value === GAP) })
  }
  const known = database.orm.select().from(series).all()
  return {
    series: known.map(({ id, entity, value, class: name, isGap }) => {
      return { id, entity, value, class: name, isGap: gaps.get(id) ?? isGap }
    }),
    aliveAt: last,
    waiting: { bytes, since: bytes === 0 ? 0 : first },
  }
}

/** The last value of each series, for the restart. */
export function loadValues(database: OpenDatabase): StoredValue[] {
  const last = new Map<number, Pick<StoredValue, 'value' | 'at'>>()
  const known = database.orm.select().from(series).all()
  for (const { id, last: value, lastAt } of known) {
    if (value !== null) last.set(id, { value: fromJson<Scalar>(value), at: lastAt })
  }
  for (const batch of openSlots(database).batches()) {
    readBatch(batch, {
      each(id, { at, value }) {
        if (value !== GAP) last.set(id, { value, at })
      },
    })
  }
  return known.flatMap(({ id, entity, value: name }) => {
    const stands = last.get(id)
    return stands === undefined ? [] : [{ entity, name, ...stands, changedAt: stands.at }]
  })
}

/** Numbers of a value that a start brings back. */
const RECENT = 120

/** The last numbers of each series. */
export function loadPoints(database: OpenDatabase): StoredPoints[] {
  const { orm } = database
  const waiting = new Map<number, [number, number][]>()
  for (const batch of openSlots(database).batches()) {
    readBatch(batch, {
      each(id, { at, value }) {
        if (typeof value !== 'number') return
        const own = waiting.get(id)
        if (own === undefined) waiting.set(id, [[at, value]])
        else own.push([at, value])
      },
    })
  }
  return orm
    .select()
    .from(series)
    .all()
    .flatMap(({ id, entity, value: name }) => {
      const own = waiting.get(id) ?? []
      const recent = [...(own.length < RECENT ? newestChunk(orm, id) : []), ...own].slice(-RECENT)
      if (recent.length === 0) return []
      return [{ entity, name, at: recent.map(([at]) => at), numbers: recent.map(([, number]) => number) }]
    })
}

/** The numbers of the last chunk of a series. */
function newestChunk(orm: OpenDatabase['orm'], id: number): [number, number][] {
  const newest = orm.select().from(chunks).where(ofSeries(id)).orderBy(desc(chunks.id)).limit(1).get()
  if (newest === undefined) return []
  const { kind, at, value } = decodeColumns(newest.samples)
  if (kind !== 'numbers') return []
  return Array.from(at, (time, i): [number, number] => [time, value[i]!]).filter(([, number]) => !Number.isNaN(number))
}

/** Bytes of the file that are in use. */
export function usedBytes({ raw }: OpenDatabase): { used: number; free: number } {
  const number = (pragma: string) => raw.pragma(pragma, { simple: true }) as number
  const free = number('freelist_count')
  const page = number('page_size')
  return { used: (number('page_count') - free) * page, free: free * page }
}

function freeOnDisk({ raw }: OpenDatabase): number | null {
  if (raw.memory) return null
  const { bavail, bsize } = statfsSync(raw.name)
  return bavail * bsize
}

export function spaceOfHistory(database: OpenDatabase): StoredSpace {
  const { orm } = database
  return {
    ...usedBytes(database),
    disk: freeOnDisk(database),
    series: orm
      .select({ id: series.id, bytes: series.bytes, changes: series.changes, since: series.since })
      .from(series)
      .all(),
    days: orm.select().from(usage).orderBy(asc(usage.day)).all(),
  }
}
