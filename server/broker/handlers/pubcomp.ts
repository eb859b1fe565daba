import type { Client } from '../client.ts'
import type { AckPacket, Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/** PUBCOMP completes a QoS 2 message. */
export function handlePubcomp({ outgoing }: Rooms, { session }: Client, { packetId }: AckPacket): Fault | null {
  return outgoing.complete(session, packetId) === 'unexpected' ? endings.unexpectedAck : null
}
