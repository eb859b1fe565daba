import { Buckets, evenEdges, type Statistic } from './buckets.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import type { Course } from './course.ts'
import { readNumbers, scaleOf, writeNumbers } from './numbers.ts'

// Statistics of one value and one day (UTC): its hours and its five minutes. A stretch in which nothing changed has no
// row, since the row before it tells the value that held.
//
//   uint n; n times uint place of the stretch in the day - place before; n times uint changes;
//   n times uint (milliseconds in which it was not known) * 4 + 1 if no value held + 2 if none holds at its end;
//   min, max, mean of those with a value; last of those with one; sums of all: columns of numbers.ts

export const DAY = 86_400_000
export const HOUR = 3_600_000
export const FIVE_MINUTES = 300_000

const NONE = 1
const NONE_AT_END = 2

/** A mean is kept to a hundredth of the step of its values. */
const MEAN_DIGITS = 2

function column(to: ByteWriter, values: readonly number[]): void {
  writeNumbers(to, Float64Array.from(values), values.length)
}

function rounded(value: number, digits: number): number {
  const power = 10 ** digits
  const whole = Math.round(value * power)
  return Number.isSafeInteger(whole) ? whole / power : value
}

function encodeRows(buckets: Buckets): Uint8Array<ArrayBuffer> {
  const rows = Array.from(buckets.count.keys()).filter(index => buckets.count[index]! > 0)
  const known = rows.filter(index => !Number.isNaN(buckets.min[index]!))
  const lasting = rows.filter(index => !Number.isNaN(buckets.last[index]!))
  const to = new ByteWriter()
  to.uint(rows.length)
  let before = 0
  for (const index of rows) {
    to.uint(index - before)
    before = index
  }
  for (const index of rows) to.uint(buckets.count[index]!)
  for (const index of rows) {
    const missing = Math.round(buckets.edges[index + 1]! - buckets.edges[index]! - buckets.covered[index]!)
    const none = Number.isNaN(buckets.min[index]!) ? NONE : 0
    to.uint(missing * 4 + none + (Number.isNaN(buckets.last[index]!) ? NONE_AT_END : 0))
  }
  const ends = Float64Array.from([...known.map(i => buckets.min[i]!), ...known.map(i => buckets.max[i]!)])
  const scale = scaleOf(ends, ends.length)
  const mean = (index: number) => {
    const exact = buckets.mean(index)
    return scale === undefined ? exact : rounded(exact, scale + MEAN_DIGITS)
  }
  column(
    to,
    known.map(index => buckets.min[index]!),
  )
  column(
    to,
    known.map(index => buckets.max[index]!),
  )
  column(to, known.map(mean))
  column(
    to,
    lasting.map(index => buckets.last[index]!),
  )
  column(
    to,
    rows.map(index => buckets.sum(index)),
  )
  return to.toBytes()
}

/** The statistics of a day, as they are stored; null when nothing changed in it. The course begins before the day. */
export function summariseDay(
  course: Course,
  start: number,
): { hours: Uint8Array<ArrayBuffer>; fives: Uint8Array<ArrayBuffer> } | null {
  const rows = (width: number) => {
    const buckets = new Buckets(evenEdges({ from: start, width, count: DAY / width }))
    buckets.fill(course, { from: start, until: start + DAY })
    return buckets
  }
  const hours = rows(HOUR)
  if (hours.count.every(count => count === 0)) return null
  return { hours: encodeRows(hours), fives: encodeRows(rows(FIVE_MINUTES)) }
}

/** Calls `visit` for each stored stretch of a day, with its place in the day. The object is one and the same. */
export function readRows(bytes: Uint8Array, width: number, visit: (place: number, row: Statistic) => void): void {
  const from = new ByteReader(bytes)
  const length = from.uint()
  let place = 0
  const places = Array.from({ length }, () => (place += from.uint()))
  const counts = Array.from({ length }, () => from.uint())
  const flags = Array.from({ length }, () => from.uint())
  const known = flags.filter(flag => (flag & NONE) === 0).length
  const lasting = flags.filter(flag => (flag & NONE_AT_END) === 0).length
  const [min, max, mean] = [readNumbers(from, known), readNumbers(from, known), readNumbers(from, known)]
  const last = readNumbers(from, lasting)
  const sum = readNumbers(from, length)
  const row: Statistic = { count: 0, covered: 0, min: 0, max: 0, mean: 0, last: 0, sum: 0 }
  for (let i = 0, k = 0, l = 0; i < length; i++) {
    const flag = flags[i]!
    row.count = counts[i]!
    row.sum = sum[i]!
    row.covered = width - Math.floor(flag / 4)
    const isKnown = (flag & NONE) === 0
    row.min = isKnown ? min[k]! : Number.NaN
    row.max = isKnown ? max[k]! : Number.NaN
    row.mean = isKnown ? mean[k++]! : Number.NaN
    row.last = (flag & NONE_AT_END) === 0 ? last[l++]! : Number.NaN
    visit(places[i]!, row)
  }
}
