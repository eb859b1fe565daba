import type { Cancel, Clock } from '#kernel'

/** Gathers calls: the first after a pause goes through at once, the others of an interval as one at its end. */
export function createPulse({ clock, every, beat }: { clock: Clock; every: number; beat: () => void }) {
  let last = -Infinity
  let cancel: Cancel | undefined

  const go = () => {
    cancel = undefined
    last = clock.monotonic()
    beat()
  }

  return {
    touch(): void {
      if (cancel !== undefined) return
      const left = last + every - clock.monotonic()
      if (left <= 0) go()
      else cancel = clock.after(left, go)
    },
    stop: () => cancel?.(),
  }
}
