import type { DeviceLogins, Door } from '#devices'
import type { Cause, Clock, Log, Random, Ulid } from '#kernel'
import type { Member, Permissions } from '../broker/index.ts'
import type { Connected } from './mqtt-permissions.ts'
import type { BanTarget } from './bans.ts'
import type { Rights } from './rights.ts'
import type {
  AccessStore,
  AuditCheck,
  AuditEntry,
  AuditNote,
  AuditQuery,
  KnownEntry,
  Role,
  Scope,
  StoredAreaRole,
  StoredBan,
  StoredClient,
  StoredPass,
  StoredSession,
  StoredToken,
  StoredUser,
} from './store.ts'

export interface AccessOptions {
  readonly clock: Clock
  readonly newId: () => Ulid
  readonly random: Random
  readonly store: AccessStore
  readonly log: Log
  /** Lets any MQTT client in as `anonymous`, with all rights (`--allow-anonymous`). */
  readonly allowAnonymous: boolean
  /** Where those are met whose login is not known. */
  readonly door: () => Door
  /** The connections of an MQTT user. */
  readonly connected: Connected
  /** An MQTT credential is gone: so is everything that it held at the broker. */
  readonly onCredentialRevoked: (gone: { readonly user: string; readonly kind: StoredClient['kind'] }) => void
  /** Clients are kept out from now on: those that are connected have to go. */
  readonly onBanned: (target: BanTarget) => void
}

/** Who makes a request, and what the request may do. */
export interface Principal {
  readonly kind: 'user' | 'token' | 'pass' | 'local'
  readonly user: Ulid | null
  /** For causes: user name, id of a token or pass, `hob` for the command line on the hub's own socket. */
  readonly who: string
  readonly role: Role
  readonly rights: Rights
  /** The token or session that lets it in; what it holds open ends with that. */
  readonly grant: Ulid | null
  /** The owner who looks through this user's eyes, and changes nothing; null for the user. */
  readonly viewer: string | null
}

export type UserInfo = Omit<StoredUser, 'password' | 'recovery'>
export type PassInfo = Omit<StoredPass, 'hash'>
export type SessionInfo = Omit<StoredSession, 'hash'>
export type TokenInfo = Omit<StoredToken, 'hash'>
/** `user`: who its clients are at the broker. */
export type ClientCredential = Omit<StoredClient, 'hash' | 'scram'> & { readonly user: string }

/** Who stands at the door: shown to the owner of the account, and counted when it guesses. */
export interface Browser {
  readonly address: string
  readonly userAgent: string
}

/** A session that began; its secret is given once. */
export interface SignedIn {
  readonly principal: Principal
  /** 256 bits, base64url. */
  readonly secret: string
  readonly expiresAt: number
}

/**
 * People at their browsers. Whatever takes a password or code throws `access.too_many_tries` (facts: `retryAfter`
 * seconds) to an address that guessed too often, and answers in the same time for unknown and wrong.
 */
export interface SignIns {
  /** Whether the hub has an owner. */
  isClaimed(): boolean
  /** A code that makes its first user the owner, until it is used, replaced or the hub restarts. @throws HobError `access.already_claimed`. */
  newClaim(): string
  /** Makes the owner's account. @throws HobError `access.already_claimed`, `access.bad_code`, `access.bad_name`, `access.name_taken`, `access.weak_password`. */
  claim(
    claim: { code: string; name: string; password: string },
    browser: Browser,
    cause: Cause,
  ): Promise<SignedIn & { readonly recoveryCode: string }>
  /** `code` of who has a second factor. @throws HobError `access.bad_credentials`, `access.code_needed`, `access.wrong_code`. */
  withPassword(login: { name: string; password: string; code?: string }, browser: Browser): Promise<SignedIn>
  /** A new password by recovery code, which is used up; all sessions end. @throws HobError `access.bad_credentials`, `access.weak_password`, `access.code_needed`, `access.wrong_code`. */
  recover(
    recovery: { name: string; recoveryCode: string; password: string; code?: string },
    browser: Browser,
    cause: Cause,
  ): Promise<SignedIn & { readonly recoveryCode: string }>
  /** The user's other sessions end. @throws HobError `access.wrong_password`, `access.weak_password`. */
  changePassword(
    change: { user: Ulid; session: Ulid; from: string; to: string },
    browser: Browser,
    cause: Cause,
  ): Promise<void>
  /** Recovery codes left beside the app of a user; undefined when there is no second factor. */
  secondFactor(user: Ulid): number | undefined
  /** A key for an authenticator app, in base 32; it counts once a code was shown. @throws HobError `access.wrong_password`. */
  beginSecondFactor(user: Ulid, password: string, browser: Browser): Promise<string>
  /** @returns ten recovery codes, shown this once. @throws HobError `access.wrong_code`. */
  confirmSecondFactor(user: Ulid, code: string, by: { browser: Browser; cause: Cause }): Promise<readonly string[]>
  /** @throws HobError `access.wrong_password`. */
  endSecondFactor(user: Ulid, password: string, by: { browser: Browser; cause: Cause }): Promise<void>
  /** A code that signs a user in once, within 15 minutes. @throws HobError `access.unknown_user`. */
  newLink(name: string): { user: Ulid; code: string; expiresAt: number }
  /** @throws HobError `access.bad_code`. */
  withLink(code: string, browser: Browser): Promise<SignedIn>
  /** A session of a guest pass, until that ends; 20 an hour. @throws HobError `access.bad_code`, `access.pass_not_yet`. */
  withPass(code: string, browser: Browser): Promise<SignedIn>
  /** The principal of a session's secret, or undefined. A session ends 90 days after its last use; `isRenewed` when that just moved on. */
  bySecret(
    secret: string,
    address: string,
  ): { readonly principal: Principal; readonly isRenewed: boolean; readonly expiresAt: number } | undefined
  sessions(user: Ulid): readonly SessionInfo[]
  /** Ends a session, of this user when one is named; without a cause its own user ends it. @throws HobError `access.unknown_session`. */
  end(id: Ulid, user?: Ulid, cause?: Cause): Promise<void>
  endAll(user: Ulid): Promise<void>
  /**
   * Shows a session of an owner the house as another user sees it, and changes nothing, until `null`, its end or the
   * hub's restart; nothing at all while that user is gone or switched off.
   * @throws HobError `access.unknown_user`, `access.user_disabled`.
   */
  view(session: Ulid, name: string | null): void
}

export interface Access {
  open(): Promise<void>
  /** Whoever can open the hub's socket in the data folder: its owner. */
  readonly local: Principal
  /** 8 letters and digits that tell this hub's cookies from those of others on the same host; there after `open`. */
  instance(): string
  readonly signIns: SignIns
  /** For the broker: users' software clients, then devices, then guests of the open pairing window. */
  readonly permissions: Permissions
  /** The principal of a bearer token, or undefined. Same time for unknown and wrong. Touches `lastUsedAt` at most once a minute. */
  byToken(token: string): Principal | undefined
  /** Calls `listener` when a token or session lets nobody in any more: it ended, was removed, or its user may not. */
  onRevoked(listener: (grant: Ulid) => void): void
  /** Calls `listener` with the user, or the session alone, that may do something else from now on. */
  onRightsChanged(listener: (userOrGrant: Ulid) => void): void
  /** The principal that a token or session stands for now, or undefined when it lets nobody in. */
  byGrant(grant: Ulid): Principal | undefined
  users(): readonly UserInfo[]
  /** @throws HobError `access.name_taken`, `access.bad_name`, `access.weak_password` (under 10 characters or a common one). */
  addUser(
    user: { name: string; role: Role; areaRole?: string | null; password: string },
    cause: Cause,
  ): Promise<UserInfo>
  /** Ends the user's sessions and sign-in links. @throws HobError `access.unknown_user`, `access.weak_password`. */
  resetPassword(name: string, password: string, cause: Cause): Promise<void>
  /** For one who lost the app and the recovery codes. @throws HobError `access.unknown_user`. */
  removeSecondFactor(name: string, cause: Cause): Promise<void>
  /** A disabled user's sessions end, and its tokens let nobody in. @throws HobError `access.unknown_user`, `access.last_owner`. */
  setDisabled(name: string, disabled: boolean, cause: Cause): Promise<UserInfo>
  /** Sessions, tokens and second factor go with the account. @throws HobError `access.unknown_user`, `access.last_owner`. */
  removeUser(name: string, cause: Cause): Promise<void>
  /** Another role, or another role by area. @throws HobError `access.unknown_user`, `access.unknown_role`, `access.last_owner`, `access.whole_house` for one whose role is the whole house. */
  setRole(name: string, to: { role?: Role; areaRole?: string | null }, cause: Cause): Promise<UserInfo>
  readonly audit: {
    list(query: AuditQuery): Promise<readonly AuditEntry[]>
    check(known: KnownEntry | null): Promise<AuditCheck>
    note(cause: Cause, note: Omit<AuditNote, 'cause'>): void
  }
  areaRoles(): readonly StoredAreaRole[]
  /** @throws HobError `access.too_many_roles`. */
  addAreaRole(role: Omit<StoredAreaRole, 'slug'>, cause: Cause): Promise<StoredAreaRole>
  /** @throws HobError `access.unknown_role`. */
  changeAreaRole(slug: string, change: Partial<Omit<StoredAreaRole, 'slug'>>, cause: Cause): Promise<StoredAreaRole>
  /** @throws HobError `access.unknown_role`, `access.role_held`. */
  removeAreaRole(slug: string, cause: Cause): Promise<void>
  passes(): readonly PassInfo[]
  /** The secret is given once and stored as a hash. @throws HobError `access.bad_window`, `access.too_many_passes`. */
  addPass(
    pass: Omit<StoredPass, 'id' | 'hash' | 'createdAt'>,
    cause: Cause,
  ): Promise<{ pass: PassInfo; secret: string }>
  /** Its sessions end. @throws HobError `access.unknown_pass`. */
  removePass(id: Ulid, cause: Cause): Promise<void>
  tokens(): readonly TokenInfo[]
  /** The secret is given once and stored as a hash. @throws HobError `access.unknown_user`, `access.role_too_low`. */
  addToken(
    token: { user: string; scopes: readonly Scope[]; areas: readonly Ulid[] | null; expiresAt: number | null },
    cause: Cause,
  ): Promise<{ token: TokenInfo; secret: string }>
  /** @throws HobError `access.unknown_token`. */
  removeToken(id: Ulid, cause: Cause): Promise<void>
  clients(): readonly ClientCredential[]
  /** The user name is `c-<name>`'s slug; the password is 26 Crockford characters, given once. @throws HobError `access.name_taken`, `access.bad_filter`. */
  addClient(
    client: {
      name: string
      kind: StoredClient['kind']
      publish: readonly string[]
      subscribe: readonly string[]
      full: boolean
    },
    cause: Cause,
  ): Promise<{ client: ClientCredential; password: string }>
  /** @throws HobError `access.unknown_client`; the credential of a device goes with its device. */
  removeClient(username: string, cause: Cause): Promise<void>
  /** The MQTT clients that are kept out at the moment. */
  bans(): readonly StoredBan[]
  /** Keeps clients out, until `until` or for ever (null), and ends their connections; in place of a ban on the same. @throws HobError `access.bad_ban`, `access.too_many_bans`. */
  addBan(ban: BanTarget & { readonly until: number | null }, cause: Cause): Promise<StoredBan>
  /** @throws HobError `access.unknown_ban`. */
  removeBan(id: Ulid, cause: Cause): Promise<void>
  /** The credentials that devices brought along. */
  readonly logins: DeviceLogins
  /** What the broker lets an MQTT user do. @throws HobError `access.unknown_client`. */
  member(user: string): Member
}
