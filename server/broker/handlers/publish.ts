// PUBLISH from a client. Own it, then acknowledge it: the answer waits for the batch that holds what the message
// wrote, and is free at once when it wrote nothing.

import type { Client } from '../client.ts'
import type { Fault, PublishPacket } from '../codec/index.ts'
import { hold } from '../connection.ts'
import { toMessage } from '../publication.ts'
import type { Rooms } from '../rooms.ts'

export function handlePublish(rooms: Rooms, client: Client, packet: PublishPacket): Fault | null {
  const { session, outbox } = client
  const { ledger } = rooms
  rooms.stats.received++
  // The same id before its PUBREL is the same message [MQTT5-4.3.3-10], also after a reconnect or a restart.
  const isRepeated = packet.qos === 2 && session.inbound !== null && session.inbound.has(packet.packetId)
  if (!isRepeated) {
    if (!mayPublish(client, packet.topic)) rooms.stats.refused++
    else {
      if (packet.qos === 2) rememberId(rooms, client, packet.packetId)
      if (session.sink === null) rooms.deliveries.accept(packet, session)
      else toSink(rooms, client, packet)
    }
  }
  // A refused message is acknowledged and dropped before 5.0: closing would make many devices reboot in a loop.
  if (packet.qos === 1) outbox.answer('puback', packet.packetId, ledger.batch)
  else if (packet.qos === 2) outbox.answer('pubrec', packet.packetId, ledger.batch)
  if (ledger.batch !== 0 && ledger.isPressed) {
    rooms.waitingForDisk.add(client)
    client.pause(hold.disk)
  }
  return null
}

/** `$`-topics are the broker's own [MQTT5-4.7.2]; the rest is up to the permissions. */
function mayPublish({ session }: Client, topic: string): boolean {
  if (topic.charCodeAt(0) === 0x24) return false
  return session.rules === null ? session.sink !== null : session.rules.mayPublish(topic)
}

function rememberId({ ledger }: Rooms, { session }: Client, packetId: number): void {
  session.inbound ??= new Set()
  session.inbound.add(packetId)
  if (session.key !== 0) ledger.write({ op: 'broker.inbound.put', inbound: { session: session.key, packetId } })
}

function toSink({ causes, clock }: Rooms, { session }: Client, packet: PublishPacket): void {
  const { topic, qos, retain, properties } = packet
  const { user, clientId } = session
  const at = clock.now()
  const payload = new Uint8Array(packet.payload)
  const body = { key: 0, references: 0, topic, payload, qos, retain, properties, expiresAt: null, user, clientId, at }
  session.sink!.accept(toMessage(body, { cause: causes.root('device', clientId), at, replayed: false }))
}
