// PUBLISH from a client. Own it, then acknowledge it: the answer waits for the batch that holds what the message
// wrote, and is free at once when it wrote nothing.

import type { Client } from '../client.ts'
import { reasons, withReason, type Fault, type PublishPacket } from '../codec/index.ts'
import { hold } from '../connection.ts'
import { STORM_PAUSE } from '../limits.ts'
import { expiresAt, travelling } from '../message-properties.ts'
import { toMessage } from '../publication.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'
import type { Session } from '../session.ts'
import type { TokenBucket } from '../token-bucket.ts'
import { InboundAliases } from '../topic-alias.ts'

export function handlePublish(rooms: Rooms, client: Client, received: PublishPacket): Fault | null {
  const { session } = client
  const { ledger } = rooms
  session.traffic.received++
  rooms.stats.received++
  rooms.stats.payloadReceived += received.payload.length
  let packet = received
  if (packet.properties !== null) {
    const topic = topicOf(rooms, client, packet)
    if (typeof topic !== 'string') return topic
    if (topic !== packet.topic) packet = { ...packet, topic }
  }
  // The same id before its PUBREL is the same message [MQTT5-4.3.3-10], also after a reconnect or a restart.
  const isRepeated = packet.qos === 2 && session.inbound !== null && session.inbound.has(packet.packetId)
  const fault = isRepeated ? repeatFault(client, packet) : limitFault(rooms, client, packet)
  if (fault !== null) return fault
  const reason = isRepeated ? reasons.success : take(rooms, client, packet)
  if (packet.qos !== 0) {
    const type = packet.qos === 1 ? 'puback' : 'pubrec'
    const id = session.protocol === 5 ? withReason(packet.packetId, reason) : packet.packetId
    client.outbox.answer(type, id, ledger.batch)
  }
  if (ledger.batch !== 0 && ledger.isPressed) {
    rooms.waitingForDisk.add(client)
    client.pause(hold.disk)
  }
  if (session.publishes !== null) holdBack(rooms, client, session.publishes)
  return null
}

/** A client that storms is not read for a moment: nothing is lost, and it feels it through TCP. */
function holdBack({ clock, log }: Rooms, client: Client, publishes: TokenBucket): void {
  const now = clock.monotonic()
  const wasOverrun = publishes.isOverrun(now)
  if (publishes.take(now)) return
  const { user, clientId } = client.session
  if (!wasOverrun) log.warn({ user, clientId }, 'a device publishes without end: it is read more slowly')
  client.pause(hold.storm)
  clock.after(STORM_PAUSE, () => client.resume(hold.storm))
}

/** The topic as the packet says it or its alias means it. */
function topicOf(rooms: Rooms, client: Client, { topic, properties }: PublishPacket): string | Fault {
  const alias = properties?.topicAlias
  if (alias === undefined) return topic
  if (alias > rooms.limits.topicAliasMaximum) return endings.aliasTooHigh // [MQTT5-3.3.2-9]
  client.topics ??= new InboundAliases()
  return client.topics.resolve(alias, topic) ?? endings.aliasUnknown
}

function limitFault({ limits }: Rooms, client: Client, { qos, retain }: PublishPacket): Fault | null {
  if (qos > limits.maximumQos) return endings.qosNotSupported // [MQTT5-3.2.2-11]
  if (retain && !limits.retainAvailable && client.version === 5) return endings.retainNotSupported // [MQTT5-3.2.2-14]
  if (qos === 0) return null
  const { inbound } = client.session
  const underWay = client.outbox.owed + (inbound === null ? 0 : inbound.size)
  return underWay >= client.receiveMaximum ? endings.receiveMaximum : null // [MQTT5-3.3.4-7]
}

/**
 * A message is sent again on a new connection only [MQTT5-4.4.0-1]. One repetition is passed over; a client of 3.1
 * may repeat as it likes.
 */
function repeatFault(client: Client, { packetId, payload }: PublishPacket): Fault | null {
  if (client.version === 3) return null
  client.repeated ??= new Map()
  if (client.repeated.get(packetId) === payload.length) return endings.repeatedPublish
  client.repeated.set(packetId, payload.length)
  return null
}

/** Hands the message on. @returns the reason code for its acknowledgement. */
function take(rooms: Rooms, client: Client, packet: PublishPacket): number {
  const { session } = client
  if (!mayPublish(session, packet.topic)) {
    rooms.stats.refused++
    // A refused message is acknowledged and dropped before 5.0: closing would make many devices reboot in a loop.
    return reasons.notAuthorized
  }
  if (packet.qos === 2) rememberId(rooms, client, packet.packetId)
  if (session.sink !== null) {
    toSink(rooms, client, packet)
    return reasons.success
  }
  const isWanted = rooms.deliveries.accept(packet, session)
  return isWanted || packet.qos === 2 ? reasons.success : reasons.noMatchingSubscribers
}

/** `$`-topics are the broker's own [MQTT5-4.7.2-1]; the rest is up to the permissions. */
function mayPublish(session: Session, topic: string): boolean {
  if (topic.charCodeAt(0) === 0x24) return false
  return session.rules === null ? session.sink !== null : session.rules.mayPublish(topic)
}

function rememberId({ ledger }: Rooms, { session }: Client, packetId: number): void {
  session.inbound ??= new Set()
  session.inbound.add(packetId)
  if (session.key !== 0) ledger.write({ op: 'broker.inbound.put', inbound: { session: session.key, packetId } })
}

function toSink({ causes, clock }: Rooms, { session }: Client, packet: PublishPacket): void {
  const { topic, qos, retain } = packet
  const { user, clientId } = session
  const at = clock.now()
  const payload = new Uint8Array(packet.payload)
  const properties = travelling(packet.properties)
  const about = { topic, payload, qos, retain, properties, expiresAt: expiresAt(packet.properties?.messageExpiry, at) }
  const body = { key: 0, references: 0, ...about, user, clientId, at }
  session.sink!.accept(toMessage(body, { cause: causes.root('device', clientId), at, replayed: false }))
}
