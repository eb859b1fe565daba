import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop was since the last look, in milliseconds. */
export interface LoopDelay {
  /** 99 of 100 samples were no later. */
  readonly p99: number
  readonly longest: number
}

export interface LoopMeter {
  /** Null before there is a sample. */
  look(): LoopDelay | null
  close(): void
}

/** Milliseconds between two samples. Ten wake-ups a second cost nothing that can be measured; a longer stall is always seen. */
const SAMPLE_EVERY = 100
const NANOSECONDS = 1e6

/** Watches the event loop of this process, by a timer of the system's own that calls no JavaScript. */
export function watchLoop(): LoopMeter {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_EVERY })
  histogram.enable()
  // A sample is the time between two of the timer's turns.
  const late = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / NANOSECONDS) - SAMPLE_EVERY)
  return {
    look() {
      if (histogram.count === 0) return null
      const delay = { p99: late(histogram.percentile(99)), longest: late(histogram.max) }
      histogram.reset()
      return delay
    },
    close: () => void histogram.disable(),
  }
}
