import { isTopicFilter, splitShare } from '#kernel'
import type { Client } from '../client.ts'
import { MAX_ENTRIES, reasons } from '../codec/index.ts'
import type { Fault, FilterRequest, SubscribePacket } from '../codec/index.ts'
import { hold } from '../connection.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'
import type { Session, Subscription } from '../session.ts'
import { isSystemFilter } from '../subscriptions.ts'

/**
 * SUBSCRIBE: each filter is granted or refused for itself; one that is malformed ends the connection before any
 * of them counts. SUBACK leaves after the commit that holds the subscriptions, and the retained messages follow it.
 */
export function handleSubscribe(rooms: Rooms, client: Client, packet: SubscribePacket): Fault | null {
  const { session } = client
  const { requests, packetId, properties } = packet
  for (const { filter } of requests) {
    const fault = filterFault(filter)
    if (fault !== null) return fault
  }
  const subscriptionId = properties?.subscriptionId ?? null
  const wanted: Subscription[] = []
  const outcomes = requests.map(request => {
    const refusal = refusalOf(rooms, session, request)
    if (refusal !== null) return refusal
    const qos = request.qos < rooms.limits.maximumQos ? request.qos : rooms.limits.maximumQos
    const subscription = { session, ...request, qos, subscriptionId }
    if (wantsRetained(session, request)) wanted.push(subscription)
    if (isSystemFilter(request.filter)) rooms.system.prepare()
    rooms.sessions.subscribe(subscription)
    return qos
  })
  const suback = { type: 'suback', packetId, reasons: outcomes, properties: null } as const
  const fault = client.send(suback, 'barrier', session.key === 0 ? 0 : rooms.ledger.batch)
  if (fault !== null) return fault
  if (session.sink === null) replayRetained(rooms, client, wanted)
  return null
}

/** What is wrong with the form of a filter [MQTT5-4.7.1-1, -2, 4.8.2-1, -2]. */
function filterFault(filter: string): Fault | null {
  if (!isTopicFilter(filter)) return endings.topicFilter
  return filter === '$share' || splitShare(filter) === undefined ? endings.sharedFilter : null
}

/**
 * Retained messages follow a new subscription [MQTT5-3.3.1-9], one that takes the place of another only with
 * Retain Handling 0 [MQTT5-3.3.1-10], and a shared one never (section 4.8.2).
 */
function wantsRetained(session: Session, { filter, retainHandling }: FilterRequest): boolean {
  if (retainHandling === 2 || filter.startsWith('$share/')) return false
  return retainHandling === 0 || !session.subscriptions.has(filter)
}

/** Sends the retained messages that match subscriptions, with their identifiers. */
export function replayRetained(rooms: Rooms, client: Client, subscriptions: readonly Subscription[]): void {
  const { outgoing, retained } = rooms
  const { session } = client
  for (const { filter, qos, subscriptionId } of subscriptions) {
    const how = { qos, subscriptionIds: subscriptionId === null ? [] : [subscriptionId] }
    for (const body of retained.match(filter)) outgoing.replay(session, body, how)
  }
  outgoing.pump(session)
  // A client that asks for more than it reads is not asked further.
  if (session.replays !== null && session.replays.length > retained.count + MAX_ENTRIES) client.pause(hold.replays)
}

function refusalOf({ limits }: Rooms, session: Session, { filter }: FilterRequest): number | null {
  const most = session.limits?.maxSubscriptions ?? limits.maxSubscriptions
  const isNew = !session.subscriptions.has(filter)
  if (isNew && session.subscriptions.size >= most) return refusal(session, reasons.quotaExceeded)
  const may = session.rules?.maySubscribe(splitShare(filter)?.filter ?? filter) ?? true
  if (may === 'failure') return reasons.unspecified
  return may ? null : refusal(session, reasons.notAuthorized)
}

/** Before 5.0 there is one code for all refusals [MQTT3-3.9.3-2]. */
function refusal({ protocol }: Session, reason: number): number {
  return protocol === 5 ? reason : reasons.unspecified
}
