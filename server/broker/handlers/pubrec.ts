import type { Client } from '../client.ts'
import type { AckPacket, Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/** PUBREC is answered with PUBREL, also for an id that is not in flight, so that the client can complete. */
export function handlePubrec({ outgoing }: Rooms, { session }: Client, { packetId }: AckPacket): Fault | null {
  return outgoing.receive(session, packetId) === 'unexpected' ? endings.unexpectedAck : null
}
