import type { Causes, Clock, LocalSubscriber, Log, Message, Publish, QoS, Subscriptions } from '#kernel'
import type { Duplex } from 'node:stream'
import type { Member, Peer, Permissions } from './permissions.ts'
import type { BrokerStore } from './store.ts'
import type { Rate } from './token-bucket.ts'

/** Bounds of the whole broker; each is a flag of `hob broker` (contract.md section 2). */
export interface BrokerLimits {
  /** Unacknowledged QoS 1 and 2 messages towards one client. */
  readonly maxInflight: number
  /** Messages waiting for one session, beyond those in flight. */
  readonly maxQueued: number
  /** Bytes waiting for one session. */
  readonly maxQueuedBytes: number
  /** Bytes of one packet, for clients whose kind sets no smaller bound. */
  readonly maxPacketSize: number
  readonly maxConnections: number
  /** Seconds; a longer keep alive is cut to it where the version allows. 0 means no bound. */
  readonly maxKeepAlive: number
  /** Milliseconds from accept to a whole CONNECT. */
  readonly connectTimeout: number
  /** QoS 1 and 2 messages that a 5.0 client may send before the first is acknowledged. Default 65,535. */
  readonly receiveMaximum?: number
  /** Highest QoS of a message. Default 2. */
  readonly maximumQos?: QoS
  /** Whether there are retained messages at all. Default true. */
  readonly retainAvailable?: boolean
  /** Topic aliases in each direction of a 5.0 connection. Default 10. */
  readonly topicAliasMaximum?: number
  /** Whether DISCONNECT and CONNACK carry the reason in words, too, where the client takes it. Default true. */
  readonly reasonStrings?: boolean
  /** Subscriptions of one session, for clients whose kind sets no other bound. Default 1,000. */
  readonly maxSubscriptions?: number
  /** Sessions that outlive their connection. Default 20,000. */
  readonly maxSessions?: number
  /** Retained topics in all. Default 100,000. */
  readonly maxRetained?: number
  /** Seconds; bounds how long a session outlives its connection, also one of 3.1.1 that lives for ever by the standard. Null means no bound. */
  readonly maxSessionExpiry?: number | null
  /** Connections whose client is not in yet, in all and of one address. Default 5,000 and 1,000. */
  readonly maxNewcomers?: number
  readonly maxNewcomersPerAddress?: number
  /** CONNECTs of one address, and of one client. Default 10,000 at once and 1,000 a second; 120 at once and 2 a second. */
  readonly addressConnectRate?: Rate
  readonly clientConnectRate?: Rate
}

export interface BrokerOptions {
  readonly clock: Clock
  readonly causes: Causes
  readonly store: BrokerStore
  readonly permissions: Permissions
  readonly limits: BrokerLimits
  readonly log: Log
  /** As `$SYS/broker/version` shows it. */
  readonly version?: string
  /**
   * Takes each message that local subscribers match, once, with those subscribers. Publishing inside it
   * goes to the end of the queue and never nests. The number it may return is a batch of the store: the
   * publisher's acknowledgement then waits for it.
   */
  readonly onMessage: (message: Message, subscribers: readonly LocalSubscriber[]) => number | void
  /** Sees each message that no local subscriber matches. On the way of every message: it has to be cheap and must not publish. */
  readonly onUnmatched?: (message: PassingMessage) => void
  /** A client came or went: for the client list and for availability. */
  readonly onClient?: (event: ClientEvent) => void
}

/** A message on its way. Valid until the call that hands it over returns: what is kept of it has to be copied. */
export interface PassingMessage {
  readonly topic: string
  readonly payload: Uint8Array
  /** Null for the hub's own messages. */
  readonly user: string | null
  readonly clientId: string | null
}

export interface ClientEvent {
  readonly user: string
  readonly clientId: string
  readonly connected: boolean
  /** Named reason of the end, null on a connect. */
  readonly reason: string | null
}

/** One row of the client list. Counts are of this session and since the start of the broker. */
export interface ClientInfo {
  readonly user: string
  readonly clientId: string
  readonly connected: boolean
  /** Whether it is a guest that reaches nobody. */
  readonly confined: boolean
  /** Whether it publishes faster than its kind may, and so is read more slowly. */
  readonly slowed: boolean
  readonly protocol: 3 | 4 | 5
  /** Where it is, or was last. */
  readonly address: string | null
  readonly connectedAt: number | null
  readonly disconnectedAt: number | null
  /** Seconds that its session outlives a connection; null for ever. */
  readonly sessionExpiry: number | null
  /** Messages that wait for it, and their bytes. */
  readonly queued: number
  readonly queuedBytes: number
  /** Messages that it has not acknowledged. */
  readonly inflight: number
  /** Bytes on the way that it has not read. */
  readonly unread: number
  readonly subscriptions: number
  /** Messages from it and to it, and those for it that a limit dropped. */
  readonly received: number
  readonly sent: number
  readonly dropped: number
  /** Messages a second from it and to it, over the last 10 s. */
  readonly rateIn: number
  readonly rateOut: number
  /** Name of the reason why its last connection ended, and when. */
  readonly lastReason: string | null
  readonly lastReasonAt: number | null
}

export interface ClientDetails extends ClientInfo {
  readonly filters: readonly {
    readonly filter: string
    readonly qos: QoS
    readonly noLocal: boolean
    readonly retainAsPublished: boolean
  }[]
}

/** The clients for which all that is given holds; at least one thing has to be. */
export interface ClientTarget {
  readonly user?: string | null
  readonly clientId?: string | null
  readonly address?: string | null
}

export interface BrokerStats {
  readonly connections: number
  readonly sessions: number
  readonly subscriptions: number
  readonly retained: number
  readonly received: number
  readonly sent: number
  readonly dropped: number
  /** Publishes and wills that the permissions refused. */
  readonly refused: number
  /** Bytes of all packets. */
  readonly bytesReceived: number
  readonly bytesSent: number
}

/** What waits for clients, over all sessions. */
export interface BrokerQueues {
  readonly messages: number
  readonly bytes: number
  /** Sent and not acknowledged. */
  readonly inflight: number
  /** The session that is nearest to its limit: 0 empty, 1 full, so that new messages for it are dropped. Null when nothing waits. */
  readonly fullest: { readonly user: string; readonly clientId: string; readonly share: number } | null
}

export interface Broker {
  /** Loads what the store kept. Must end before the first `accept`. */
  open(): Promise<void>
  /** Serves MQTT on a connected byte stream until it ends. */
  accept(stream: Duplex, peer: Peer): void
  /** Publishes for the hub itself. QoS 1 and 2 copies for persistent sessions and retained slots land in this turn's batch. */
  readonly publish: Publish
  /** Publishes what a client said while it was confined, as its own; what its rules refuse is dropped. */
  publishAs(
    member: Omit<Member, 'kind'> & { readonly clientId: string },
    message: Pick<Message, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>,
  ): void
  /** The hub's own subscribers, in the sockets' tree. Matching retained messages are replayed to `onMessage` at the end of the queue, unless the subscriber is live only. */
  readonly subscriptions: Subscriptions
  /** The retained messages whose topics match a filter, at most so many. */
  retained(filter: string, most?: number): Message[]
  clients(): ClientInfo[]
  client(user: string, clientId: string): ClientDetails | undefined
  /** The clients of a user that are connected. */
  connected(user: string): ClientInfo[]
  stats(): BrokerStats
  /** Looks at every session: for now and then. */
  queues(): BrokerQueues
  /** Ends the connections of clients and, with `forget`, their sessions too. They hear `reason`. */
  disconnect(target: ClientTarget & { readonly forget?: boolean; readonly reason?: 'administrative' | 'banned' }): void
  /** Removes the retained messages that a user's clients published. */
  clearRetained(user: string): void
  /** Ends all connections; sessions stay. Resolves when the last write is durable. */
  close(): Promise<void>
}
