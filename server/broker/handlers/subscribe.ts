import { isTopicFilter } from '#kernel'
import type { Client } from '../client.ts'
import { encode, MAX_ENTRIES, reasons, type Fault, type FilterRequest, type SubscribePacket } from '../codec/index.ts'
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
  const { requests, packetId } = packet
  if (!requests.every(({ filter }) => isTopicFilter(filter))) return endings.topicFilter // [MQTT5-4.7.1-1, -2]
  const granted: Subscription[] = []
  const outcomes = requests.map(request => {
    const refusal = refusalOf(rooms, session, request)
    if (refusal !== null) return refusal
    const subscription = { session, ...request, subscriptionId: null }
    if (isSystemFilter(request.filter)) rooms.system.prepare()
    rooms.sessions.subscribe(subscription)
    granted.push(subscription)
    return request.qos
  })
  const suback = encode({ type: 'suback', packetId, reasons: outcomes, properties: null }, client.version!)
  client.outbox.packet(suback, 'barrier', session.key === 0 ? 0 : rooms.ledger.batch)
  if (session.sink === null) replayRetained(rooms, client, granted)
  return null
}

/** The retained messages that match new subscriptions, also when they only take the place of older ones [MQTT5-3.8.4-4]. */
export function replayRetained(rooms: Rooms, client: Client, subscriptions: readonly Subscription[]): void {
  const { outgoing, retained } = rooms
  const { session } = client
  for (const { filter, qos } of subscriptions)
    for (const body of retained.match(filter)) outgoing.replay(session, body, { qos, subscriptionIds: [] })
  outgoing.pump(session)
  // A client that asks for more than it reads is not asked further.
  if (session.replays !== null && session.replays.length > retained.count + MAX_ENTRIES) client.pause(hold.replays)
}

function refusalOf({ limits }: Rooms, session: Session, { filter }: FilterRequest): number | null {
  if (session.protocol < 5 && filter.startsWith('$share/')) return reasons.unspecified
  const most = session.limits?.maxSubscriptions ?? limits.maxSubscriptions
  const isNew = !session.subscriptions.has(filter)
  if (isNew && session.subscriptions.size >= most) return refusal(session, reasons.quotaExceeded)
  if (session.rules?.maySubscribe(filter) === false) return refusal(session, reasons.notAuthorized)
  return null
}

/** Before 5.0 there is one code for all refusals [MQTT3-3.9.3-2]. */
function refusal({ protocol }: Session, reason: number): number {
  return protocol === 5 ? reason : reasons.unspecified
}
