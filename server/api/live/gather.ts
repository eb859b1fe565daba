import type { Cancel, Clock } from '#kernel'

/** Milliseconds that frames may wait for others; the first after a pause leaves at once. */
const GATHER = 50

export interface Gather {
  /** Something waits: it leaves now after a pause, else together with what comes within the time. */
  ask(): void
  /** Lets go at once what waits, if anything does. */
  settle(): void
}

/** Calls `flush` at most once every 50 ms. */
export function createGather(clock: Clock, flush: () => void): Gather {
  let timer: Cancel | undefined
  let flushedAt = -Infinity
  const run = () => {
    timer = undefined
    flushedAt = clock.monotonic()
    flush()
  }
  return {
    ask() {
      if (timer !== undefined) return
      const left = GATHER - (clock.monotonic() - flushedAt)
      if (left <= 0) run()
      else timer = clock.after(left, run)
    },
    settle() {
      if (timer === undefined) return
      timer()
      run()
    },
  }
}
