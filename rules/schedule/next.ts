import type { LocalTime, Weekday } from '../format/rule.ts'
import { DAY, type Zone } from './zone.ts'

// When a schedule falls due. `every` runs on elapsed time from each local midnight when it divides a day, so that on
// the two nights of the clock change `every: 30min` keeps its 30 minutes; other periods count from 1970-01-01T00:00Z.

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
// A week, the day before (its last moment may have been moved over midnight by a gap), and the days around a gap.
const DAYS = 10

/** Fixed times of day on days of the week. */
export interface Times {
  /** Ascending. */
  readonly times: readonly LocalTime[]
  readonly days: readonly Weekday[]
}

export interface Period {
  readonly every: number
  readonly offset: number
}

const ofDay = ({ hour, minute, second }: LocalTime) => ((hour * 60 + minute) * 60 + second) * 1000
const dayOf = (local: number) => Math.floor(local / DAY)
// 1970-01-01 was a Thursday.
const weekdayOf = (day: number) => WEEKDAYS[(((day + 4) % 7) + 7) % 7]!

/** The first moment after `after` (not at it), or null when `days` or `times` is empty. */
export function nextAt({ times, days }: Times, after: number, zone: Zone): number | null {
  const today = dayOf(zone.toLocal(after))
  for (let day = today - 1; day < today + DAYS; day++) {
    if (!days.includes(weekdayOf(day))) continue
    for (const time of times) {
      const instant = zone.toInstant(day * DAY + ofDay(time))
      if (instant > after) return instant
    }
  }
  return null
}

/** The last moment not after `at`, or null when `days` or `times` is empty. */
export function lastAt({ times, days }: Times, at: number, zone: Zone): number | null {
  const today = dayOf(zone.toLocal(at))
  for (let day = today + 1; day > today - DAYS; day--) {
    if (!days.includes(weekdayOf(day))) continue
    for (const time of times.toReversed()) {
      const instant = zone.toInstant(day * DAY + ofDay(time))
      if (instant <= at) return instant
    }
  }
  return null
}

const firstAfter = ({ every, offset }: Period, start: number, after: number) =>
  start + offset + Math.max(0, Math.floor((after - start - offset) / every) + 1) * every

/** The first moment of a period after `after` (not at it). */
export function nextEvery(period: Period, after: number, zone: Zone): number {
  if (DAY % period.every !== 0) {
    const { every, offset } = period
    return (Math.floor((after - offset) / every) + 1) * every + offset
  }
  for (let day = dayOf(zone.toLocal(after)); ; day++) {
    const end = zone.toInstant((day + 1) * DAY)
    if (end <= after) continue
    const moment = firstAfter(period, zone.toInstant(day * DAY), after)
    if (moment < end) return moment
  }
}
