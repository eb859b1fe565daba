import type { Cause, Json, Ulid, Writes } from '#kernel'
import type { Action } from './rights.ts'
import type { ScramVerifier } from './scram.ts'

export type Role = 'owner' | 'admin' | 'user' | 'guest'
/** What a token may do: `admin` everything, `rules` edit rules, `control` send commands, `read` look. */
export type Scope = 'admin' | 'rules' | 'control' | 'read'

export interface StoredUser {
  readonly id: Ulid
  readonly name: string
  readonly role: Role
  /** Slug of the role by area that takes the place of what the role allows; null for none. */
  readonly areaRole: string | null
  /** PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
  readonly password: string
  /** SHA-256 of the recovery code, hex; null when there is none. */
  readonly recovery: string | null
  readonly createdAt: number
  readonly disabled: boolean
}

/** What somebody may do by area. */
export interface StoredAreaRole {
  readonly slug: string
  readonly name: string
  /** In the whole house, null for nothing. */
  readonly house: Action | null
  readonly areas: readonly { readonly area: Ulid; readonly may: Action }[]
}

/** A link that lets its bearer use chosen controls for a while. */
export interface StoredPass {
  readonly id: Ulid
  readonly name: string
  /** SHA-256 of its secret, hex. */
  readonly hash: string
  readonly entities: readonly Ulid[]
  readonly may: 'see' | 'control'
  /** Wall-clock milliseconds of its window. */
  readonly from: number
  readonly until: number
  readonly createdAt: number
}

/** What a person has beside the password. */
export interface StoredFactor {
  readonly user: Ulid
  /** The key of the codes by time, hex: it has to be known to make them. */
  readonly key: string
  /** Half minutes since 1970 of the last code that was used. */
  readonly step: number
  /** SHA-256 of the recovery codes that are left, hex. */
  readonly codes: readonly string[]
  readonly createdAt: number
}

export interface StoredToken {
  readonly id: Ulid
  readonly user: Ulid
  /** SHA-256 of the token, hex. */
  readonly hash: string
  readonly scopes: readonly Scope[]
  /** Areas it is limited to, null for all. */
  readonly areas: readonly Ulid[] | null
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

/** A browser in which a person is signed in. */
export interface StoredSession {
  readonly id: Ulid
  /** The user, or the pass that let it in. */
  readonly user: Ulid
  /** SHA-256 of the cookie's 256 bits, hex. */
  readonly hash: string
  readonly createdAt: number
  /** Noted at most once an hour. */
  readonly seenAt: number
  readonly expiresAt: number
  /** Where it was seen from. */
  readonly address: string
  readonly userAgent: string
}

/** An MQTT credential. */
export interface StoredClient {
  readonly id: Ulid
  readonly kind: 'software' | 'device' | 'gateway'
  readonly username: string
  /** The only client id it lets in; null lets any in. */
  readonly clientId: string | null
  /** Made by the hub, the device's own choice, or a client without a password. */
  readonly origin: 'issued' | 'own' | 'none'
  /** SHA-256, hex: of the password that the hub issued, else of user name, client id and password as the device shows them. */
  readonly hash: string
  /** Lets it in by SCRAM-SHA-256 as well; null for passwords that the hub did not make. */
  readonly scram: ScramVerifier | null
  /** Topic filters it may publish to and subscribe to; `full` allows all but `$SYS` writes. */
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  readonly full: boolean
  readonly device: Ulid | null
  readonly createdAt: number
}

/** MQTT clients that are kept out: those for which all that is not null holds. */
export interface StoredBan {
  readonly id: Ulid
  readonly user: string | null
  /** Only beside a user: equal client ids of different users are different clients. */
  readonly clientId: string | null
  readonly address: string | null
  /** Wall-clock milliseconds of its end; null for ever. */
  readonly until: number | null
  /** Who set it, as in a cause. */
  readonly who: string
  readonly createdAt: number
}

export interface StoredAccess {
  /** The hub's short name in its cookies; null before it was made. */
  readonly instance: string | null
  readonly users: readonly StoredUser[]
  readonly tokens: readonly StoredToken[]
  readonly sessions: readonly StoredSession[]
  readonly clients: readonly StoredClient[]
  readonly bans: readonly StoredBan[]
  readonly roles: readonly StoredAreaRole[]
  readonly passes: readonly StoredPass[]
  readonly factors: readonly StoredFactor[]
}

export type AccessOp =
  | { readonly op: 'access.instance.put'; readonly instance: string }
  | { readonly op: 'access.user.put'; readonly user: StoredUser; readonly cause: Cause }
  | { readonly op: 'access.user.remove'; readonly id: Ulid; readonly cause: Cause }
  | { readonly op: 'access.token.put'; readonly token: StoredToken; readonly cause: Cause }
  | { readonly op: 'access.token.used'; readonly id: Ulid; readonly at: number }
  | { readonly op: 'access.token.remove'; readonly id: Ulid; readonly cause: Cause }
  | { readonly op: 'access.session.put'; readonly session: StoredSession }
  | { readonly op: 'access.session.remove'; readonly id: Ulid }
  | { readonly op: 'access.client.put'; readonly client: StoredClient; readonly cause: Cause }
  | { readonly op: 'access.client.remove'; readonly id: Ulid; readonly cause: Cause }
  | { readonly op: 'access.ban.put'; readonly ban: StoredBan; readonly cause: Cause }
  /** Without a cause a code of it was used. */
  | { readonly op: 'access.factor.put'; readonly factor: StoredFactor; readonly cause: Cause | null }
  | { readonly op: 'access.factor.remove'; readonly user: Ulid; readonly cause: Cause }
  | { readonly op: 'access.audit.add'; readonly note: AuditNote }
  | { readonly op: 'access.role.put'; readonly role: StoredAreaRole; readonly cause: Cause }
  | { readonly op: 'access.role.remove'; readonly slug: string; readonly cause: Cause }
  | { readonly op: 'access.pass.put'; readonly pass: StoredPass; readonly cause: Cause }
  | { readonly op: 'access.pass.remove'; readonly id: Ulid; readonly cause: Cause }
  /** Without a cause its time was over. */
  | { readonly op: 'access.ban.remove'; readonly id: Ulid; readonly cause: Cause | null }

/** What is added to the audit log; never a secret, nor anything that somebody typed in a wrong field. */
export interface AuditNote {
  readonly cause: Cause
  /** `area.verb`. */
  readonly action: string
  /** Id of what it was done to. */
  readonly object: string | null
  readonly detail: Readonly<Record<string, Json>>
}

export interface AuditEntry extends AuditNote {
  /** Grows by one. */
  readonly seq: number
  readonly at: number
  /** SHA-256, hex, over the hash before it and this entry. */
  readonly hash: string
}

export interface AuditQuery {
  readonly limit: number
  /** Only entries below this number. */
  readonly before?: number
  /** How the action begins. */
  readonly action?: string
  readonly who?: string
}

/** An entry that somebody wrote down: the chain must still hold it. */
export type KnownEntry = Pick<AuditEntry, 'seq' | 'hash'>

export interface AuditCheck {
  readonly entries: number
  /** To be written down elsewhere: who rewrites the whole log cannot make it hold this entry again. Null when it is empty. */
  readonly last: KnownEntry | null
  /** Number of the first entry that is not what it was, or is missing; null when the chain is whole. */
  readonly brokenAt: number | null
}

export interface AccessStore extends Writes<AccessOp> {
  load(): Promise<StoredAccess>
  /** Newest first, with all that was written before the question. */
  audit(query: AuditQuery): Promise<AuditEntry[]>
  /** @param known an entry that the chain held before. */
  checkAudit(known: KnownEntry | null): Promise<AuditCheck>
}
