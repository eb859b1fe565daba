import type { formats as english } from './en/formats.ts'

/** A number as it is shown: the figure, and the unit set smaller beside it. `°` stays close to its figure. */
export interface Figure {
  readonly figure: string
  readonly unit: string
  readonly isClose: boolean
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Digits after the point that a unit deserves; others get as many as keep three figures. */
const DIGITS: Readonly<Record<string, number>> = {
  '°C': 1,
  '°F': 1,
  K: 0,
  '%': 0,
  lx: 0,
  ppm: 0,
  ppb: 0,
  V: 0,
  dBm: 0,
  '°': 0,
}

/** Units whose digits after the point are always shown, so that figures of one kind look alike. */
const FIXED = new Set(['°C', '°F'])

const digitsOf = (value: number, unit: string) => {
  const fixed = DIGITS[unit]
  if (fixed !== undefined) return fixed
  const size = Math.abs(value)
  return size >= 100 ? 0 : size >= 10 ? 1 : 2
}

/** How a moment is written, each built when it is first asked for. */
const MOMENTS = {
  time: { hour: '2-digit', minute: '2-digit' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  instant: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  shortDay: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'short', day: 'numeric' },
  month: { month: 'short' },
  year: { year: 'numeric' },
  dayAndTime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  exact: { dateStyle: 'medium', timeStyle: 'medium' },
  exactInZone: { dateStyle: 'medium', timeStyle: 'long' },
  clock: { dateStyle: 'short', timeStyle: 'short' },
} satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

/**
 * Numbers, times and durations for people, by Intl, in one region's habits and in the house's time zone. All times are
 * milliseconds since 1970.
 */
export interface Formats {
  number(value: number, digits?: number): string
  /** A measured value with its unit: true minus, thousands by region, no zeros beyond what the unit deserves. */
  figure(value: number, unit?: string): Figure
  /** `18:04` */
  time(at: number): string
  /** `18:04:12` */
  second(at: number): string
  /** `18:04:12.520` */
  instant(at: number): string
  /** `Thursday 22 January` */
  day(at: number): string
  /** `22 Jan` */
  shortDay(at: number): string
  /** `Thu 22` */
  weekday(at: number): string
  /** `Feb`; of January the year. */
  month(at: number): string
  /** `Thu 22 Jan, 18:04` */
  dayAndTime(at: number): string
  /** `14:20`, `yesterday 14:20`, `tomorrow 14:20`, `3 Mar, 14:20`: as short as it is plain at `now`. */
  moment(at: number, now: number): string
  /** Date and time in full, for where exactness is asked; with the zone where this browser's clock shows another time. */
  exact(at: number): string
  /** Where the house's clock shows something else than this browser's: its zone, and what the browser's shows. */
  elsewhere(at: number): { place: string; here: string } | null
  /** `40 s`, `25 min`, `3 h`, `2 days`: the largest whole unit. */
  duration(milliseconds: number): string
  /** `just now`, `25 min ago`. */
  ago(at: number, now: number): string
  /** `a, b and c` */
  list(items: readonly string[]): string
}

/** @param zone IANA name of the zone that times are told in; the browser's while it is undefined. */
export function createFormats(
  region: string,
  words: typeof english,
  zone: () => string | undefined = () => undefined,
): Formats {
  const numbers = new Map<string, Intl.NumberFormat>()
  const moments = new Map<string, Intl.DateTimeFormat>()
  const list = new Intl.ListFormat(region, { type: 'conjunction' })

  function inZone(timeZone: string | undefined, kind: keyof typeof MOMENTS, at: number): string {
    const key = `${kind} ${timeZone ?? ''}`
    let format = moments.get(key)
    if (!format) moments.set(key, (format = new Intl.DateTimeFormat(region, { ...MOMENTS[kind], timeZone })))
    return format.format(at)
  }
  const write = (kind: keyof typeof MOMENTS, at: number) => inZone(zone(), kind, at)

  const isElsewhere = (at: number) => write('clock', at) !== inZone(undefined, 'clock', at)

  /** Days since 1970 on the house's calendar. */
  function dayNumber(at: number): number {
    const key = `number ${zone() ?? ''}`
    let format = moments.get(key)
    // Sweden writes 2026-01-22.
    if (!format) moments.set(key, (format = new Intl.DateTimeFormat('sv', { timeZone: zone() })))
    return Date.parse(format.format(at)) / DAY
  }

  function number(value: number, digits = 2, isFixed = false): string {
    const key = `${digits} ${isFixed}`
    let format = numbers.get(key)
    if (!format) {
      const least = isFixed ? { minimumFractionDigits: digits } : {}
      numbers.set(key, (format = new Intl.NumberFormat(region, { maximumFractionDigits: digits, ...least })))
    }
    // Rounding may leave a minus before a bare zero.
    return format
      .format(value)
      .replace(/^-(?=[0.,]*$)/, '')
      .replace('-', '−')
  }

  function duration(milliseconds: number): string {
    const length = Math.max(0, milliseconds)
    if (length < MINUTE) return words.seconds(number(Math.floor(length / SECOND)))
    if (length < HOUR) return words.minutes(number(Math.floor(length / MINUTE)))
    if (length < 2 * DAY) return words.hours(number(Math.floor(length / HOUR)))
    const days = Math.floor(length / DAY)
    return words.days(number(days), days === 1)
  }

  return {
    number: (value, digits) => number(value, digits),
    figure(value, unit = '') {
      const isDegree = unit === '°C' || unit === '°F' || unit === '°'
      const figure = number(value, digitsOf(value, unit), FIXED.has(unit))
      return { figure, unit: isDegree ? '°' : unit, isClose: isDegree }
    },
    time: at => write('time', at),
    second: at => write('second', at),
    instant: at => write('instant', at),
    day: at => write('day', at).replace(',', ''),
    shortDay: at => write('shortDay', at),
    weekday: at => write('weekday', at),
    month: at => (inZone(zone(), 'month', at) === inZone('UTC', 'month', 0) ? write('year', at) : write('month', at)),
    dayAndTime: at => write('dayAndTime', at),
    moment(at, now) {
      const days = dayNumber(now) - dayNumber(at)
      if (days === 0) return write('time', at)
      if (days === 1) return words.yesterday(write('time', at))
      if (days === -1) return words.tomorrow(write('time', at))
      return words.dayAndTime(write('shortDay', at), write('time', at))
    },
    exact: at => write(isElsewhere(at) ? 'exactInZone' : 'exact', at),
    elsewhere: at => (isElsewhere(at) ? { place: placeOf(zone() ?? ''), here: inZone(undefined, 'time', at) } : null),
    duration,
    ago: (at, now) => (now - at < 10 * SECOND ? words.justNow : words.ago(duration(now - at))),
    list: items => list.format(items),
  }
}

/** `Buenos Aires` of `America/Argentina/Buenos_Aires`. */
const placeOf = (zone: string) => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
