// Run to completion: a message is routed to its end, sockets first, then the hub's own parts, before the next one
// begins. What is published meanwhile waits in a queue.

import { HobError, isTopicName, MAX_CAUSE_DEPTH, toPayload } from '#kernel'
import type { Cause, Causes, Clock, LocalSubscriber, Log, Publish } from '#kernel'
import type { Body } from './bodies.ts'
import { MAX_FIELD, type PublishPacket } from './codec/index.ts'
import type { BrokerOptions } from './face.ts'
import type { Frames } from './frame.ts'
import type { Ledger } from './ledger.ts'
import { isExpired } from './message-expiry.ts'
import type { Outgoing } from './outgoing.ts'
import { causeOf, Publication, toMessage } from './publication.ts'
import { Queue } from './queue.ts'
import type { Retained } from './retained.ts'
import type { Session } from './session.ts'
import type { Share } from './shared.ts'
import type { Stats } from './stats.ts'
import type { SubscriptionTree } from './subscriptions.ts'

/** From a message to everybody who gets it. */
export interface Deliveries {
  /**
   * Routes the message of a client, its alias resolved; to be called between `enter` and `leave`.
   * @returns whether anybody subscribes to it.
   */
  accept(packet: PublishPacket, session: Session): boolean
  /** Routes a message of a client that is kept already. `maxRetained`: topics that the client may own. */
  publishBody(body: Body, maxRetained: number): void
  /** Hands a message of a shared subscription to another member. */
  reassign(body: Body, share: string): void
  readonly publish: Publish
  /** Hands the retained messages of a filter to one of the hub's own subscribers. */
  replay(filter: string, subscriber: LocalSubscriber): void
  /** Begins the work of one packet. @returns false inside the work of another one. */
  enter(): boolean
  /** Ends it, and routes what was published meanwhile. */
  leave(): void
}

interface Parts {
  readonly clock: Clock
  readonly causes: Causes
  readonly log: Log
  readonly ledger: Ledger
  readonly frames: Frames
  readonly subscriptions: SubscriptionTree
  readonly outgoing: Outgoing
  readonly retained: Retained
  readonly stats: Stats
  readonly retainAvailable: boolean
  readonly onMessage: BrokerOptions['onMessage']
  readonly onUnmatched: BrokerOptions['onUnmatched']
}

interface Waiting {
  readonly body: Body
  readonly cause: Cause | null
  readonly maxRetained: number
  /** Set for a retained message that only this one gets. */
  readonly subscriber: LocalSubscriber | null
  /** Set for a message that only a member of this shared filter gets. */
  readonly share: string | null
}

const alone = { cause: null, maxRetained: 0, subscriber: null, share: null } as const

function owned(payload: Uint8Array | string): Uint8Array {
  if (typeof payload === 'string') return toPayload(payload)
  return payload.byteLength === payload.buffer.byteLength ? payload : new Uint8Array(payload)
}

export function createDeliveries(parts: Parts): Deliveries {
  const { clock, causes, log, ledger, subscriptions, outgoing, retained, stats } = parts
  const now = () => clock.now()
  const publication = new Publication({ frames: parts.frames, causes, now })
  const waiting = new Queue<Waiting>()
  let isRunning = false

  // A fault of a part of the hub must not reach the client whose message it was.
  function toLocals(message: ReturnType<typeof toMessage>, subscribers: readonly LocalSubscriber[]): number {
    try {
      return parts.onMessage(message, subscribers) ?? 0
    } catch (error) {
      log.error({ error, topic: message.topic, cause: message.cause.id }, 'a message could not be handled')
      return 0
    }
  }

  function offerShared(share: Share): void {
    const member = share.choose(publication.topic, publication.qos)
    if (member !== null) outgoing.offer(publication, member)
    else stats.dropped++
  }

  function route(maxRetained: number): boolean {
    const { targets, shares, locals } = subscriptions.route(publication.topic)
    for (const target of targets) outgoing.offer(publication, target)
    for (const share of shares) offerShared(share)
    if (publication.retain && !retained.set(publication.body(), maxRetained)) stats.dropped++
    if (locals.length === 0) {
      parts.onUnmatched?.(publication)
      return targets.length > 0 || shares.length > 0
    }
    const { batch } = ledger
    ledger.batch = Math.max(batch, toLocals(publication.message(), locals))
    return true
  }

  function drain(): void {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { body, cause, maxRetained, subscriber, share } = next
      if (share !== null) {
        const others = subscriptions.share(share)
        publication.fromBody(body, cause)
        if (others !== undefined && !isExpired(body, clock.now())) offerShared(others)
      } else if (subscriber === null) {
        publication.fromBody(body, cause)
        route(maxRetained)
        // What took its place in the meantime was delivered as it came.
      } else if (retained.get(body.topic) === body) {
        toLocals(toMessage(body, { cause: causeOf(body, causes), at: body.at, replayed: true }), [subscriber])
      }
    }
  }

  function push(entry: Waiting): void {
    waiting.push(entry)
    if (isRunning) return
    isRunning = true
    drain()
    isRunning = false
  }

  return {
    accept(packet, session) {
      publication.fromClient(packet, session)
      publication.batch = ledger.batch
      if (!parts.retainAvailable) publication.retain = false
      return route(session.limits?.maxRetained ?? 0)
    },
    publishBody: (body, maxRetained) => push({ ...alone, body, maxRetained }),
    reassign: (body, share) => push({ ...alone, body: { ...body, key: 0, references: 0 }, share }),
    publish({ topic, payload, qos = 0, retain = false, expiry, properties = null, cause }) {
      if (!isTopicName(topic)) throw new HobError('broker.topic_name', `"${topic}" is no topic to publish to`)
      if (topic.length * 3 > MAX_FIELD && Buffer.byteLength(topic) > MAX_FIELD)
        throw new HobError('broker.topic_name', `a topic of more than ${MAX_FIELD} bytes fits into no packet`)
      if (cause.depth > MAX_CAUSE_DEPTH) {
        stats.dropped++
        log.warn(
          { topic, cause: cause.id, who: cause.who },
          'a chain of causes is too long: its next message is dropped',
        )
        return
      }
      const at = clock.now()
      const expiresAt = expiry === undefined ? null : at + expiry
      const about = {
        topic,
        payload: owned(payload),
        qos,
        retain: retain && parts.retainAvailable,
        properties,
        expiresAt,
        user: null,
        clientId: null,
        at,
      }
      push({ ...alone, body: { key: 0, references: 0, ...about }, cause, maxRetained: Infinity })
    },
    replay(filter, subscriber) {
      for (const body of retained.match(filter)) push({ ...alone, body, subscriber })
    },
    enter() {
      const wasRunning = isRunning
      isRunning = true
      return !wasRunning
    },
    leave() {
      if (waiting.length > 0) drain()
      isRunning = false
    },
  }
}
