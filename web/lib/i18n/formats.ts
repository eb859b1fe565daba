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

/** Numbers, times and durations for people, by Intl, in one region's habits. All times are milliseconds since 1970. */
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
  /** `14:20`, `yesterday 14:20`, `tomorrow 14:20`, `3 Mar, 14:20`: as short as it is plain at `now`. */
  moment(at: number, now: number): string
  /** Date and time in full, for where exactness is asked. */
  exact(at: number): string
  /** `40 s`, `25 min`, `3 h`, `2 days`: the largest whole unit. */
  duration(milliseconds: number): string
  /** `just now`, `25 min ago`. */
  ago(at: number, now: number): string
  /** `a, b and c` */
  list(items: readonly string[]): string
}

export function createFormats(region: string, words: typeof english): Formats {
  const numbers = new Map<string, Intl.NumberFormat>()
  const time = new Intl.DateTimeFormat(region, { hour: '2-digit', minute: '2-digit' })
  const second = new Intl.DateTimeFormat(region, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const instant = new Intl.DateTimeFormat(region, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
  const day = new Intl.DateTimeFormat(region, { weekday: 'long', day: 'numeric', month: 'long' })
  const shortDay = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short' })
  const exact = new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'medium' })
  const list = new Intl.ListFormat(region, { type: 'conjunction' })

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
    time: at => time.format(at),
    second: at => second.format(at),
    instant: at => instant.format(at),
    day: at => day.format(at).replace(',', ''),
    moment(at, now) {
      const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
      if (days === 0) return time.format(at)
      if (days === 1) return words.yesterday(time.format(at))
      if (days === -1) return words.tomorrow(time.format(at))
      return words.dayAndTime(shortDay.format(at), time.format(at))
    },
    exact: at => exact.format(at),
    duration,
    ago: (at, now) => (now - at < 10 * SECOND ? words.justNow : words.ago(duration(now - at))),
    list: items => list.format(items),
  }
}

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)
