const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distances between two marks on a time axis, up to whole days; beyond them it is months. */
const STEPS = [1, 2, 5, 10, 15, 30].map(minutes => minutes * MINUTE)
const LONG_STEPS = [1, 2, 3, 6, 12].map(hours => hours * HOUR)
const DAYS = [1, 2, 7, 14].map(days => days * DAY)
const MONTHS = [1, 2, 3, 6, 12, 24]

export interface Tick {
  readonly at: number
  /** What to write: a time, the day that begins, or the month that begins. */
  readonly kind: 'time' | 'day' | 'month'
}

/** Milliseconds that the clock on the wall is ahead of UTC, as a function of time. */
export function createOffset(zone: string | undefined): (at: number) => number {
  const format = new Intl.DateTimeFormat('sv', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return at => {
    const second = Math.floor(at / 1000) * 1000
    return Date.parse(`${format.format(second).replace(' ', 'T')}Z`) - second
  }
}

/** A moment as the field of a form has it: `2026-01-22T18:04`, by the clock on the wall. */
export const toField = (at: number, offset: (at: number) => number): string =>
  new Date(at + offset(at)).toISOString().slice(0, 16)

/** @returns NaN for what is no such text. */
export const fromField = (text: string, offset: (at: number) => number): number => {
  const local = Date.parse(`${text}Z`)
  return Number.isNaN(local) ? local : atWall(local, offset)
}

/** The moment that the wall shows as `local`. */
function atWall(local: number, offset: (at: number) => number): number {
  const guess = local - offset(local)
  return local - offset(guess)
}

/** Marks of a time axis, at most `most`, where the clock on the wall shows something round. */
export function timeTicks(
  { from, to }: { from: number; to: number },
  { most, offset }: { most: number; offset: (at: number) => number },
): Tick[] {
  const least = (to - from) / most
  const step = [...STEPS, ...LONG_STEPS, ...DAYS].find(each => each >= least)
  const ticks: Tick[] = []
  const add = (local: number) => {
    const at = atWall(local, offset)
    if (at < from || at >= to) return
    ticks.push({ at, kind: step === undefined ? 'month' : local % DAY === 0 ? 'day' : 'time' })
  }
  const [start, end] = [from + offset(from), to + offset(to)]
  if (step !== undefined) {
    // Weeks begin on Mondays; 1970 began on a Thursday.
    const origin = step >= 7 * DAY ? 4 * DAY : 0
    for (let local = Math.floor((start - origin) / step) * step + origin; local <= end; local += step) add(local)
    return ticks
  }
  const months = MONTHS.find(each => each * 30 * DAY >= least) ?? MONTHS.at(-1)!
  const first = new Date(start)
  const month = first.getUTCFullYear() * 12 + first.getUTCMonth()
  const beginOf = (each: number) => Date.UTC(Math.floor(each / 12), each % 12)
  for (let each = Math.floor(month / months) * months; beginOf(each) <= end; each += months) add(beginOf(each))
  return ticks
}

/** A scale that holds `low` to `high` with a few round marks. */
export function valueScale(low: number, high: number, most = 5): { min: number; max: number; ticks: number[] } {
  const isFlat = high - low < 1e-9
  const [from, to] = isFlat ? [low - 1, high + 1] : [low, high]
  const rough = (to - from) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map(each => each * power).find(each => each >= rough - power / 1e6)!
  const min = Math.floor(from / step + 1e-9) * step
  const max = Math.ceil(to / step - 1e-9) * step
  const count = Math.round((max - min) / step)
  return {
    min,
    max,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((min + index * step).toPrecision(12))),
  }
}
