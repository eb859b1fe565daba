import type { Json } from '#kernel'

/** The third truth value: what nobody knows. Never acts, and neither does its negation. */
export const UNKNOWN: unique symbol = Symbol('unknown')
export type Unknown = typeof UNKNOWN

/** A point in time, wall-clock milliseconds. */
export class Instant {
  readonly at: number
  constructor(at: number) {
    this.at = at
  }
}

/** A length of time, milliseconds. */
export class Duration {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** A time of day, milliseconds after midnight. */
export class TimeOfDay {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** A day of the calendar. */
export class CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
  constructor(year: number, month: number, day: number) {
    this.year = year
    this.month = month
    this.day = day
  }
}

/** `22:00..06:00`, `1..5`: both ends included for numbers, the later one excluded for times; times wrap over midnight. */
export class Range {
  readonly from: Result
  readonly to: Result
  constructor(from: Result, to: Result) {
    this.from = from
    this.to = to
  }
}

/** A thing of the house that an environment hands out; the language itself only passes it on. */
export class Thing {
  readonly name: string
  readonly target: unknown
  constructor(name: string, target: unknown) {
    this.name = name
    this.target = target
  }
}

export interface ResultMap {
  readonly [key: string]: Result
}

/** What an expression can come to. */
export type Result =
  | boolean
  | number
  | string
  | null
  | Unknown
  | Instant
  | Duration
  | TimeOfDay
  | CalendarDay
  | Range
  | Thing
  | readonly Result[]
  | ResultMap

/** Whether a result is a map: a plain object, not one of the value classes. */
export function isMap(value: Result): value is ResultMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export function isList(value: Result): value is readonly Result[] {
  return Array.isArray(value)
}

/** An own key of a map; what it inherits does not exist. */
export function own(map: ResultMap, key: string): Result | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

/** What kind of value it is, in the words of messages. */
export function kindOf(value: Result): string {
  if (value === UNKNOWN) return 'unknown'
  if (value === null) return 'none'
  if (typeof value === 'boolean') return 'truth value'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (value instanceof Instant) return 'instant'
  if (value instanceof Duration) return 'duration'
  if (value instanceof TimeOfDay) return 'time'
  if (value instanceof CalendarDay) return 'date'
  if (value instanceof Range) return 'range'
  if (value instanceof Thing) return 'device'
  return isList(value) ? 'list' : 'map'
}

/** Whether two results are the same value; `UNKNOWN` must have been dealt with before. */
export function sameResult(a: Result, b: Result): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Instant) return b instanceof Instant && a.at === b.at
  if (a instanceof Duration) return b instanceof Duration && a.ms === b.ms
  if (a instanceof TimeOfDay) return b instanceof TimeOfDay && a.ms === b.ms
  if (a instanceof CalendarDay)
    return b instanceof CalendarDay && a.year === b.year && a.month === b.month && a.day === b.day
  if (a instanceof Thing) return b instanceof Thing && a.target === b.target
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameResult(item, b[i]!))
  if (!isMap(a) || !isMap(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => own(b, key) !== undefined && sameResult(a[key]!, b[key]!))
  )
}

const two = (n: number) => String(n).padStart(2, '0')

/** A time of day as text, `22:30`, with seconds when there are any. */
export function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`
}

const DURATION_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** A duration as text, `1h 30min`. */
export function durationText(ms: number): string {
  let rest = Math.abs(Math.round(ms))
  const parts: string[] = []
  for (const [unit, size] of DURATION_UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.length === 0 ? '0s' : `${ms < 0 ? '-' : ''}${parts.slice(0, 2).join(' ')}`
}

/** A result as JSON: what a payload, a trace or a continuation holds. */
export function toJson(value: Result): Json {
  if (value === UNKNOWN) return null
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(toJson)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]))
  return toText(value)
}

/** A result as people read it in a message. */
export function toText(value: Result): string {
  if (value === UNKNOWN) return 'unknown'
  if (value === null) return 'none'
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  if (value instanceof Instant) return new Date(value.at).toISOString()
  if (value instanceof Duration) return durationText(value.ms)
  if (value instanceof TimeOfDay) return timeText(value.ms)
  if (value instanceof CalendarDay) return `${value.year}-${two(value.month)}-${two(value.day)}`
  if (value instanceof Range) return `${toText(value.from)}..${toText(value.to)}`
  if (value instanceof Thing) return value.name
  return JSON.stringify(toJson(value))
}
