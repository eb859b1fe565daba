import { HobError } from '#kernel'
import type { Login, Member } from '../broker/index.ts'
import { hashSecret, NOBODYS_HASH, sameHash } from './secrets.ts'
import type { StoredClient } from './store.ts'
import { LIMITS, topicRules } from './topic-rules.ts'

/** Logins taken away that are remembered until the hub stops. */
export const MAX_REVOKED = 200

type LoginText = Pick<Login, 'username' | 'clientId' | 'password'>

/** What a login that the hub did not make is known by: SHA-256 over user name, client id and password, hex. */
export function proofOf({ username, clientId, password }: LoginText): string {
  const secret = Buffer.from(password ?? '')
  return hashSecret(Buffer.concat([Buffer.from(`${username ?? ''}\0${clientId}\0`), secret]))
}

/** What is known of a login. */
export type Match =
  | { readonly kind: 'credential'; readonly credential: StoredClient }
  /** User name and password are right, and belong to other client ids. */
  | { readonly kind: 'other_client'; readonly credentials: readonly StoredClient[] }
  /** The user name is one that the hub made. */
  | { readonly kind: 'wrong_password' }
  /** The user name is one that devices chose. */
  | { readonly kind: 'known_name' }
  | { readonly kind: 'unknown' }

/** The MQTT credentials, by the name they log in with and by the user they stand for. */
export class Credentials {
  readonly #byUser = new Map<string, StoredClient>()
  readonly #byName = new Map<string, StoredClient[]>()
  readonly #revoked = new Set<string>()

  /** Who a client with this credential is. Devices may share the user name they chose, so that cannot be it. */
  static userOf({ id, username, origin }: Pick<StoredClient, 'id' | 'username' | 'origin'>): string {
    return origin === 'issued' ? username : `d-${id.toLowerCase()}`
  }

  static memberOf(credential: StoredClient): Member {
    const { kind } = credential
    return { kind: 'member', user: Credentials.userOf(credential), rules: topicRules(credential), limits: LIMITS[kind] }
  }

  /** @throws HobError `access.unknown_client`. */
  need(user: string): StoredClient {
    const credential = this.#byUser.get(user)
    if (credential === undefined) throw new HobError('access.unknown_client', `there is no client "${user}"`)
    return credential
  }

  values(): StoredClient[] {
    return [...this.#byUser.values()]
  }

  get(user: string): StoredClient | undefined {
    return this.#byUser.get(user)
  }

  /** Adds a credential, or puts a changed one in place of itself. */
  put(credential: StoredClient): void {
    const { username } = credential
    this.#byUser.set(Credentials.userOf(credential), credential)
    const others = (this.#byName.get(username) ?? []).filter(({ id }) => id !== credential.id)
    this.#byName.set(username, [...others, credential])
    this.#revoked.delete(credential.hash)
  }

  remove(credential: StoredClient): void {
    const { username, hash } = credential
    this.#byUser.delete(Credentials.userOf(credential))
    const others = (this.#byName.get(username) ?? []).filter(({ id }) => id !== credential.id)
    if (others.length > 0) this.#byName.set(username, others)
    else this.#byName.delete(username)
    this.#revoked.add(hash)
    if (this.#revoked.size > MAX_REVOKED) this.#revoked.delete(this.#revoked.keys().next().value!)
  }

  /** The one that the hub made for a user name. */
  issued(username: string): StoredClient | undefined {
    return this.#named(username).find(({ origin }) => origin === 'issued')
  }

  /** Whether one exists for this user name and client id. */
  has(username: string, clientId: string): boolean {
    return this.#named(username).some(each => each.clientId === null || each.clientId === clientId)
  }

  /** Whether a login was taken away since the start of the hub. */
  wasRevoked(login: LoginText): boolean {
    return this.#revoked.has(proofOf(login)) || this.#revoked.has(hashSecret(login.password ?? ''))
  }

  match(login: LoginText): Match {
    const named = this.#named(login.username ?? '')
    if (named.length === 0) sameHash(hashSecret(login.password ?? ''), NOBODYS_HASH)
    const credential = named.find(each => isFor(each, login) && fits(each, login))
    if (credential !== undefined) return { kind: 'credential', credential }
    if (named.length === 0) return { kind: 'unknown' }
    if (named.some(({ origin }) => origin === 'issued')) return { kind: 'wrong_password' }
    const credentials = named.filter(each => each.origin === 'own' && fits(each, login))
    return credentials.length > 0 ? { kind: 'other_client', credentials } : { kind: 'known_name' }
  }

  #named(username: string): readonly StoredClient[] {
    return this.#byName.get(username) ?? []
  }
}

function isFor({ clientId }: StoredClient, login: LoginText): boolean {
  return clientId === null || clientId === login.clientId
}

/** Whether user name and password belong to a credential, under whichever client id. */
function fits({ origin, hash, clientId }: StoredClient, { username, password }: LoginText): boolean {
  const shown =
    origin === 'issued' ? hashSecret(password ?? '') : proofOf({ username, clientId: clientId ?? '', password })
  return sameHash(shown, hash)
}
