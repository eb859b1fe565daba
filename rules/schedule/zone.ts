// Local time and instants of one time zone. The policy of the house for fixed times:
//   gap (02:30 on 2026-03-29 in Europe/Berlin does not exist)   -> the first instant after it, 03:00
//   overlap (02:30 on 2026-10-25 comes twice)                   -> the first of the two
// A local time is a number like an instant: milliseconds from 1970-01-01T00:00 to that date and time of day, as if
// there were no zones.

/** One time zone. Instants are wall-clock milliseconds since 1970-01-01T00:00Z. */
export interface Zone {
  readonly name: string
  /** The local time at an instant. */
  toLocal(instant: number): number
  /** When a local time begins. Grows with `local`. */
  toInstant(local: number): number
}

export const DAY = 86_400_000

// How far a local time taken for an instant can be from the real one: offsets lie between -12 h and +14 h.
const EARLIEST = 15 * 3_600_000
const LATEST = 13 * 3_600_000
// Two changes of one zone are weeks apart (Ramadan breaks are the shortest).
const STEP = 3 * DAY
const STEPS_BACK = 5
const STEPS_AHEAD = 30

/** A stretch of time in which the offset does not change; both ends may be nearer than the next change. */
interface Span {
  readonly from: number
  readonly until: number
  readonly offset: number
}

const FIELDS = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** Milliseconds that local time is ahead of UTC, asked of the platform; about 6 µs. */
function createOffsets(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: name, hourCycle: 'h23', calendar: 'gregory' })
  return instant => {
    const whole = Math.floor(instant / 1000) * 1000
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(whole)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole
  }
}

/** The first instant with another offset than `from` has; `to` has one. Changes happen on whole seconds. */
function findChange(offsetAt: (instant: number) => number, { from, to }: { from: number; to: number }): number {
  const before = offsetAt(from)
  let low = Math.floor(from / 1000)
  let high = Math.ceil(to / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * 1000) === before) low = middle
    else high = middle
  }
  return high * 1000
}

function findSpan(offsetAt: (instant: number) => number, instant: number): Span {
  const offset = offsetAt(instant)
  let from = instant
  for (let i = 0; i < STEPS_BACK; i++) {
    if (offsetAt(from - STEP) !== offset) {
      from = findChange(offsetAt, { from: from - STEP, to: from })
      break
    }
    from -= STEP
  }
  let until = instant
  for (let i = 0; i < STEPS_AHEAD; i++) {
    if (offsetAt(until + STEP) !== offset)
      return { from, until: findChange(offsetAt, { from: until, to: until + STEP }), offset }
    until += STEP
  }
  return { from, until, offset }
}

/**
 * A zone by its IANA name. The present offset and its next change are kept, so that asking about times around
 * those asked last is arithmetic.
 * @throws RangeError for a name that the platform does not know.
 */
export function createZone(name: string): Zone {
  const offsetAt = createOffsets(name)
  let span: Span = { from: 0, until: 0, offset: 0 }

  const offsetOf = (instant: number): number => {
    if (instant < span.from || instant >= span.until) span = findSpan(offsetAt, instant)
    return span.offset
  }

  const nearChange = (local: number): number => {
    const before = offsetAt(local - EARLIEST)
    const after = offsetAt(local + LATEST)
    if (offsetAt(local - before) === before) return local - before
    if (offsetAt(local - after) === after) return local - after
    return findChange(offsetAt, { from: local - EARLIEST, to: local + LATEST })
  }

  return {
    name,
    toLocal: instant => instant + offsetOf(instant),
    toInstant(local) {
      const isNear = () => local - EARLIEST < span.from || local + LATEST >= span.until
      if (isNear()) {
        offsetOf(local)
        if (isNear()) return nearChange(local)
      }
      return local - span.offset
    },
  }
}
