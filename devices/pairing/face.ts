import type { Cause, Message, MessageProperties, QoS, Ulid } from '#kernel'
import type { AnnouncementFault, Candidate } from '../face.ts'
import type { Device } from '../model/entity.ts'

/** How a client shows itself at the door. */
export interface Visitor {
  readonly address: string
  readonly clientId: string
  readonly username: string | null
  /** MQTT protocol level. */
  readonly protocol: 3 | 4 | 5
  readonly willTopic: string | null
  readonly hasPassword: boolean
  /** A hash over user name, client id and password: whoever shows the same again is the same client. */
  readonly proof: string
}

/**
 * Why somebody was refused: without user name and password; with a password that is wrong for a known user name; with
 * an unknown user name; with a login that another connection uses; more often or in greater number than is allowed;
 * with a login that was taken away.
 */
export type KnockReason = 'no_login' | 'wrong_password' | 'unknown_user' | 'used_twice' | 'too_many' | 'revoked'

/** Refused attempts of one address under one user name for one reason. */
export interface Knock {
  readonly id: Ulid
  readonly address: string
  /** Of the last attempt. */
  readonly clientId: string
  readonly username: string | null
  readonly reason: KnockReason
  readonly count: number
  /** Wall-clock milliseconds. */
  readonly firstSeen: number
  readonly lastSeen: number
}

/** The open connection of a guest. */
export interface GuestConnection {
  /** Lets it in for good as an MQTT user: on this connection, with its subscriptions. */
  promote(user: string): void
  close(): void
}

/** A place among the guests for one connection. */
export interface GuestSeat {
  /** The MQTT user that the connection counts as. */
  readonly user: string
  open(connection: GuestConnection): void
  accept(message: Message): void
  closed(): void
}

/** Whoever decides about logins asks here about those it does not know. */
export interface Door {
  /** A place among the guests, or why there is none; `closed` when no window is open. */
  admit(visitor: Visitor): GuestSeat | 'closed' | 'too_many' | 'used_twice' | 'revoked'
  /** Notes a refused attempt. */
  refused(visitor: Visitor, reason: KnockReason): void
  /** A known login came in: what it was refused for before is settled. */
  welcomed(visitor: Pick<Visitor, 'address' | 'username'>): void
}

/** Topic filters that a client may publish to and hear. */
export interface OwnTopics {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** The port to the credentials of devices. */
export interface DeviceLogins {
  /**
   * Makes what a guest presented its credential, in memory; `keep` follows in the same turn.
   * @returns the MQTT user it is known by from now on.
   * @throws HobError `pairing.login_taken`.
   */
  grant(visitor: Visitor, rights: OwnTopics & { readonly kind: 'device' | 'gateway' }): string
  /** Writes it. Resolves when it is on disk. */
  keep(user: string, device: Ulid, cause: Cause): Promise<void>
  /** Takes it away: connection, session and retained messages go with it. Resolves when that is on disk. */
  revoke(user: string, cause: Cause): Promise<void>
  /** The topics of each device that has a credential of its own; null for a user that is none. */
  topicsOf(user: string): OwnTopics | null
}

/** What a guest said last on one topic. */
export interface HeardMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: MessageProperties | null
  /** Wall-clock milliseconds. */
  readonly at: number
}

/** A client that the open window let in: it may talk, and reaches nobody until a person adopts what it announced. */
export interface GuestInfo {
  readonly id: Ulid
  readonly visitor: Visitor
  readonly isConnected: boolean
  /** Wall-clock milliseconds. */
  readonly since: number
  readonly lastSeen: number
  /** Messages heard. */
  readonly messages: number
  /** What it said last on each topic, newest first. */
  readonly heard: readonly HeardMessage[]
  /** What it announced. */
  readonly candidates: readonly Candidate[]
}

/** Everything that is heard and not adopted. */
export interface Heard {
  /** End of the open window, wall-clock milliseconds; null when closed. */
  readonly until: number | null
  readonly isBatch: boolean
  /** Announced by clients that are known already. */
  readonly candidates: readonly Candidate[]
  readonly guests: readonly GuestInfo[]
  readonly knocks: readonly Knock[]
  readonly faults: readonly AnnouncementFault[]
}

/** How a candidate becomes a device. */
export interface AdoptionChoice {
  readonly name?: string
  readonly area?: string | null
  /** Takes a client that shows no password. Anybody on the network who learns its client id can take its place. */
  readonly allowWithoutPassword?: boolean
}

/** The pairing window, its guests, and those who were refused. Nothing of it outlives the hub's run. */
export interface Pairing extends Door {
  /** Opens the window, or sets a new end for the open one. @throws HobError `pairing.bad_window`. */
  open(window: { seconds: number; batch: boolean }, cause: Cause): void
  /** Guests stay for a while: whoever adopts one may still be choosing a name. */
  close(): void
  heard(): Heard
  /**
   * Makes a candidate a device. The client of a guest becomes a member with topics of its own, on the same connection,
   * and what it said in the quarantine is published as its own. Resolves when it is on disk.
   * @throws HobError `devices.unknown_candidate`, `devices.unknown_area`, `pairing.no_password`,
   * `pairing.already_adopted`, `pairing.topics_taken`, `pairing.login_taken`.
   */
  adopt(candidate: Ulid, choice: AdoptionChoice, cause: Cause): Promise<Device>
  /** The way back: credential, connection, session, retained messages, topics and rows go. @throws HobError `devices.unknown_device`. */
  forget(device: string, cause: Cause): Promise<void>
  /** Sends a guest away until the window opens anew. @throws HobError `pairing.unknown_guest`. */
  reject(guest: Ulid): void
  /** @throws HobError `pairing.unknown_knock`. */
  dismiss(knock: Ulid): void
  /** Something of the candidates differs. */
  touch(): void
  stop(): void
}
