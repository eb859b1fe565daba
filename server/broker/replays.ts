import type { Clock } from '#kernel'
import type { Copies } from './copies.ts'
import { isExpired } from './message-expiry.ts'
import { RETAIN } from './outbox.ts'
import type { Retained } from './retained.ts'
import type { Session } from './session.ts'
import type { Stats } from './stats.ts'

interface ReplayParts {
  readonly clock: Clock
  readonly copies: Copies
  readonly retained: Retained
  readonly stats: Stats
  mayReceive(session: Session, topic: string): boolean
}

/** Sends the retained messages that wait with QoS 0, as the client reads them. */
export function createReplays({ clock, copies, retained, stats, mayReceive }: ReplayParts): (session: Session) => void {
  return session => {
    const { replays, connection } = session
    while (replays !== null && connection !== null && !connection.outbox.isStalled) {
      const replay = replays.shift()
      if (replay === undefined) {
        session.replays = null
        return
      }
      const { body, subscriptionIds } = replay
      // What took its place in the meantime may have been dropped while the client did not read.
      const current = retained.get(body.topic)
      if (current === null || isExpired(current, clock.now()) || !mayReceive(session, body.topic)) continue
      const frame = copies.kept(current, connection, { qos: 0, batch: 0, subscriptionIds })
      if (frame === null) {
        stats.dropped++
        continue
      }
      connection.outbox.copy(frame, RETAIN, 0)
      stats.sent++
    }
  }
}
