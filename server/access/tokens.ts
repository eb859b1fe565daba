import { createDurableWait, HobError, type Clock, type Random, type Ulid } from '#kernel'
import { createExpiry } from './expiry.ts'
import type { Access, Principal, TokenInfo } from './face.ts'
import type { Rights } from './rights.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import type { AccessStore, StoredToken, StoredUser } from './store.ts'
import type { Users } from './users.ts'

/** Milliseconds between two notes of a token's use. */
const USED_EVERY = 60_000

/** API tokens: in memory, every change a version in hub.db. */
export function createTokens(options: {
  clock: Clock
  newId: () => Ulid
  random: Random
  store: AccessStore
  users: Users
  rightsOf: (user: StoredUser) => Rights
  /** A token lets nobody in any more. */
  onEnded: (id: Ulid) => void
}) {
  const { clock, newId, random, store, users, rightsOf, onEnded } = options
  const tokens = new Map<Ulid, StoredToken>()
  const byHash = new Map<string, StoredToken>()
  const whenDurable = createDurableWait(store)
  const expiry = createExpiry(clock, onEnded)

  const keep = (token: StoredToken) => {
    tokens.set(token.id, token)
    byHash.set(token.hash, token)
  }
  const noteUse = (token: StoredToken) => {
    const now = clock.now()
    if (token.lastUsedAt !== null && now - token.lastUsedAt < USED_EVERY) return
    keep({ ...token, lastUsedAt: now })
    store.write({ op: 'access.token.used', id: token.id, at: now })
  }
  const keepUntilItEnds = (token: StoredToken) => {
    keep(token)
    if (token.expiresAt !== null) expiry.add(token.id, token.expiresAt)
  }

  // A role that was lowered since takes from its tokens, too.
  const principalOf = ({ id, user: owner, scopes, areas, expiresAt }: StoredToken): Principal | undefined => {
    const user = users.get(owner)
    if (user === undefined || user.disabled || (expiresAt !== null && expiresAt <= clock.now())) return undefined
    const rights = rightsOf(user).limited(scopes, areas)
    return { kind: 'token', user: user.id, who: id, role: user.role, rights, grant: id, viewer: null }
  }

  return {
    restore: keepUntilItEnds,
    byId(id: Ulid): Principal | undefined {
      const token = tokens.get(id)
      return token && principalOf(token)
    },
    of: (user: Ulid): readonly StoredToken[] => [...tokens.values()].filter(token => token.user === user),
    shown: () => [...tokens.values()].map(shownToken),
    bySecret(secret: string): Principal | undefined {
      const token = byHash.get(hashSecret(secret))
      const principal = token && principalOf(token)
      if (principal !== undefined) noteUse(token!)
      return principal
    },
    async add({ user: owner, scopes, areas, expiresAt }, cause) {
      const user = users.find(owner)
      const tooHigh = scopes.find(scope => !rightsOf(user).includesScope(scope))
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
      keepUntilItEnds(token)
      await whenDurable(store.write({ op: 'access.token.put', token, cause }))
      return { token: shownToken(token), secret }
    },
    async remove(id, cause) {
      const token = tokens.get(id)
      if (token === undefined) throw new HobError('access.unknown_token', 'there is no such token')
      tokens.delete(id)
      byHash.delete(token.hash)
      expiry.remove(id)
      onEnded(id)
      await whenDurable(store.write({ op: 'access.token.remove', id, cause }))
    },
  } satisfies { add: Access['addToken']; remove: Access['removeToken'] } & Record<string, unknown>
}

function shownToken({ hash: _hash, ...token }: StoredToken): TokenInfo {
  return token
}
