import type { QoS } from '#kernel'
import { bodySize, type Body } from './bodies.ts'
import { PASSING_RELEASED, type Delivery } from './inflight.ts'
import { isExpired } from './message-expiry.ts'
import { DUP } from './outbox.ts'
import type { Publication } from './publication.ts'
import { Queue } from './queue.ts'
import type { Session } from './session.ts'
import { createSessionQueue, type QueueParts } from './session-queue.ts'
import type { Frames } from './frame.ts'
import type { Retained } from './retained.ts'
import type { Target } from './subscriptions.ts'

/** What an acknowledgement of a client was to us. */
export type AckOutcome = 'done' | 'unknown' | 'unexpected'

/** Messages on their way to sessions: sent while the window is open, queued otherwise, sent again after a reconnect. */
export interface Outgoing {
  /** One copy of the message at hand for one session, at the lower of both QoS [MQTT5-3.8.4-8]. */
  offer(publication: Publication, target: Target): void
  /** A retained message for a new subscription. */
  replay(session: Session, body: Body, subscription: { qos: QoS; subscriptionIds: readonly number[] }): void
  /** Sends what waits, as far as window and backlog allow. */
  pump(session: Session): void
  /** Sends again what was in flight when the last connection ended: same packet id, DUP [MQTT5-4.4.0-1]. */
  resume(session: Session): void
  /** PUBACK. */
  acknowledge(session: Session, packetId: number): AckOutcome
  /** PUBREC; answers with PUBREL. */
  receive(session: Session, packetId: number): AckOutcome
  /** PUBCOMP. */
  complete(session: Session, packetId: number): AckOutcome
  /** Lets go of all messages of a session whose row is gone. */
  discardAll(session: Session): void
}

interface OutgoingParts extends QueueParts {
  readonly frames: Frames
  readonly retained: Retained
  readonly limits: QueueParts['limits'] & { readonly maxInflight: number }
}

const NO_IDS: readonly number[] = []

function createDelivery(seq: number, body: Body, qos: 1 | 2): Delivery {
  return {
    seq,
    body,
    qos,
    retain: false,
    subscriptionIds: NO_IDS,
    share: null,
    state: 'queued',
    packetId: 0,
    batch: 0,
    size: bodySize(body),
  }
}

export function createOutgoing(parts: OutgoingParts): Outgoing {
  const { ledger, frames, retained, stats, limits } = parts
  const queue = createSessionQueue(parts)

  function hasRoom(session: Session): boolean {
    const { connection } = session
    return connection !== null && !connection.outbox.isStalled && session.inflight.size < limits.maxInflight
  }

  function mayReceive(session: Session, topic: string): boolean {
    return session.rules === null || session.rules.mayReceive(topic)
  }

  function offerPrompt(publication: Publication, session: Session): void {
    const { connection } = session
    // QoS 0 is not kept for clients that are away.
    if (connection === null) return
    if (connection.outbox.isStalled) {
      stats.dropped++
      return
    }
    connection.outbox.copy(publication.frame(0), 0, 0)
    stats.sent++
  }

  // A session that ends with its connection: while the window is open nothing but the packet id is kept.
  function offerPassing(publication: Publication, session: Session, qos: 1 | 2): void {
    if (session.connection === null) return
    if (session.queue.length === 0 && hasRoom(session)) {
      const id = session.inflight.addPassing(qos)
      // Outbound QoS 2 leaves after the commit that holds the inbound packet id.
      session.connection.outbox.copy(publication.frame(qos), id, qos === 2 ? publication.batch : 0)
      stats.sent++
      return
    }
    queue.push(session, createDelivery(0, publication.body(), qos), limits.maxQueued)
  }

  function offerLasting(publication: Publication, session: Session, qos: 1 | 2): void {
    const delivery = createDelivery(session.lastSeq + 1, publication.body(), qos)
    if (session.queue.length > 0 || !hasRoom(session)) {
      queue.push(session, delivery, limits.maxQueued)
      return
    }
    const id = session.inflight.add(delivery)
    queue.store(session, delivery)
    session.connection!.outbox.copy(publication.frame(qos), id, ledger.batch)
    stats.sent++
  }

  function send(session: Session, delivery: Delivery): void {
    const body = delivery.body!
    let { batch } = delivery
    if (delivery.seq === 0) delivery.packetId = session.inflight.addPassing(delivery.qos)
    else {
      session.inflight.add(delivery)
      queue.storeState(session, delivery)
      // A QoS 2 message that left under a packet id the disk does not know would arrive twice after a crash.
      if (delivery.qos === 2) batch = ledger.batch
    }
    const frame = frames.encode(body, delivery.qos, delivery.retain)
    session.connection!.outbox.copy(frame, delivery.packetId, batch)
    stats.sent++
  }

  function pumpReplays(session: Session): void {
    const { replays, connection } = session
    while (replays !== null && connection !== null && !connection.outbox.isStalled) {
      const body = replays.shift()
      if (body === undefined) {
        session.replays = null
        return
      }
      // What took its place in the meantime may have been dropped while the client did not read.
      const current = retained.get(body.topic)
      if (current === null || !mayReceive(session, body.topic)) continue
      connection.outbox.copy(frames.encode(current, 0, true), 0, 0)
      stats.sent++
    }
  }

  function pump(session: Session): void {
    if (session.replays !== null) pumpReplays(session)
    while (session.queue.length > 0 && hasRoom(session)) {
      const delivery = queue.shift(session)
      const body = delivery.body!
      if (mayReceive(session, body.topic) && !isExpired(body, parts.clock.now())) send(session, delivery)
      else queue.letGo(session, delivery)
    }
  }

  function finish(session: Session, delivery: Delivery, packetId: number): void {
    session.inflight.remove(packetId)
    queue.letGo(session, delivery)
    if (session.queue.length > 0) pump(session)
  }

  return {
    offer(publication, { session, qos: granted }) {
      if (!mayReceive(session, publication.topic)) return
      const qos = publication.qos < granted ? publication.qos : granted
      if (qos === 0) offerPrompt(publication, session)
      else if (session.key === 0) offerPassing(publication, session, qos)
      else offerLasting(publication, session, qos)
    },
    replay(session, body, { qos: granted, subscriptionIds }) {
      const qos = body.qos < granted ? body.qos : granted
      if (qos === 0) {
        session.replays ??= new Queue()
        session.replays.push(body)
        return
      }
      const seq = session.key === 0 ? 0 : session.lastSeq + 1
      // Its message is in memory anyway, so it costs the queue nothing.
      const delivery = { ...createDelivery(seq, body, qos), retain: true, subscriptionIds, size: 0 }
      queue.push(session, delivery, limits.maxQueued + retained.count)
    },
    pump,
    resume(session) {
      const outbox = session.connection!.outbox
      for (const delivery of [...session.inflight.values()]) {
        const { body, packetId, qos, retain } = delivery
        if (delivery.state === 'released') outbox.answer('pubrel', packetId, 0)
        else if (!mayReceive(session, body!.topic)) {
          session.inflight.remove(packetId)
          queue.letGo(session, delivery)
        } else outbox.copy(frames.encode(body!, qos, retain), packetId | DUP, 0)
      }
      pump(session)
    },
    acknowledge(session, packetId) {
      const delivery = session.inflight.get(packetId)
      if (delivery === undefined) return 'unknown'
      if (delivery.qos !== 1) return 'unexpected'
      finish(session, delivery, packetId)
      return 'done'
    },
    receive(session, packetId) {
      const delivery = session.inflight.get(packetId)
      if (delivery?.qos === 1) return 'unexpected'
      let batch = 0
      if (delivery?.state === 'sent') {
        if (delivery.seq === 0) session.inflight.put(packetId, PASSING_RELEASED)
        else {
          delivery.state = 'released'
          queue.storeState(session, delivery)
          batch = ledger.batch
        }
      }
      session.connection!.outbox.answer('pubrel', packetId, batch)
      return delivery === undefined ? 'unknown' : 'done'
    },
    complete(session, packetId) {
      const delivery = session.inflight.get(packetId)
      if (delivery === undefined) return 'unknown'
      if (delivery.state !== 'released') return 'unexpected'
      finish(session, delivery, packetId)
      return 'done'
    },
    discardAll(session) {
      for (const delivery of session.inflight.values()) queue.forget(delivery)
      while (session.queue.length > 0) queue.forget(queue.shift(session))
      session.replays = null
    },
  }
}
