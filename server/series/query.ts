import { Buckets, evenEdges } from './buckets.ts'
import type { Course } from './course.ts'
import { FIVE_MINUTES, HOUR, readRows } from './day.ts'
import type { Scalar } from './sample.ts'

/** Changes that are looked at one by one for one answer, and chunks that are opened; beyond, statistics answer. */
const MAX_RAW = 250_000
const MAX_CHUNKS = 600

export type SeriesKind = 'number' | 'bool' | 'text'
/** What an answer was made of: every change, or statistics of five minutes or hours. */
export type Grain = 'raw' | '5m' | 'hour'

/** One day's statistics as they are stored. */
export interface StoredDay {
  /** Where it begins, UTC, milliseconds. */
  readonly start: number
  readonly hours: Uint8Array
  readonly fives: Uint8Array
}

/** What is recorded of one value. Times are wall-clock milliseconds, ranges without their end. */
export interface Recorded {
  /** Every change of the range, behind the last one before it. Texts are places in `texts`. */
  course(from: number, to: number): Course
  /** Filled by `course`, for what is no number and no boolean. */
  readonly texts: readonly Scalar[]
  /** About how much `course` would read, and since when changes are kept. */
  extent(from: number, to: number): { changes: number; chunks: number; since: number }
  /** Days before this one have their statistics. */
  readonly summarisedUntil: number
  /** The days that overlap the range and the one before, as far as something changed in them. */
  days(from: number, to: number): readonly StoredDay[]
}

export interface SeriesAsk {
  readonly kind: SeriesKind
  readonly from: number
  readonly to: number
  /** Nothing is known beyond it. */
  readonly now: number
  /** The most points of the answer. */
  readonly points: number
  /** `auto` takes what fits into `points`. */
  readonly grain: Grain | 'auto'
  /** Stretches of their own instead of even ones: where each begins, and where the last one ends. */
  readonly edges?: readonly number[]
}

/**
 * A course in columns. `value` holds what is known from `at` on, null where nothing is; with a `width` above 0 each is the
 * mean of as many milliseconds (0 also for stretches of unequal length), beside its band.
 */
export interface SeriesAnswer {
  readonly grain: Grain
  readonly width: number
  readonly at: readonly number[]
  readonly value: readonly Scalar[]
  readonly band: {
    readonly min: readonly (number | null)[]
    readonly max: readonly (number | null)[]
    /** What a counter counted. */
    readonly sum: readonly number[]
    /** Changes. */
    readonly count: readonly number[]
  } | null
}

/** Answers with every change when there are few, else with bands of equal width; of texts, with those that held longest. */
export function askSeries(recorded: Recorded, ask: SeriesAsk): SeriesAnswer {
  // What changed this very moment is known.
  const until = Math.min(ask.to, ask.now + 1)
  if (ask.edges !== undefined) return banded(recorded, { ...ask, until }, Float64Array.from(ask.edges))
  const { from, to } = ask
  if (ask.grain === '5m' || ask.grain === 'hour') return banded(recorded, { ...ask, until }, gridOf(ask, ask.grain))
  const { changes, chunks, since } = recorded.extent(from, until)
  const isKept = since <= from || recorded.days(from, Math.min(until, since)).length === 0
  if (ask.kind === 'text' || ask.grain === 'raw' || (isKept && changes <= MAX_RAW && chunks <= MAX_CHUNKS)) {
    const course = recorded.course(from, until)
    const first = firstIndex(course, from)
    if (course.indexAt(until) - first <= ask.points) return everyChange(recorded, { ...ask, until }, course)
    const edges = evenEdges({ from, width: (to - from) / ask.points, count: ask.points })
    if (ask.kind === 'text') return longest(recorded, { until, edges }, course)
    const buckets = new Buckets(edges)
    buckets.fill(course, { from, until })
    return answerOf(buckets, 'raw')
  }
  const grain = (to - from) / ask.points >= HOUR ? 'hour' : '5m'
  return banded(recorded, { ...ask, until }, gridOf(ask, grain))
}

type Asked = SeriesAsk & { readonly until: number }

/** Stretches that begin on whole hours or five minutes, as few of them as `points` allows. */
function gridOf({ from, to, points }: SeriesAsk, grain: '5m' | 'hour'): Float64Array {
  const unit = grain === 'hour' ? HOUR : FIVE_MINUTES
  const start = Math.floor(from / unit) * unit
  const width = Math.max(1, Math.ceil((to - start) / points / unit)) * unit
  return evenEdges({ from: start, width, count: Math.max(1, Math.ceil((to - start) / width)) })
}

/** Statistics of the days that have them, changes of the rest. */
function banded(recorded: Recorded, ask: Asked, edges: Float64Array): SeriesAnswer {
  const buckets = new Buckets(edges)
  const [start, end] = [edges[0]!, edges.at(-1)!]
  const isHourly = edges.every(edge => edge % HOUR === 0)
  const width = isHourly ? HOUR : FIVE_MINUTES
  const split = Math.min(Math.max(recorded.summarisedUntil, start), end, ask.until)
  let held = Number.NaN
  let reading = Number.NaN
  let since = start
  if (split > start) {
    for (const day of recorded.days(start, split)) {
      readRows(isHourly ? day.hours : day.fives, width, (place, row) => {
        const at = day.start + place * width
        if (at >= split) return
        if (at > since) buckets.hold(held, since, at)
        buckets.merge(at, row)
        held = row.last
        if (!Number.isNaN(held)) reading = held
        since = Math.max(start, at + width)
      })
    }
    if (since < split) buckets.hold(held, since, split)
  }
  if (split < ask.until) buckets.fill(recorded.course(split, ask.until), { from: split, until: ask.until, reading })
  return answerOf(buckets, isHourly ? 'hour' : '5m')
}

function firstIndex(course: Course, from: number): number {
  const index = course.indexAt(from)
  // What held at the beginning.
  return index > 0 && course.at[index] !== from ? index - 1 : index
}

function valueOf(recorded: Recorded, kind: SeriesKind): (number: number) => Scalar {
  return number => {
    if (Number.isNaN(number)) return null
    return kind === 'number' ? number : kind === 'bool' ? number === 1 : recorded.texts[number]!
  }
}

function everyChange(recorded: Recorded, { kind, from, until }: Asked, course: Course): SeriesAnswer {
  const at: number[] = []
  const value: Scalar[] = []
  const toValue = valueOf(recorded, kind)
  for (let i = firstIndex(course, from); i < course.length && course.at[i]! < until; i++) {
    at.push(Math.max(from, course.at[i]!))
    value.push(toValue(course.value[i]!))
  }
  return { grain: 'raw', width: 0, at, value, band: null }
}

/** Of each stretch, what held for most of it. */
function longest(recorded: Recorded, asked: { until: number; edges: Float64Array }, course: Course): SeriesAnswer {
  const { edges, until } = asked
  const length = edges.length - 1
  const times = Array.from({ length }, () => new Map<number, number>())
  let bucket = 0
  for (let i = 0; i < course.length; i++) {
    let at = Math.max(course.at[i]!, edges[0]!)
    const end = Math.min(course.at[i + 1] !== undefined && i + 1 < course.length ? course.at[i + 1]! : until, until)
    while (at < end && bucket < length) {
      while (bucket < length - 1 && edges[bucket + 1]! <= at) bucket++
      const stop = Math.min(end, edges[bucket + 1]!)
      if (stop <= at) break
      times[bucket]!.set(course.value[i]!, (times[bucket]!.get(course.value[i]!) ?? 0) + stop - at)
      at = stop
    }
  }
  const toValue = valueOf(recorded, 'text')
  const value = times.map(held => {
    const [most] = [...held].toSorted(([, a], [, b]) => b - a)
    return most === undefined ? null : toValue(most[0])
  })
  return { grain: 'raw', width: edges[1]! - edges[0]!, at: Array.from(edges.subarray(0, length)), value, band: null }
}

function answerOf(buckets: Buckets, grain: Grain): SeriesAnswer {
  const { edges, length } = buckets
  const width = edges[1]! - edges[0]!
  const isEven = Math.abs(edges[length]! - edges[0]! - width * length) < 1
  const known = (value: number) => (Number.isNaN(value) ? null : value)
  const numbers = (each: (index: number) => number | null) => Array.from({ length }, (_, index) => each(index))
  return {
    grain,
    width: isEven ? width : 0,
    at: Array.from(edges.subarray(0, length)),
    value: numbers(index => known(buckets.mean(index))),
    band: {
      min: numbers(index => known(buckets.min[index]!)),
      max: numbers(index => known(buckets.max[index]!)),
      sum: numbers(index => buckets.sum(index)) as number[],
      count: Array.from(buckets.count),
    },
  }
}
