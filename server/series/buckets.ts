import { counted } from './counter.ts'
import type { Course } from './course.ts'

/** What is known of a stretch of time. */
export interface Statistic {
  /** Changes in it. */
  count: number
  /** Milliseconds of it in which the value was known. */
  covered: number
  /** Least and greatest value that held in it, NaN when none did. */
  min: number
  max: number
  /** Mean over the time in which the value was known. */
  mean: number
  /** The value at its end, NaN when it is not known. */
  last: number
  /** What a counter counted in it. */
  sum: number
}

/**
 * Stretches of time and what is known of each: what is fed into them comes in order of time. A value holds until the next
 * one, so its mean is weighted by time and a stretch without a change has the value that came into it.
 */
export class Buckets {
  /** Where each begins, and where the last one ends. */
  readonly edges: Float64Array
  readonly count: Uint32Array
  readonly covered: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  readonly #sum: Float64Array
  readonly #area: Float64Array
  #cursor = 0

  constructor(edges: Float64Array) {
    const length = edges.length - 1
    this.edges = edges
    this.count = new Uint32Array(length)
    this.covered = new Float64Array(length)
    this.min = new Float64Array(length).fill(Number.NaN)
    this.max = new Float64Array(length).fill(Number.NaN)
    this.last = new Float64Array(length).fill(Number.NaN)
    this.#sum = new Float64Array(length)
    this.#area = new Float64Array(length)
  }

  get length(): number {
    return this.count.length
  }

  /** The value that holds from `start` to `end`. NaN ends what held before. */
  hold(value: number, start: number, end: number): void {
    const { edges, length } = this
    const until = Math.min(end, edges[length]!)
    let from = Math.max(start, edges[0]!)
    if (until < from || from >= edges[length]!) return
    let index = this.#seek(from)
    do {
      const stop = Math.min(until, edges[index + 1]!)
      this.last[index] = value
      if (!Number.isNaN(value)) {
        this.#widen(index, value, value)
        this.#area[index]! += value * (stop - from)
        this.covered[index]! += stop - from
      }
      from = stop
      index++
    } while (from < until)
  }

  /** A change at a time, and what a counter counted with it. */
  change(at: number, sum: number): void {
    if (at < this.edges[0]! || at >= this.edges[this.length]!) return
    const index = this.#seek(at)
    this.count[index]!++
    this.#sum[index]! += sum
  }

  /** What is known of a shorter stretch that begins at `at`. */
  merge(at: number, from: Statistic): void {
    if (at < this.edges[0]! || at >= this.edges[this.length]!) return
    const index = this.#seek(at)
    this.count[index]! += from.count
    this.#sum[index]! += from.sum
    this.last[index] = from.last
    if (Number.isNaN(from.min)) return
    this.#widen(index, from.min, from.max)
    this.covered[index]! += from.covered
    this.#area[index]! += from.mean * from.covered
  }

  /** A course from `from` on; its last value holds until `until`. `reading`: of a counter, before the course begins. */
  fill(course: Course, { from, until, reading = Number.NaN }: { from: number; until: number; reading?: number }): void {
    let before = reading
    for (let i = 0; i < course.length && course.at[i]! < until; i++) {
      const value = course.value[i]!
      const at = course.at[i]!
      const end = i + 1 < course.length ? Math.min(course.at[i + 1]!, until) : until
      const isKnown = !Number.isNaN(value)
      if (end > from || at >= from) this.hold(value, Math.max(at, from), end)
      if (at >= from) this.change(at, isKnown ? counted(before, value) : 0)
      if (isKnown) before = value
    }
  }

  /** Mean of a bucket, NaN when nothing is known of it. */
  mean(index: number): number {
    const covered = this.covered[index]!
    // A value that held for less than a millisecond was there all the same.
    return covered > 0 ? this.#area[index]! / covered : this.min[index]!
  }

  /** What a counter counted in a bucket; without the error of adding decimals, which lies far behind their last digit. */
  sum(index: number): number {
    return Math.round(this.#sum[index]! * 1e6) / 1e6
  }

  #widen(index: number, low: number, high: number): void {
    if (!(this.min[index]! <= low)) this.min[index] = low
    if (!(this.max[index]! >= high)) this.max[index] = high
  }

  #seek(time: number): number {
    let index = time < this.edges[this.#cursor]! ? 0 : this.#cursor
    while (time >= this.edges[index + 1]!) index++
    this.#cursor = index
    return index
  }
}

/** `count` stretches of the same length. */
export function evenEdges({ from, width, count }: { from: number; width: number; count: number }): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, i) => from + i * width)
}
