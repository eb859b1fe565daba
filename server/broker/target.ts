import type { QoS } from '#kernel'
import type { Session, Subscription } from './session.ts'

/** One session that gets one copy, however many of its subscriptions match [MQTT5-3.3.4-2, MQTT3-3.3.5-1]. */
export interface Target {
  readonly session: Session
  /** The highest granted QoS among the matching subscriptions. */
  readonly qos: QoS
  /** The identifiers of all that have one [MQTT5-3.3.4-4]. */
  readonly subscriptionIds: readonly number[]
  /** Whether RETAIN is passed on. */
  readonly retainAsPublished: boolean
  /** The shared filter that chose the session, or null. */
  readonly share: string | null
  /** The same for what the session's own client published: itself, less where subscriptions are No Local, or null. */
  readonly own: Target | null
}

function merge(session: Session, subscriptions: readonly Subscription[], share: string | null) {
  return {
    session,
    qos: subscriptions.reduce<QoS>((highest, { qos }) => (qos > highest ? qos : highest), 0),
    subscriptionIds: subscriptions.flatMap(({ subscriptionId }) => subscriptionId ?? []),
    retainAsPublished: subscriptions.some(({ retainAsPublished }) => retainAsPublished),
    share,
  }
}

/** What the subscriptions of one session that match a topic come to. */
export function targetOf(session: Session, subscriptions: readonly Subscription[], share: string | null): Target {
  const target: Target & { own: Target | null } = { ...merge(session, subscriptions, share), own: null }
  const others = subscriptions.filter(({ noLocal }) => !noLocal)
  // [MQTT5-3.8.3-3]
  if (others.length === subscriptions.length) target.own = target
  else if (others.length > 0) target.own = { ...merge(session, others, share), own: null }
  return target
}
