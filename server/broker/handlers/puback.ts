import type { Client } from '../client.ts'
import type { AckPacket, Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/** PUBACK completes a QoS 1 message. An id that is not in flight is passed over: its session may have been reset. */
export function handlePuback({ outgoing }: Rooms, { session }: Client, { packetId }: AckPacket): Fault | null {
  return outgoing.acknowledge(session, packetId) === 'unexpected' ? endings.unexpectedAck : null
}
