import type { HistoryJson } from '#api'

/** How one value went over a range, as charts draw it. */
export interface Course {
  /** From when each value holds, oldest first. */
  readonly at: readonly number[]
  readonly values: HistoryJson['values']
  /** Of bands: lowest and highest. */
  readonly min: HistoryJson['min']
  readonly max: HistoryJson['max']
  /** Of a counter: what each band counted. */
  readonly sum: HistoryJson['sum']
  /** Milliseconds of each band; 0: single changes, or days. */
  readonly width: number
  /** Until when it was asked for; Infinity for what goes on. */
  readonly until: number
  /** Each point stands for a stretch, not for a change. */
  readonly isBanded: boolean
}

type Told = Pick<HistoryJson, 'at' | 'values' | 'min' | 'max' | 'sum' | 'width'>

/** @param shift milliseconds by which all of it is shown later: what was before, laid over what is. */
export function toCourse(
  { at, values, min, max, sum, width }: Told,
  { shift = 0, until = Infinity }: { shift?: number; until?: number } = {},
): Course {
  const isBanded = width > 0 || min !== undefined
  return { at: shift === 0 ? at : at.map(each => each + shift), values, min, max, sum, width, until, isBanded }
}

/** Until when anything is known of it. */
export const endOf = ({ until }: Pick<Course, 'until'>, now: number): number => Math.min(until, now)

/** With a change that has just been told. It is its own lowest and highest. */
export function append(course: Course, at: number, value: Course['values'][number]): Course {
  // What a counter counted is put together by the hub.
  if (course.sum !== undefined || at < (course.at.at(-1) ?? -Infinity)) return course
  const number = typeof value === 'number' ? value : null
  return {
    ...course,
    at: [...course.at, at],
    values: [...course.values, value],
    min: course.min && [...course.min, number],
    max: course.max && [...course.max, number],
  }
}

/** The place of the last point at or before a moment; −1 before the first. */
export function indexAt({ at }: Pick<Course, 'at'>, moment: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (at[middle]! <= moment) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** What held at a moment; null where nothing is known. */
export function valueAt(course: Course, moment: number): Course['values'][number] {
  const index = indexAt(course, moment)
  return index < 0 ? null : (course.values[index] ?? null)
}

/** A stretch in which nothing is known, after something was. */
export interface Gap {
  readonly from: number
  readonly to: number
  /** The figures on its two sides, where there are any. */
  readonly sides: readonly number[]
}

/** Stretches without knowledge, each behind what is known; the last one may go on. */
export function gapsOf(course: Course, now: number): Gap[] {
  const { at, values } = course
  const until = endOf(course, now)
  const gaps: Gap[] = []
  let since: number | null = null
  let before: Course['values'][number] | undefined
  for (let index = 0; index <= at.length; index++) {
    const value = values[index] ?? null
    const isEnd = index === at.length
    if (value === null && !isEnd) {
      if (before !== undefined) since ??= at[index]!
      continue
    }
    const to = isEnd ? until : at[index]!
    if (since !== null && to > since)
      gaps.push({ from: since, to, sides: [before, value].filter(side => typeof side === 'number') })
    since = null
    before = value
  }
  return gaps
}

export interface Summary {
  readonly low: number
  readonly high: number
  /** Weighted by how long each value held. */
  readonly mean: number
  readonly last: number | null
  /** What a counter counted. */
  readonly sum: number
  /** Milliseconds without knowledge. */
  readonly silent: number
}

/** The course of a number in figures; null when nothing is known of it. */
export function summarise(course: Course, now: number): Summary | null {
  const until = endOf(course, now)
  let [low, high, weighed, known, sum] = [Infinity, -Infinity, 0, 0, 0]
  course.values.forEach((value, index) => {
    if (typeof value !== 'number') return
    const length = Math.max(1, (course.at[index + 1] ?? until) - course.at[index]!)
    low = Math.min(low, course.min?.[index] ?? value)
    high = Math.max(high, course.max?.[index] ?? value)
    weighed += value * length
    known += length
  })
  for (const each of course.sum ?? []) sum += each
  if (known === 0) return null
  const last = course.values.at(-1)
  const silent = gapsOf(course, until).reduce((whole, { from, to }) => whole + to - from, 0)
  return { low, high, mean: weighed / known, last: typeof last === 'number' ? last : null, sum, silent }
}
