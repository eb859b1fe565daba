import type { QoS } from '#kernel'
import type { Body } from './bodies.ts'
import type { Fault, Version } from './codec/index.ts'
import { Inflight, type Delivery } from './inflight.ts'
import type { Outbox } from './outbox.ts'
import type { ClientLimits, Sink, TopicRules } from './permissions.ts'
import { Queue } from './queue.ts'
import type { SessionKey, StoredSession } from './store.ts'
import { type Rate, TokenBucket } from './token-bucket.ts'
import type { OutboundAliases } from './topic-alias.ts'
import { Traffic } from './traffic.ts'

/** A topic filter and its options, held by a session. */
export interface Subscription {
  readonly session: Session
  /** As the client wrote it. */
  readonly filter: string
  readonly qos: QoS
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: 0 | 1 | 2
  readonly subscriptionId: number | null
}

/** A retained message on its way to a new subscription with QoS 0. */
export interface Replay {
  readonly body: Body
  readonly subscriptionIds: readonly number[]
}

/** The connection as its session sees it. */
export interface SessionConnection {
  readonly outbox: Outbox
  readonly version: Version | null
  /** Unacknowledged QoS 1 and 2 messages that the client and we take at most. */
  readonly window: number
  /** Bytes of a packet that the client takes. */
  readonly maxOutgoing: number
  readonly aliases: OutboundAliases | null
  readonly address: string
  /** Wall-clock milliseconds. */
  readonly connectedAt: number
  /** Ends the connection; the owner sees the reason. */
  end(reason: Fault): void
}

/** Who a client is. Equal client ids of different users never meet. */
export interface ClientIdentity {
  readonly user: string
  readonly clientId: string
}

/** A client's identity as one text. No user name and no client id holds U+0000. */
export function identityKey({ user, clientId }: ClientIdentity): string {
  return `${user}\0${clientId}`
}

/**
 * A client's lasting state. A session with a key survives its connection and a restart; one without
 * ends with its connection.
 */
export class Session {
  readonly user: string
  readonly clientId: string
  /** Protocol level of its last connection. */
  protocol: 3 | 4 | 5 = 4
  /** 0 for a session that keeps nothing on disk. */
  key: SessionKey = 0
  /** Seconds it lives after its connection ended; null for ever. */
  expiry: number | null = 0
  disconnectedAt: number | null = null
  connection: SessionConnection | null = null
  /** What its client may do, as of its last CONNECT; null after a restart, until it comes back. */
  rules: TopicRules | null = null
  limits: ClientLimits | null = null
  /** Takes the messages of a client that is confined. Its subscriptions are in no tree, then. */
  sink: Sink | null = null
  readonly traffic = new Traffic()
  /** What its client may still publish; null for as much as it likes. */
  publishes: TokenBucket | null = null
  readonly subscriptions = new Map<string, Subscription>()
  readonly inflight = new Inflight()
  readonly queue = new Queue<Delivery>()
  /** Bytes of the messages in the queue. */
  queuedBytes = 0
  /** Wall-clock milliseconds when the first of them may expire. */
  nextExpiry = Infinity
  /** Retained messages that go out with QoS 0 as the client reads them. */
  replays: Queue<Replay> | null = null
  /** What was in flight when the last connection ended and has not been sent on this one. */
  resend: Queue<Delivery> | null = null
  /** Received QoS 2 packet ids whose PUBREL has not come. */
  inbound: Set<number> | null = null
  lastSeq = 0
  /** Whether a message was dropped since the queue was last empty: the owner is told once. */
  isOverflowing = false

  constructor({ user, clientId }: ClientIdentity) {
    this.user = user
    this.clientId = clientId
  }

  /** Bounds what its client may publish, from now on. */
  holdTo(rate: Rate | undefined, now: number): void {
    if (rate === undefined) this.publishes = null
    else this.publishes ??= new TokenBucket(rate, now)
  }

  /** Whether a further QoS 1 or 2 message may leave now [MQTT5-3.3.4-9]. */
  get hasWindow(): boolean {
    const { connection, resend } = this
    return connection !== null && this.inflight.size - (resend === null ? 0 : resend.length) < connection.window
  }

  /** The row of a session that survives its connection. */
  row(): StoredSession {
    const { key, user, clientId, protocol, expiry, disconnectedAt } = this
    return { key, user, clientId, protocol, expiry, disconnectedAt }
  }
}
