import { createDurableWait, HobError, type Cause, type Ulid } from '#kernel'
import { createClients } from './clients.ts'
import { Credentials } from './credentials.ts'
import { createExpiry } from './expiry.ts'
import type { Access, AccessOptions, Principal, Revoked, TokenInfo, UserInfo } from './face.ts'
import { mqttPermissions } from './mqtt-permissions.ts'
import { fitsPassword, hashPassword, hashSecret, makeSecret, requireStrong } from './secrets.ts'
import type { Role, Scope, StoredToken, StoredUser } from './store.ts'

/** Milliseconds between two notes of a token's use. */
const USED_EVERY = 60_000
/** Password computations at a time: each takes 19 MiB and a core for a while. */
const MAX_HASHING = 2

const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: ['admin', 'rules', 'control', 'read'],
  admin: ['admin', 'rules', 'control', 'read'],
  user: ['control', 'read'],
  guest: ['read'],
}

// A name stands in causes and logs and may become part of a topic filter one day.
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u

/** Users, tokens and MQTT credentials: in memory, every change a version in hub.db. */
export function createAccess(options: AccessOptions): Access {
  const { clock, newId, random, store } = options
  const users = new Map<Ulid, StoredUser>()
  const tokens = new Map<Ulid, StoredToken>()
  const tokensByHash = new Map<string, StoredToken>()
  const clients = createClients(options)
  const whenDurable = createDurableWait(store)
  const hashing = createGate(MAX_HASHING)
  const listeners: ((gone: Revoked) => void)[] = []
  const revoke = (gone: Revoked) => {
    for (const listener of listeners) listener(gone)
  }
  const expiry = createExpiry(clock, who => revoke({ kind: 'token', who }))

  const userByName = (name: string) => [...users.values()].find(user => user.name === name)
  const findUser = (name: string) => {
    const found = userByName(name)
    if (found === undefined) throw new HobError('access.unknown_user', `there is no user "${name}"`)
    return found
  }
  const putUser = async (user: StoredUser, cause: Cause) => {
    users.set(user.id, user)
    await whenDurable(store.write({ op: 'access.user.put', user, cause }))
  }
  const keepToken = (token: StoredToken) => {
    tokens.set(token.id, token)
    tokensByHash.set(token.hash, token)
  }

  const principalOf = (user: StoredUser): Principal => ({
    kind: 'user',
    user: user.id,
    who: user.name,
    role: user.role,
    scopes: ROLE_SCOPES[user.role],
    areas: null,
  })

  const noteUse = (token: StoredToken) => {
    const now = clock.now()
    if (token.lastUsedAt !== null && now - token.lastUsedAt < USED_EVERY) return
    keepToken({ ...token, lastUsedAt: now })
    store.write({ op: 'access.token.used', id: token.id, at: now })
  }

  return {
    async open() {
      const stored = await store.load()
      for (const user of stored.users) users.set(user.id, user)
      for (const token of stored.tokens) {
        keepToken(token)
        if (token.expiresAt !== null) expiry.add(token.id, token.expiresAt)
      }
      for (const client of stored.clients) clients.credentials.put(client)
    },
    permissions: mqttPermissions({ ...options, credentials: clients.credentials }),
    byToken(secret) {
      const token = tokensByHash.get(hashSecret(secret))
      if (token === undefined || (token.expiresAt !== null && token.expiresAt <= clock.now())) return undefined
      const user = users.get(token.user)
      if (user === undefined || user.disabled) return undefined
      noteUse(token)
      // A role that was lowered since takes its scopes from the tokens, too.
      const scopes = token.scopes.filter(scope => ROLE_SCOPES[user.role].includes(scope))
      return { kind: 'token', user: user.id, who: token.id, role: user.role, scopes, areas: token.areas }
    },
    onRevoked: listener => void listeners.push(listener),
    signIn: (name, password) =>
      hashing(async () => {
        const user = userByName(name)
        const fits = await fitsPassword(password, user?.password ?? (await nobody()))
        if (user === undefined || user.disabled || !fits)
          throw new HobError('access.bad_credentials', 'user name or password is wrong')
        return principalOf(user)
      }),
    users: () => [...users.values()].map(shownUser),
    async addUser({ name, role, password }, cause) {
      if (!NAME.test(name)) {
        throw new HobError(
          'access.bad_name',
          'a user name has letters, digits, blanks and . _ @ - and begins with a letter or digit',
        )
      }
      requireStrong(password)
      const hash = await hashing(() => hashPassword(password))
      if (userByName(name) !== undefined) throw new HobError('access.name_taken', `there is a user "${name}" already`)
      const user: StoredUser = {
        id: newId(),
        name,
        role,
        password: hash,
        recovery: null,
        createdAt: clock.now(),
        disabled: false,
      }
      await putUser(user, cause)
      return shownUser(user)
    },
    async resetPassword(name, password, cause) {
      findUser(name)
      requireStrong(password)
      const hash = await hashing(() => hashPassword(password))
      await putUser({ ...findUser(name), password: hash }, cause)
    },
    tokens: () => [...tokens.values()].map(shownToken),
    async addToken({ user: owner, scopes, areas, expiresAt }, cause) {
      const user = findUser(owner)
      const tooHigh = scopes.find(scope => !ROLE_SCOPES[user.role].includes(scope))
      if (tooHigh !== undefined)
        throw new HobError('access.role_too_low', `the role "${user.role}" does not include the scope "${tooHigh}"`)
      const secret = `hob_${makeSecret(random)}`
      const token: StoredToken = {
        id: newId(),
        user: user.id,
        hash: hashSecret(secret),
        scopes: [...new Set(scopes)],
        areas,
        createdAt: clock.now(),
        expiresAt,
        lastUsedAt: null,
      }
      keepToken(token)
      if (expiresAt !== null) expiry.add(token.id, expiresAt)
      await whenDurable(store.write({ op: 'access.token.put', token, cause }))
      return { token: shownToken(token), secret }
    },
    async removeToken(id, cause) {
      const token = tokens.get(id)
      if (token === undefined) throw new HobError('access.unknown_token', 'there is no such token')
      tokens.delete(id)
      tokensByHash.delete(token.hash)
      expiry.remove(id)
      revoke({ kind: 'token', who: id })
      await whenDurable(store.write({ op: 'access.token.remove', id, cause }))
    },
    clients: clients.shown,
    addClient: clients.addClient,
    removeClient: clients.removeClient,
    logins: clients.logins,
    member: user => Credentials.memberOf(clients.credentials.need(user)),
  }
}

let nobodysHash: Promise<string> | undefined
// What an unknown user's password is compared with, so that the answer takes as long.
function nobody(): Promise<string> {
  return (nobodysHash ??= hashPassword('nobody has this password'))
}

/** Lets `limit` tasks run at a time; the others wait in line. */
function createGate(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const line: (() => void)[] = []
  return async task => {
    if (running === limit) await new Promise<void>(resolve => line.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = line.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

function shownUser({ password: _password, recovery: _recovery, ...user }: StoredUser): UserInfo {
  return user
}

function shownToken({ hash: _hash, ...token }: StoredToken): TokenInfo {
  return token
}
