import { systemClock, type Cancel, type Clock } from '#kernel'

/** The machine's clock, whose time can be skipped; the one on the wall stands until it is told to run. */
export interface DemoClock extends Clock {
  /** Skips time: both clocks go on, and what falls due meanwhile is done, in its order. */
  skip(milliseconds: number): void
  /** Lets the wall clock go on from where it stands. */
  run(): void
}

interface Timer {
  readonly due: number
  readonly fire: () => void
  cancel: Cancel
}

export function createDemoClock(start: number): DemoClock {
  let skipped = 0
  let runsSince: number | undefined
  const timers = new Set<Timer>()
  const monotonic = () => systemClock.monotonic() + skipped

  function next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    return first
  }

  return {
    monotonic,
    now: () => Math.floor(start + skipped + (runsSince === undefined ? 0 : systemClock.monotonic() - runsSince)),
    after(delay, task) {
      const fire = () => {
        timers.delete(timer)
        task()
      }
      const timer: Timer = { due: monotonic() + delay, fire, cancel: systemClock.after(delay, fire) }
      timers.add(timer)
      return () => {
        timers.delete(timer)
        timer.cancel()
      }
    },
    skip(milliseconds) {
      const end = skipped + milliseconds
      const offset = systemClock.monotonic()
      for (let timer = next(offset + end); timer !== undefined; timer = next(offset + end)) {
        skipped = Math.max(skipped, timer.due - offset)
        timer.cancel()
        timer.fire()
      }
      skipped = end
      // What is left comes so much earlier by the machine's clock.
      for (const timer of timers) {
        timer.cancel()
        timer.cancel = systemClock.after(timer.due - monotonic(), timer.fire)
      }
    },
    run: () => void (runsSince = systemClock.monotonic()),
  }
}
