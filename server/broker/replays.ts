import type { Clock } from '#kernel'
import type { Copies } from './copies.ts'
import { isExpired } from './message-expiry.ts'
import { RETAIN } from './outbox.ts'
import type { Retained } from './retained.ts'
import type { Session } from './session.ts'

interface ReplayParts {
  readonly clock: Clock
  readonly copies: Copies
  readonly retained: Retained
  mayReceive(session: Session, topic: string): boolean
  countSent(session: Session, payload: Uint8Array): void
  countDropped(session: Session): void
}

/** Sends the retained messages that wait with QoS 0, as the client reads them. */
export function createReplays(parts: ReplayParts): (session: Session) => void {
  const { clock, copies, retained, mayReceive } = parts
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
        parts.countDropped(session)
        continue
      }
      connection.outbox.copy(frame, RETAIN, 0)
      parts.countSent(session, current.payload)
    }
  }
}
