import type { Client } from '../client.ts'
import { reasons, type Fault, type UnsubscribePacket } from '../codec/index.ts'
import type { Rooms } from '../rooms.ts'

/** UNSUBSCRIBE is always answered, also for filters nobody knows [MQTT5-3.10.4-4, -5]; messages in flight complete. */
export function handleUnsubscribe(rooms: Rooms, client: Client, packet: UnsubscribePacket): Fault | null {
  const { session } = client
  const { packetId, filters } = packet
  const outcomes = filters.map(filter =>
    rooms.sessions.unsubscribe(session, filter) ? reasons.success : reasons.noSubscriptionExisted,
  )
  const unsuback = { type: 'unsuback', packetId, reasons: outcomes, properties: null } as const
  return client.send(unsuback, 'answer', rooms.ledger.batch)
}
