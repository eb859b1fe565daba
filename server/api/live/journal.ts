import type { LiveFrame } from './frames.ts'

/** The newest frames, for clients that come back: a ring, so that a full journal costs nothing to go on with. */
export interface Journal {
  push(frame: LiveFrame): void
  /** Frames after `seq` in their order, or undefined when some of them are no longer here. */
  after(seq: number): LiveFrame[] | undefined
}

/** A journal of `size` frames that is complete for every number from `start` on. */
export function createJournal(size: number, start: number): Journal {
  const ring: LiveFrame[] = []
  let oldest = 0
  let complete = start
  return {
    push(frame) {
      if (ring.length < size) return void ring.push(frame)
      complete = ring[oldest]!.seq
      ring[oldest] = frame
      oldest = (oldest + 1) % size
    },
    after(seq) {
      if (seq < complete) return undefined
      return [...ring.slice(oldest), ...ring.slice(0, oldest)].filter(frame => frame.seq > seq)
    },
  }
}
