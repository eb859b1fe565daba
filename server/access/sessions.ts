import { createDurableWait, HobError, type Clock, type Random, type Ulid } from '#kernel'
import { createExpiry } from './expiry.ts'
import type { Browser } from './face.ts'
import { hashSecret } from './secrets.ts'
import type { AccessStore, StoredSession } from './store.ts'

/** Milliseconds a session lasts after it was used: 90 days. */
export const SESSION_TIME = 7_776_000_000
/** Milliseconds between two notes of a session's use. */
const SEEN_EVERY = 3_600_000
/** Sessions of one user; the one unused for longest gives way. */
export const MAX_SESSIONS = 100
const SECRET_BYTES = 32
/** Characters of a browser's description of itself that are kept. */
const MAX_USER_AGENT = 200

export type Sessions = ReturnType<typeof createSessions>

/** The browsers in which people are signed in: in memory and in hub.db, by the hash of their secret. */
export function createSessions(options: {
  clock: Clock
  newId: () => Ulid
  random: Random
  store: AccessStore
  /** Wall-clock milliseconds after which whom it belongs to lets nobody in; undefined for no end. */
  endOf: (user: Ulid) => number | undefined
  /** A session is over, for whatever reason. */
  onEnded: (id: Ulid) => void
  /** All sessions of a user were ended at once. */
  onAllEnded: (user: Ulid) => void
}) {
  const { clock, newId, random, store, endOf, onEnded } = options
  const sessions = new Map<Ulid, StoredSession>()
  const byHash = new Map<string, Ulid>()
  const whenDurable = createDurableWait(store)
  const expiry = createExpiry(clock, id => void remove(id))

  const keep = (session: StoredSession) => {
    sessions.set(session.id, session)
    byHash.set(session.hash, session.id)
    expiry.add(session.id, session.expiresAt)
  }
  const put = (session: StoredSession) => {
    keep(session)
    return store.write({ op: 'access.session.put', session })
  }
  const remove = (id: Ulid): number => {
    byHash.delete(sessions.get(id)!.hash)
    sessions.delete(id)
    expiry.remove(id)
    onEnded(id)
    return store.write({ op: 'access.session.remove', id })
  }
  const of = (user: Ulid) => [...sessions.values()].filter(session => session.user === user)

  const endFrom = (user: Ulid) => Math.min(clock.now() + SESSION_TIME, endOf(user) ?? Infinity)

  const makeRoom = (user: Ulid) => {
    const [oldest, ...others] = of(user).toSorted((a, b) => a.seenAt - b.seenAt)
    if (others.length + 1 >= MAX_SESSIONS) remove(oldest!.id)
  }

  return {
    restore: keep,
    of: (user: Ulid): readonly StoredSession[] => of(user),
    get: (id: Ulid) => sessions.get(id),
    isSeenFrom: (user: Ulid, address: string) => of(user).some(session => session.address === address),
    /** Begins a session. Resolves when it is on disk, with the secret for the cookie. */
    async begin(user: Ulid, { address, userAgent }: Browser): Promise<{ session: StoredSession; secret: string }> {
      makeRoom(user)
      const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url')
      const now = clock.now()
      const session: StoredSession = {
        id: newId(),
        user,
        hash: hashSecret(secret),
        createdAt: now,
        seenAt: now,
        expiresAt: endFrom(user),
        address,
        userAgent: userAgent.slice(0, MAX_USER_AGENT),
      }
      await whenDurable(put(session))
      return { session, secret }
    },
    /** The session of a secret; its end moves on with its use. `isRenewed` says that it just did. */
    use(secret: string, address: string): { session: StoredSession; isRenewed: boolean } | undefined {
      const session = sessions.get(byHash.get(hashSecret(secret)) ?? '')
      const now = clock.now()
      if (session === undefined || session.expiresAt <= now) return undefined
      if (now - session.seenAt < SEEN_EVERY) return { session, isRenewed: false }
      const renewed = { ...session, seenAt: now, expiresAt: endFrom(session.user), address }
      put(renewed)
      return { session: renewed, isRenewed: true }
    },
    /** @throws HobError `access.unknown_session`. */
    async end(id: Ulid): Promise<void> {
      if (!sessions.has(id)) throw new HobError('access.unknown_session', 'there is no such session')
      await whenDurable(remove(id))
    },
    /** Ends all sessions of a user but `except`. */
    async endAll(user: Ulid, except: Ulid | null = null): Promise<void> {
      options.onAllEnded(user)
      const ended = of(user).filter(({ id }) => id !== except)
      await Promise.all(ended.map(({ id }) => whenDurable(remove(id))))
    },
  }
}
