import type { Ledger } from './ledger.ts'
import { type ClientIdentity, identityKey, Session, type Subscription } from './session.ts'
import type { StoredSession } from './store.ts'
import type { SubscriptionTree } from './subscriptions.ts'

/** All sessions, by who they belong to. */
export interface Sessions {
  readonly count: number
  /** Sessions that outlive their connection. */
  readonly lasting: number
  values(): Iterable<Session>
  ofUser(user: string): Session[]
  find(client: ClientIdentity): Session | undefined
  /** A new session that ends with its connection. */
  create(client: ClientIdentity): Session
  /** Lets a session outlive its connection by `expiry` seconds (null: for ever), or writes that this changed. */
  keep(session: Session, expiry: number | null): void
  /** A row found at start. */
  restore(row: StoredSession): Session
  /** Sets a subscription, in place of the one on the same filter. */
  subscribe(subscription: Subscription): void
  /** A row found at start. */
  resubscribe(subscription: Subscription): void
  /** @returns whether there was one. */
  unsubscribe(session: Session, filter: string): boolean
  /** Takes the session out; its deliveries must be released before. */
  remove(session: Session): void
}

export function createSessions(parts: {
  ledger: Ledger
  subscriptions: SubscriptionTree
  now: () => number
}): Sessions {
  const { ledger, subscriptions } = parts
  const sessions = new Map<string, Session>()
  // A key never repeats while the data folder lives: keys grow with the clock over restarts.
  let lastKey = Math.floor(parts.now())
  let lasting = 0

  function write(subscription: Subscription): void {
    const { session, ...options } = subscription
    ledger.write({ op: 'broker.subscription.put', subscription: { session: session.key, ...options } })
  }

  function hang(subscription: Subscription): void {
    const { session, filter } = subscription
    const former = session.subscriptions.get(filter)
    session.subscriptions.set(filter, subscription)
    // The messages of a confined client and of its neighbours do not meet.
    if (session.sink !== null) return
    if (former !== undefined) subscriptions.remove(former)
    subscriptions.add(subscription)
  }

  return {
    get count() {
      return sessions.size
    },
    get lasting() {
      return lasting
    },
    values: () => sessions.values(),
    ofUser: user => [...sessions.values()].filter(session => session.user === user),
    find: client => sessions.get(identityKey(client)),
    create(client) {
      const session = new Session(client)
      sessions.set(identityKey(client), session)
      return session
    },
    keep(session, expiry) {
      const isNew = session.key === 0
      if (isNew) {
        session.key = ++lastKey
        lasting++
      }
      session.expiry = expiry
      ledger.write({ op: 'broker.session.put', session: session.row() })
      if (isNew) for (const subscription of session.subscriptions.values()) write(subscription)
    },
    restore(row) {
      const session = new Session(row)
      session.key = row.key
      session.expiry = row.expiry
      session.disconnectedAt = row.disconnectedAt
      session.protocol = row.protocol
      sessions.set(identityKey(row), session)
      lastKey = Math.max(lastKey, row.key)
      lasting++
      return session
    },
    subscribe(subscription) {
      hang(subscription)
      if (subscription.session.key !== 0) write(subscription)
    },
    resubscribe: hang,
    unsubscribe(session, filter) {
      const former = session.subscriptions.get(filter)
      if (former === undefined) return false
      session.subscriptions.delete(filter)
      if (session.sink === null) subscriptions.remove(former)
      if (session.key !== 0) ledger.write({ op: 'broker.subscription.remove', session: session.key, filter })
      return true
    },
    remove(session) {
      const id = identityKey(session)
      if (sessions.get(id) === session) sessions.delete(id)
      if (session.sink === null) for (const each of session.subscriptions.values()) subscriptions.remove(each)
      if (session.key === 0) return
      ledger.write({ op: 'broker.session.remove', key: session.key })
      session.key = 0
      lasting--
    },
  }
}
