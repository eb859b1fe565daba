import type { Cancel, Clock } from '#kernel'

export interface TestClock extends Clock {
  /** Moves both clocks forward and runs what falls due, in order of due time. */
  advance(milliseconds: number): void
  /** Moves the wall clock alone, as an NTP step does. */
  jump(milliseconds: number): void
  /** When the next timer falls due by the monotonic clock, if not later than `until`. */
  next(until: number): number | null
  /** How many timers wait. */
  readonly pending: number
}

/** A clock that moves only by hand. Starts at 2026-03-01T20:00:00Z unless told. */
export function createTestClock(start = Date.UTC(2026, 2, 1, 20)): TestClock {
  let monotonic = 0
  let offset = start
  let order = 0
  const timers = new Set<{ due: number; order: number; task: () => void }>()

  function next(until: number) {
    let first: { due: number; order: number; task: () => void } | undefined
    for (const timer of timers) {
      if (timer.due > until) continue
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer
    }
    return first
  }

  return {
    now: () => offset + monotonic,
    monotonic: () => monotonic,
    after(delay, task): Cancel {
      const timer = { due: monotonic + Math.max(0, delay), order: order++, task }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(milliseconds) {
      const until = monotonic + milliseconds
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer)
        monotonic = Math.max(monotonic, timer.due)
        timer.task()
      }
      monotonic = until
    },
    jump(milliseconds) {
      offset += milliseconds
    },
    next: until => next(until)?.due ?? null,
    get pending() {
      return timers.size
    },
  }
}
