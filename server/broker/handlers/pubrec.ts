import type { Client } from '../client.ts'
import { reasons, type AckPacket, type Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/** PUBREC is answered with PUBREL, also for an id that is not in flight, so that the client can complete; a refusal ends the exchange. */
export function handlePubrec({ outgoing }: Rooms, { session }: Client, { packetId, reason }: AckPacket): Fault | null {
  const outcome = outgoing.receive(session, packetId, reason >= reasons.unspecified)
  return outcome === 'unexpected' ? endings.unexpectedAck : null
}
