import type { Client } from '../client.ts'
import type { AckPacket } from '../codec/index.ts'
import type { Rooms } from '../rooms.ts'

/**
 * PUBREL lets a packet id go; PUBCOMP always follows [MQTT5-4.3.3-11]. It waits for the row: a client that reuses
 * the id after PUBCOMP must not meet a broker that, after a crash, takes its message for a repeated one.
 */
export function handlePubrel({ ledger }: Rooms, { session, outbox }: Client, { packetId }: AckPacket): null {
  if (session.inbound?.delete(packetId) === true && session.key !== 0) {
    ledger.write({ op: 'broker.inbound.remove', session: session.key, packetId })
  }
  outbox.answer('pubcomp', packetId, ledger.batch)
  return null
}
