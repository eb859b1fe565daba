import type { DeviceLogins, Door } from '#devices'
import type { Cause, Clock, Log, Random, Ulid } from '#kernel'
import type { Member, Permissions } from '../broker/index.ts'
import type { Connected } from './mqtt-permissions.ts'
import type { AccessStore, Role, Scope, StoredClient, StoredToken, StoredUser } from './store.ts'

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
}

/** Who makes a request, and what the request may do. */
export interface Principal {
  readonly kind: 'user' | 'token' | 'local'
  readonly user: Ulid | null
  /** For causes: user name, token id, `hob` for the command line on the hub's own socket. */
  readonly who: string
  readonly role: Role
  readonly scopes: readonly Scope[]
  readonly areas: readonly Ulid[] | null
}

/** Whose rights are gone: what this principal holds open ends. */
export type Revoked = Pick<Principal, 'kind' | 'who'>

export type UserInfo = Omit<StoredUser, 'password' | 'recovery'>
export type TokenInfo = Omit<StoredToken, 'hash'>
/** `user`: who its clients are at the broker. */
export type ClientCredential = Omit<StoredClient, 'hash'> & { readonly user: string }

export interface Access {
  open(): Promise<void>
  /** For the broker: users' software clients, then devices, then guests of the open pairing window. */
  readonly permissions: Permissions
  /** The principal of a bearer token, or undefined. Same time for unknown and wrong. Touches `lastUsedAt` at most once a minute. */
  byToken(token: string): Principal | undefined
  /** Calls `listener` when a principal loses its rights: its token was removed or has expired. */
  onRevoked(listener: (gone: Revoked) => void): void
  /** @throws HobError `access.bad_credentials`. At most two argon2 computations run at a time. */
  signIn(name: string, password: string): Promise<Principal>
  users(): readonly UserInfo[]
  /** @throws HobError `access.name_taken`, `access.bad_name`, `access.weak_password` (under 10 characters or a common one). */
  addUser(user: { name: string; role: Role; password: string }, cause: Cause): Promise<UserInfo>
  /** @throws HobError `access.unknown_user`, `access.weak_password`. */
  resetPassword(name: string, password: string, cause: Cause): Promise<void>
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
  /** The credentials that devices brought along. */
  readonly logins: DeviceLogins
  /** What the broker lets an MQTT user do. @throws HobError `access.unknown_client`. */
  member(user: string): Member
}
