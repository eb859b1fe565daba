import type { MessageProperties, QoS, Writes } from '#kernel'

/** Numbers are given by the broker, grow by one and never repeat while the data folder lives. */
export type SessionKey = number
export type MessageKey = number

/** A session that outlives its connection. (user, clientId) is unique: client ids are namespaced by user. */
export interface StoredSession {
  readonly key: SessionKey
  readonly user: string
  readonly clientId: string
  /** Protocol level of its last connection: 3, 4 or 5. */
  readonly protocol: 3 | 4 | 5
  /** Seconds it lives after its connection ended; null for ever (3.1.1 Clean Session 0, 5.0 0xFFFFFFFF). */
  readonly expiry: number | null
  /** Wall-clock milliseconds of the connection's end, or null while connected. */
  readonly disconnectedAt: number | null
}

export interface StoredSubscription {
  readonly session: SessionKey
  /** As the client wrote it, `$share/group/` included. */
  readonly filter: string
  readonly qos: QoS
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: 0 | 1 | 2
  readonly subscriptionId: number | null
}

/** A message body, stored once however many rows refer to it. */
export interface StoredMessage {
  readonly key: MessageKey
  readonly topic: string
  /** Owns its buffer. */
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: MessageProperties | null
  /** Wall-clock milliseconds, or null. */
  readonly expiresAt: number | null
  /** Both null for the hub's own messages. */
  readonly user: string | null
  readonly clientId: string | null
  readonly at: number
}

/** One message on its way to one session. Order of delivery is the order of `seq`. */
export interface StoredDelivery {
  readonly session: SessionKey
  /** Grows by one within a session. */
  readonly seq: number
  readonly message: MessageKey
  readonly qos: 1 | 2
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
  /** The shared filter, `$share/group/filter`, that chose this session; null for an ordinary subscription. */
  readonly share: string | null
  /** `queued` has no packet id yet; `sent` waits for PUBACK or PUBREC; `released` waits for PUBCOMP. */
  readonly state: 'queued' | 'sent' | 'released'
  readonly packetId: number | null
}

/** A received QoS 2 packet id whose PUBREL has not come: the same id again is the same message. */
export interface StoredInbound {
  readonly session: SessionKey
  readonly packetId: number
}

export interface StoredRetained {
  readonly topic: string
  readonly message: MessageKey
}

/** The will of a client that is connected, or that is lost and whose will waits for its delay. */
export interface StoredWill {
  readonly user: string
  readonly clientId: string
  readonly message: MessageKey
  /** Seconds. */
  readonly delay: number
  /** Seconds that the message lives once it is published; null for ever. */
  readonly messageExpiry: number | null
  /** Wall-clock milliseconds when it goes out, or null while the client is connected. */
  readonly dueAt: number | null
}

/** Everything the broker kept, read once before it accepts connections. */
export interface StoredBroker {
  readonly sessions: readonly StoredSession[]
  readonly subscriptions: readonly StoredSubscription[]
  readonly messages: readonly StoredMessage[]
  /** In order of `seq` within a session. */
  readonly deliveries: readonly StoredDelivery[]
  readonly inbound: readonly StoredInbound[]
  readonly retained: readonly StoredRetained[]
  readonly wills: readonly StoredWill[]
}

/**
 * What the broker writes. `put` inserts or replaces by key. Removing a session removes its
 * subscriptions, deliveries and inbound ids. Messages go only by `message.remove`: the broker counts who refers to them.
 */
export type BrokerOp =
  | { readonly op: 'broker.session.put'; readonly session: StoredSession }
  | { readonly op: 'broker.session.remove'; readonly key: SessionKey }
  | { readonly op: 'broker.subscription.put'; readonly subscription: StoredSubscription }
  | { readonly op: 'broker.subscription.remove'; readonly session: SessionKey; readonly filter: string }
  | { readonly op: 'broker.message.put'; readonly message: StoredMessage }
  | { readonly op: 'broker.message.remove'; readonly key: MessageKey }
  | { readonly op: 'broker.delivery.put'; readonly delivery: StoredDelivery }
  | {
      readonly op: 'broker.delivery.state'
      readonly session: SessionKey
      readonly seq: number
      readonly state: StoredDelivery['state']
      readonly packetId: number | null
    }
  | { readonly op: 'broker.delivery.remove'; readonly session: SessionKey; readonly seq: number }
  | { readonly op: 'broker.inbound.put'; readonly inbound: StoredInbound }
  | { readonly op: 'broker.inbound.remove'; readonly session: SessionKey; readonly packetId: number }
  | { readonly op: 'broker.retained.put'; readonly retained: StoredRetained }
  | { readonly op: 'broker.retained.remove'; readonly topic: string }
  | { readonly op: 'broker.will.put'; readonly will: StoredWill }
  | { readonly op: 'broker.will.remove'; readonly user: string; readonly clientId: string }

/** The broker's port to the disk. */
export interface BrokerStore extends Writes<BrokerOp> {
  load(): Promise<StoredBroker>
}
