import type { Cancel, Clock, Ulid } from '#kernel'

/** Milliseconds between two looks at the wall clock: somebody may set it meanwhile. */
const LOOK_EVERY = 60_000

/** Calls back when moments of the wall clock have come, each once; one timer serves all. */
export function createExpiry(clock: Clock, onDue: (id: Ulid) => void) {
  const moments = new Map<Ulid, number>()
  let cancel: Cancel = () => {}

  const look = () => {
    cancel()
    const now = clock.now()
    for (const [id, at] of moments) {
      if (at > now) continue
      moments.delete(id)
      onDue(id)
    }
    if (moments.size > 0) cancel = clock.after(Math.min(LOOK_EVERY, Math.min(...moments.values()) - now), look)
  }

  return {
    /** @param at milliseconds since 1970; one that is past already is due at once. */
    add(id: Ulid, at: number): void {
      moments.set(id, at)
      look()
    },
    remove: (id: Ulid) => void moments.delete(id),
  }
}
