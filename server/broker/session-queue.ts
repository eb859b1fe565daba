import type { Clock, Log } from '#kernel'
import type { Bodies } from './bodies.ts'
import type { Delivery } from './inflight.ts'
import type { Ledger } from './ledger.ts'
import { isExpired } from './message-expiry.ts'
import type { Session } from './session.ts'
import type { Stats } from './stats.ts'

export interface QueueParts {
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly bodies: Bodies
  readonly stats: Stats
  readonly limits: { readonly maxQueued: number; readonly maxQueuedBytes: number }
}

/** The queues of the sessions, their bounds and their rows. */
export interface SessionQueue {
  /** Queues a delivery while fewer than `room` wait; else drops it. */
  push(session: Session, delivery: Delivery, room: number): void
  /** Takes the first one out; there must be one. */
  shift(session: Session): Delivery
  /** Writes the row of a delivery whose session lasts. */
  store(session: Session, delivery: Delivery): void
  storeState(session: Session, delivery: Delivery): void
  /** The delivery is done: removes its row and lets go of the message. */
  letGo(session: Session, delivery: Delivery): void
  /** Lets go of the message of a delivery whose row went with its session. */
  forget(delivery: Delivery): void
}

export function createSessionQueue(parts: QueueParts): SessionQueue {
  const { clock, log, ledger, bodies, stats, limits } = parts

  function isOver(session: Session, size: number, room: number): boolean {
    return session.queue.length >= room || session.queuedBytes + size > limits.maxQueuedBytes
  }

  function dropExpired(session: Session): void {
    const now = clock.now()
    if (now < session.nextExpiry) return
    session.nextExpiry = Infinity
    session.queue.filter(delivery => {
      const body = delivery.body!
      const isGone = isExpired(body, now)
      if (isGone) {
        session.queuedBytes -= delivery.size
        letGo(session, delivery)
      } else session.nextExpiry = Math.min(session.nextExpiry, body.expiresAt ?? Infinity)
      return isGone
    })
  }

  // The newest is dropped: what has waited longest keeps its place, and the order holds without gaps before it.
  function overflow(session: Session): void {
    stats.dropped++
    session.traffic.dropped++
    if (session.isOverflowing) return
    session.isOverflowing = true
    const { user, clientId, queue } = session
    log.warn({ user, clientId, queued: queue.length }, 'the queue of a client is full: new messages for it are dropped')
  }

  function store(session: Session, delivery: Delivery): void {
    const { seq, qos, retain, subscriptionIds, share, state, packetId } = delivery
    const body = delivery.body!
    bodies.hold(body)
    session.lastSeq = seq
    const id = packetId === 0 ? null : packetId
    const about = { message: body.key, qos, retain, subscriptionIds, share }
    const row = { session: session.key, seq, ...about, state, packetId: id }
    ledger.write({ op: 'broker.delivery.put', delivery: row })
    delivery.batch = ledger.batch
  }

  function forget(delivery: Delivery): void {
    if (delivery.seq !== 0) bodies.release(delivery.body!)
  }

  function letGo(session: Session, delivery: Delivery): void {
    if (delivery.seq !== 0) ledger.write({ op: 'broker.delivery.remove', session: session.key, seq: delivery.seq })
    forget(delivery)
  }

  return {
    push(session, delivery, room) {
      if (isOver(session, delivery.size, room)) {
        dropExpired(session)
        if (isOver(session, delivery.size, room)) {
          overflow(session)
          return
        }
      }
      if (delivery.seq !== 0) store(session, delivery)
      session.queue.push(delivery)
      session.queuedBytes += delivery.size
      const { expiresAt } = delivery.body!
      if (expiresAt !== null && expiresAt < session.nextExpiry) session.nextExpiry = expiresAt
    },
    shift(session) {
      const delivery = session.queue.shift()!
      session.queuedBytes -= delivery.size
      if (session.queue.length === 0) session.isOverflowing = false
      return delivery
    },
    store,
    storeState(session, { seq, state, packetId }) {
      ledger.write({ op: 'broker.delivery.state', session: session.key, seq, state, packetId })
    },
    letGo,
    forget,
  }
}
