import type { QoS } from '#kernel'
import { bodySize, type Body } from './bodies.ts'
import { withReason, reasons } from './codec/index.ts'
import type { Copies } from './copies.ts'
import { PASSING_RELEASED, type Delivery } from './inflight.ts'
import { isExpired } from './message-expiry.ts'
import { DUP, RETAIN } from './outbox.ts'
import type { Publication } from './publication.ts'
import { Queue } from './queue.ts'
import { createReplays } from './replays.ts'
import type { Retained } from './retained.ts'
import type { Session } from './session.ts'
import { createSessionQueue, type QueueParts } from './session-queue.ts'
import type { Target } from './target.ts'

/** What an acknowledgement of a client was to us. */
export type AckOutcome = 'done' | 'unknown' | 'unexpected'

/** A message of a shared subscription that its member will not complete. */
export interface Orphan {
  readonly body: Body
  readonly share: string
}

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
  /** PUBREC; answers with PUBREL, or ends the exchange when the client refused the message [MQTT5-4.3.3-4]. */
  receive(session: Session, packetId: number, isRefused: boolean): AckOutcome
  /** PUBCOMP. */
  complete(session: Session, packetId: number): AckOutcome
  /** Lets go of all messages of a session whose row is gone. @returns those that another member should get. */
  discardAll(session: Session): Orphan[]
}

interface OutgoingParts extends QueueParts {
  readonly copies: Copies
  readonly retained: Retained
  readonly limits: QueueParts['limits'] & { readonly maxInflight: number }
}

/** What a delivery is to its session, beside its message. */
interface About {
  readonly seq: number
  readonly qos: 1 | 2
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
  readonly share: string | null
}

function createDelivery(body: Body, { seq, qos, retain, subscriptionIds, share }: About, size: number): Delivery {
  return { seq, body, qos, retain, subscriptionIds, share, state: 'queued', packetId: 0, batch: 0, size }
}

function passesRetain(publication: Publication, target: Target): boolean {
  return target.retainAsPublished && publication.retain // [MQTT5-3.3.1-12, -13]
}

export function createOutgoing(parts: OutgoingParts): Outgoing {
  const { clock, ledger, copies, retained, stats, limits } = parts
  const queue = createSessionQueue(parts)
  const pumpReplays = createReplays({ clock, copies, retained, mayReceive, countSent, countDropped })

  function countSent({ traffic }: Session, payload: Uint8Array): void {
    traffic.sent++
    stats.sent++
    stats.payloadSent += payload.length
  }

  function countDropped({ traffic }: Session): void {
    traffic.dropped++
    stats.dropped++
  }

  function hasRoom(session: Session): boolean {
    return session.resend === null && session.hasWindow && !session.connection!.outbox.isStalled
  }

  function mayReceive(session: Session, topic: string): boolean {
    return session.rules === null || session.rules.mayReceive(topic)
  }

  function offerPrompt(publication: Publication, target: Target): void {
    const { connection } = target.session
    // QoS 0 is not kept for clients that are away.
    if (connection === null) return
    publication.copyBatch = 0
    const frame = connection.outbox.isStalled ? null : copies.live(publication, target, 0)
    if (frame === null) {
      countDropped(target.session)
      return
    }
    connection.outbox.copy(frame, passesRetain(publication, target) ? RETAIN : 0, 0)
    countSent(target.session, publication.payload)
  }

  function drop(session: Session, delivery: Delivery): void {
    countDropped(session)
    session.inflight.remove(delivery.packetId)
    queue.letGo(session, delivery)
  }

  // A session that ends with its connection: while the window is open nothing but the packet id is kept.
  function offerPassing(publication: Publication, target: Target, qos: 1 | 2): void {
    const { session } = target
    // Outbound QoS 2 leaves after the commit that holds the inbound packet id.
    const batch = qos === 2 ? publication.batch : 0
    publication.copyBatch = batch
    const frame = copies.live(publication, target, qos)
    if (frame === null) {
      countDropped(session)
      return
    }
    const id = session.inflight.addPassing(qos) | (passesRetain(publication, target) ? RETAIN : 0)
    session.connection!.outbox.copy(frame, id, batch)
    countSent(session, publication.payload)
  }

  function offerKept(publication: Publication, target: Target, qos: 1 | 2): void {
    const { session, subscriptionIds, share } = target
    if (session.key === 0 && session.connection === null) return
    const canLeave = session.queue.length === 0 && hasRoom(session)
    if (canLeave && session.key === 0 && share === null) {
      offerPassing(publication, target, qos)
      return
    }
    const body = publication.body()
    const retain = passesRetain(publication, target)
    const seq = session.key === 0 ? 0 : session.lastSeq + 1
    const delivery = createDelivery(body, { seq, qos, retain, subscriptionIds, share }, bodySize(body))
    if (!canLeave) {
      queue.push(session, delivery, limits.maxQueued)
      return
    }
    const id = session.inflight.add(delivery)
    let batch = qos === 2 ? publication.batch : 0
    if (seq !== 0) {
      queue.store(session, delivery)
      batch = ledger.batch
    }
    publication.copyBatch = batch
    const frame = copies.live(publication, target, qos)
    if (frame === null) {
      drop(session, delivery)
      return
    }
    session.connection!.outbox.copy(frame, id | (retain ? RETAIN : 0), batch)
    countSent(session, body.payload)
  }

  function send(session: Session, delivery: Delivery): void {
    const { qos, seq, subscriptionIds, share, retain } = delivery
    let { batch } = delivery
    if (seq === 0 && share === null) delivery.packetId = session.inflight.addPassing(qos)
    else session.inflight.add(delivery)
    if (seq !== 0) {
      queue.storeState(session, delivery)
      // A QoS 2 message that left under a packet id the disk does not know would arrive twice after a crash.
      if (qos === 2) batch = ledger.batch
    }
    const connection = session.connection!
    const frame = copies.kept(delivery.body!, connection, { qos, batch, subscriptionIds })
    if (frame === null) {
      drop(session, delivery)
      return
    }
    connection.outbox.copy(frame, delivery.packetId | (retain ? RETAIN : 0), batch)
    countSent(session, delivery.body!.payload)
  }

  function sendAgain(session: Session, delivery: Delivery): void {
    const { body, packetId, qos, retain, subscriptionIds } = delivery
    const connection = session.connection!
    if (delivery.state === 'released') {
      connection.outbox.answer('pubrel', packetId, 0)
      return
    }
    const frame = mayReceive(session, body!.topic)
      ? copies.kept(body!, connection, { qos, batch: 0, subscriptionIds })
      : null
    if (frame === null) {
      drop(session, delivery)
      return
    }
    connection.outbox.copy(frame, packetId | DUP | (retain ? RETAIN : 0), 0)
    countSent(session, body!.payload)
  }

  function pumpResend(session: Session): void {
    const { resend } = session
    while (resend !== null && session.hasWindow && !session.connection!.outbox.isStalled) {
      const delivery = resend.shift()
      if (delivery !== undefined) sendAgain(session, delivery)
      if (resend.length > 0) continue
      session.resend = null
      return
    }
  }

  function pump(session: Session): void {
    if (session.replays !== null) pumpReplays(session)
    if (session.resend !== null) pumpResend(session)
    while (session.queue.length > 0 && hasRoom(session)) {
      const delivery = queue.shift(session)
      const body = delivery.body!
      if (mayReceive(session, body.topic) && !isExpired(body, clock.now())) send(session, delivery)
      else queue.letGo(session, delivery)
    }
  }

  function finish(session: Session, delivery: Delivery, packetId: number): void {
    session.inflight.remove(packetId)
    session.resend?.filter(waiting => waiting === delivery)
    queue.letGo(session, delivery)
    if (session.queue.length > 0 || session.resend !== null) pump(session)
  }

  return {
    offer(publication, target) {
      const { session } = target
      // Most targets have no No Local subscription, and then themselves stand in `own`.
      if (target.own !== target && publication.isFrom(session)) {
        if (target.own === null) return
        target = target.own
      }
      if (!mayReceive(session, publication.topic)) return
      const qos = publication.qos < target.qos ? publication.qos : target.qos
      if (qos === 0) offerPrompt(publication, target)
      else offerKept(publication, target, qos)
    },
    replay(session, body, { qos: granted, subscriptionIds }) {
      const qos = body.qos < granted ? body.qos : granted
      if (qos === 0) {
        session.replays ??= new Queue()
        session.replays.push({ body, subscriptionIds })
        return
      }
      const seq = session.key === 0 ? 0 : session.lastSeq + 1
      // Its message is in memory anyway, so it costs the queue nothing.
      const delivery = createDelivery(body, { seq, qos, retain: true, subscriptionIds, share: null }, 0)
      queue.push(session, delivery, limits.maxQueued + retained.count)
    },
    pump,
    resume(session) {
      if (session.inflight.size > 0) {
        session.resend = new Queue()
        for (const delivery of session.inflight.values()) session.resend.push(delivery)
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
    receive(session, packetId, isRefused) {
      const delivery = session.inflight.get(packetId)
      if (delivery?.qos === 1) return 'unexpected'
      if (delivery !== undefined && isRefused) {
        finish(session, delivery, packetId)
        return 'done'
      }
      let batch = 0
      if (delivery?.state === 'sent') {
        if (delivery.seq === 0) session.inflight.put(packetId, PASSING_RELEASED)
        else {
          delivery.state = 'released'
          queue.storeState(session, delivery)
          batch = ledger.batch
        }
      }
      const isUnknown = delivery === undefined && session.protocol === 5
      const reason = isUnknown ? reasons.packetIdNotFound : reasons.success
      session.connection!.outbox.answer('pubrel', withReason(packetId, reason), batch)
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
      const orphans: Orphan[] = []
      const discard = (delivery: Delivery) => {
        const { body, share, qos, state } = delivery
        // A QoS 2 message that was sent must not reach another member [MQTT5-4.8.2-5].
        if (share !== null && body !== null && !(qos === 2 && state !== 'queued')) orphans.push({ body, share })
        queue.forget(delivery)
      }
      for (const delivery of session.inflight.values()) discard(delivery)
      while (session.queue.length > 0) discard(queue.shift(session))
      session.replays = null
      session.resend = null
      return orphans
    },
  }
}
