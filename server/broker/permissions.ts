import type { Message } from '#kernel'
import type { Rate } from './token-bucket.ts'

/** Where a connection comes from. */
export interface Peer {
  readonly address: string
  readonly port: number
  readonly transport: 'tcp' | 'tls' | 'websocket'
  /** Told when the client is let in, and when its rights grow: the bytes that a packet of it may have. */
  readonly onAdmitted?: (maxPacketSize: number) => void
}

/** What a CONNECT shows of itself. */
export interface Login {
  readonly clientId: string
  readonly username: string | null
  readonly password: Uint8Array | null
  /** Protocol level: 3, 4 or 5. */
  readonly protocol: 3 | 4 | 5
  readonly willTopic: string | null
  readonly peer: Peer
}

/**
 * What a member may do. The broker asks at publish, at subscribe and at each delivery (live, retained,
 * queued, will), so an owner may change the answers while connections stand.
 */
export interface TopicRules {
  mayPublish(topic: string): boolean
  /**
   * Asked with the filter behind a share name. False refuses it, `failure` without saying that it is a matter of
   * rights; a granted filter may be wider than what is delivered.
   */
  maySubscribe(filter: string): boolean | 'failure'
  mayReceive(topic: string): boolean
}

/** Bounds that go with the kind of client (decisions: device, gateway, software client). */
export interface ClientLimits {
  /** Bytes of a whole packet. */
  readonly maxPacketSize: number
  /** Retained topics this client may own. */
  readonly maxRetained: number
  /** Subscriptions of one session; the broker's own bound when left out. */
  readonly maxSubscriptions?: number
  /** Messages from one client; what comes faster is read more slowly. No bound when left out. */
  readonly publishRate?: Rate
}

export interface Member {
  readonly kind: 'member'
  /** The name space of its client ids and the name on its messages; not what it typed, but who it is. */
  readonly user: string
  readonly rules: TopicRules
  readonly limits: ClientLimits
}

/**
 * A client that may talk, but reaches nobody: its messages go to a sink. It becomes a member on the same
 * connection when the sink's owner calls `promote`; its subscriptions are live from then on.
 */
export interface Confined {
  readonly kind: 'confined'
  readonly user: string
  readonly limits: ClientLimits
  readonly sink: Sink
}

export interface Sink {
  /** Called once, before any message. */
  open(connection: ConfinedConnection): void
  accept(message: Message): void
  closed(): void
}

export interface ConfinedConnection {
  readonly login: Login
  promote(member: Member): void
  close(reason: RefusalReason): void
}

export type RefusalReason = 'bad_credentials' | 'not_authorised' | 'banned' | 'unavailable'

export interface Refused {
  readonly kind: 'refused'
  readonly reason: RefusalReason
}

export type Identity = Refused | Member | Confined

/** One enhanced authentication of 5.0, from its first step to its last. */
export interface Exchange {
  /** Takes what the client says; null when it says nothing. */
  next(data: Uint8Array | null): ExchangeStep | Promise<ExchangeStep>
}

export type ExchangeStep =
  | { readonly kind: 'continue'; readonly data: Uint8Array }
  /** `data` goes with the CONNACK, or with the AUTH that ends a repetition. */
  | { readonly kind: 'done'; readonly data: Uint8Array | null; readonly identity: Identity }

/** The port that knows who may come in. A slow check (a person's password) may answer later; packets wait meanwhile. */
export interface Permissions {
  identify(login: Login): Identity | Promise<Identity>
  /** Begins an authentication by a method that CONNECT names; null when the method is not offered. */
  authenticate?(method: string, login: Login): Exchange | null
}
