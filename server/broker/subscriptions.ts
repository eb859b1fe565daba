import { TopicTree, type LocalSubscriber, type QoS } from '#kernel'
import type { Session, Subscription } from './session.ts'

/** One session that gets one copy, however many of its subscriptions match [MQTT5-3.3.4-2, MQTT3-3.3.5-1]. */
export interface Target {
  readonly session: Session
  /** The highest granted QoS among the matching subscriptions. */
  readonly qos: QoS
  readonly subscriptions: readonly Subscription[]
}

/** Who gets the messages of one topic. Valid until a subscription changes. */
export interface Route {
  readonly topic: string
  readonly targets: readonly Target[]
  readonly locals: readonly LocalSubscriber[]
}

/** Topics whose routes are kept at hand. */
const MAX_ROUTES = 20_000

/** Who listens to what: sessions and the hub's own subscribers in one tree. */
export interface SubscriptionTree {
  readonly count: number
  /** Whether there is a subscription to `$SYS` topics. */
  readonly hasSystem: boolean
  /** Hangs a session's subscription, in place of the one it had on the same filter. */
  add(subscription: Subscription): void
  remove(subscription: Subscription): void
  addLocal(filter: string, subscriber: LocalSubscriber): void
  removeLocal(filter: string, subscriber: LocalSubscriber): boolean
  /** The route of a valid topic name. */
  route(topic: string): Route
}

export function createSubscriptionTree(): SubscriptionTree {
  const tree = new TopicTree<Subscription | LocalSubscriber>()
  const routes = new Map<string, Route>()
  let count = 0
  let system = 0

  function add(filter: string, value: Subscription | LocalSubscriber): void {
    tree.add(filter, value)
    routes.clear()
    if (isSystemFilter(filter)) system++
  }

  function remove(filter: string, value: Subscription | LocalSubscriber): boolean {
    const wasThere = tree.remove(filter, value)
    routes.clear()
    if (wasThere && isSystemFilter(filter)) system--
    return wasThere
  }

  return {
    get count() {
      return count
    },
    get hasSystem() {
      return system > 0
    },
    add(subscription) {
      add(subscription.filter, subscription)
      count++
    },
    remove(subscription) {
      if (remove(subscription.filter, subscription)) count--
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
  }
}

/** Whether a filter asks for what the broker says of itself. */
export function isSystemFilter(filter: string): boolean {
  return filter.startsWith('$SYS/')
}

function merge(topic: string, matches: readonly (Subscription | LocalSubscriber)[]): Route {
  const locals = new Set<LocalSubscriber>()
  const bySession = new Map<Session, Subscription[]>()
  for (const match of matches) {
    if (!('session' in match)) locals.add(match)
    else {
      const others = bySession.get(match.session)
      if (others === undefined) bySession.set(match.session, [match])
      else others.push(match)
    }
  }
  const targets = [...bySession].map(([session, subscriptions]) => {
    const qos = subscriptions.reduce<QoS>((highest, { qos }) => (qos > highest ? qos : highest), 0)
    return { session, qos, subscriptions }
  })
  return { topic, targets, locals: [...locals] }
}
