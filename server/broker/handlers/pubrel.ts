import type { Client } from '../client.ts'
import { reasons, withReason, type AckPacket } from '../codec/index.ts'
import type { Rooms } from '../rooms.ts'

/**
 * PUBREL lets a packet id go; PUBCOMP always follows [MQTT5-4.3.3-11]. It waits for the row: a client that reuses
 * the id after PUBCOMP must not meet a broker that, after a crash, takes its message for a repeated one.
 */
export function handlePubrel({ ledger }: Rooms, client: Client, { packetId }: AckPacket): null {
  const { session, outbox } = client
  const isKnown = session.inbound?.delete(packetId) === true
  if (isKnown && session.key !== 0) ledger.write({ op: 'broker.inbound.remove', session: session.key, packetId })
  client.repeated?.delete(packetId)
  const reason = isKnown || client.version !== 5 ? reasons.success : reasons.packetIdNotFound
  outbox.answer('pubcomp', withReason(packetId, reason), ledger.batch)
  return null
}
