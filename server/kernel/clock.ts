/** Stops a timer; calling it again does nothing. */
export type Cancel = () => void

/**
 * Time as an input. No file outside this one and the composition root reads a real clock, so a test
 * can move time by hand.
 */
export interface Clock {
  /** Wall clock in milliseconds since 1970-01-01T00:00Z. May jump. */
  now(): number
  /** Milliseconds that only ever grow; for durations. */
  monotonic(): number
  /** Runs `task` once, `delay` milliseconds of monotonic time from now. */
  after(delay: number, task: () => void): Cancel
}

// setTimeout holds 31 bits of milliseconds; a longer wait is taken in steps.
const LONGEST_STEP = 2_147_483_647

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, task) {
    const due = performance.now() + delay
    let timer: ReturnType<typeof setTimeout>
    const step = () => {
      const left = due - performance.now()
      if (left <= LONGEST_STEP) timer = setTimeout(task, Math.max(0, left))
      else timer = setTimeout(step, LONGEST_STEP)
      if (typeof timer === 'object') timer.unref()
    }
    step()
    return () => clearTimeout(timer)
  },
}

/** `2026-03-01T20:00:00.123Z`: how times leave the hub. */
export function toIso(at: number): string {
  return new Date(at).toISOString()
}
