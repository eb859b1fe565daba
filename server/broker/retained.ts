import type { Body } from './bodies.ts'
import { isExpired } from './message-expiry.ts'
import { RetainedTree } from './retained-tree.ts'
import type { RetainedWrites } from './retained-writes.ts'

/** The last message kept for each topic. */
export interface Retained {
  readonly count: number
  get(topic: string): Body | null
  /**
   * Keeps `body` for its topic; an empty payload deletes what is there [MQTT5-3.3.1-6].
   * @param limit topics that the publisher may own.
   * @returns false when the limit, or the broker's own, refuses it.
   */
  set(body: Body, limit: number): boolean
  /** The kept messages whose topics match a filter and that have not expired. */
  match(filter: string): Body[]
  /** Deletes what a user's clients published. */
  clear(user: string): void
  restore(body: Body): void
}

export function createRetained(parts: { writes: RetainedWrites; maxRetained: number; now: () => number }): Retained {
  const { writes, maxRetained, now } = parts
  const tree = new RetainedTree()
  const owned = new Map<string, number>()

  function count(user: string | null, change: number): void {
    if (user === null) return
    const total = (owned.get(user) ?? 0) + change
    if (total === 0) owned.delete(user)
    else owned.set(user, total)
  }

  function remove(topic: string, qos: number): void {
    const former = tree.remove(topic)
    if (former === null) return
    count(former.user, -1)
    writes.put(topic, null, qos)
  }

  function isOverLimit(body: Body, limit: number): boolean {
    const former = tree.get(body.topic)
    if (former === null && tree.count >= maxRetained) return true
    return body.user !== null && former?.user !== body.user && (owned.get(body.user) ?? 0) >= limit
  }

  function hang(body: Body): void {
    const former = tree.set(body)
    if (former !== null) count(former.user, -1)
    count(body.user, 1)
  }

  return {
    get count() {
      return tree.count
    },
    get: topic => tree.get(topic),
    set(body, limit) {
      if (body.payload.length === 0) {
        remove(body.topic, body.qos)
        return true
      }
      if (isOverLimit(body, limit)) return false
      hang(body)
      writes.put(body.topic, body, body.qos)
      return true
    },
    match(filter) {
      const at = now()
      const found = tree.match(filter)
      if (!found.some(body => isExpired(body, at))) return found
      for (const body of found) if (isExpired(body, at)) remove(body.topic, 0)
      return found.filter(body => !isExpired(body, at))
    },
    clear(user) {
      if (!owned.has(user)) return
      // `#` leaves out the topics that begin with `$`, and no client may publish there.
      for (const body of tree.match('#')) if (body.user === user) remove(body.topic, 1)
    },
    restore(body) {
      hang(body)
      writes.restore(body)
    },
  }
}
