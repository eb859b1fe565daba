import { splitShare, TopicTree, type LocalSubscriber } from '#kernel'
import type { Session, Subscription } from './session.ts'
import { Share } from './shared.ts'
import { targetOf, type Target } from './target.ts'

/** Who gets the messages of one topic. Valid until a subscription changes. */
export interface Route {
  readonly topic: string
  readonly targets: readonly Target[]
  /** Of each, one member gets a copy. */
  readonly shares: readonly Share[]
  readonly locals: readonly LocalSubscriber[]
}

/** Topics whose routes are kept at hand. */
const MAX_ROUTES = 20_000

/** Who listens to what: sessions and the hub's own subscribers in one tree. */
export interface SubscriptionTree {
  readonly count: number
  /** Those of them that share. */
  readonly shared: number
  /** Whether there is a subscription to `$SYS` topics. */
  readonly hasSystem: boolean
  /** Hangs a session's subscription, in place of the one it had on the same filter. */
  add(subscription: Subscription): void
  remove(subscription: Subscription): void
  addLocal(filter: string, subscriber: LocalSubscriber): void
  removeLocal(filter: string, subscriber: LocalSubscriber): boolean
  /** The route of a valid topic name. */
  route(topic: string): Route
  /** The members of a shared filter, `$share/group/filter`. */
  share(filter: string): Share | undefined
}

type Hung = Subscription | LocalSubscriber | Share

export function createSubscriptionTree(): SubscriptionTree {
  const tree = new TopicTree<Hung>()
  const routes = new Map<string, Route>()
  const shares = new Map<string, Share>()
  let count = 0
  let shared = 0
  let system = 0

  function add(filter: string, value: Hung): void {
    tree.add(filter, value)
    routes.clear()
    if (isSystemFilter(filter)) system++
  }

  function remove(filter: string, value: Hung): boolean {
    const wasThere = tree.remove(filter, value)
    routes.clear()
    if (wasThere && isSystemFilter(filter)) system--
    return wasThere
  }

  function join(subscription: Subscription, filter: string): void {
    let share = shares.get(subscription.filter)
    if (share === undefined) {
      shares.set(subscription.filter, (share = new Share()))
      add(filter, share)
    }
    share.add(subscription)
  }

  function leave({ session, filter: whole }: Subscription, filter: string): boolean {
    const share = shares.get(whole)
    if (share === undefined || !share.remove(session)) return false
    if (share.isEmpty) {
      shares.delete(whole)
      remove(filter, share)
    }
    return true
  }

  return {
    get count() {
      return count
    },
    get shared() {
      return shared
    },
    get hasSystem() {
      return system > 0
    },
    add(subscription) {
      const split = splitShare(subscription.filter)
      count++
      if (split == null) add(subscription.filter, subscription)
      else {
        join(subscription, split.filter)
        shared++
      }
    },
    remove(subscription) {
      const split = splitShare(subscription.filter)
      const wasThere = split == null ? remove(subscription.filter, subscription) : leave(subscription, split.filter)
      if (!wasThere) return
      count--
      if (split != null) shared--
    },
    addLocal: add,
    removeLocal: remove,
    route(topic) {
      const known = routes.get(topic)
      if (known !== undefined) return known
      const route = merge(topic, tree.match(topic))
      if (routes.size >= MAX_ROUTES) routes.clear()
      routes.set(topic, route)
      return route
    },
    share: filter => shares.get(filter),
  }
}

/** Whether a filter asks for what the broker says of itself. */
export function isSystemFilter(filter: string): boolean {
  return (splitShare(filter)?.filter ?? filter).startsWith('$SYS/')
}

function merge(topic: string, matches: readonly Hung[]): Route {
  const locals = new Set<LocalSubscriber>()
  const shares = new Set<Share>()
  const bySession = new Map<Session, Subscription[]>()
  for (const match of matches) {
    if (match instanceof Share) shares.add(match)
    else if (!('session' in match)) locals.add(match)
    else {
      const others = bySession.get(match.session)
      if (others === undefined) bySession.set(match.session, [match])
      else others.push(match)
    }
  }
  const targets = [...bySession].map(([session, subscriptions]) => targetOf(session, subscriptions, null))
  return { topic, targets, shares: [...shares], locals: [...locals] }
}
