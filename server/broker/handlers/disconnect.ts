import { grantedExpiry } from '../agreement.ts'
import type { Client } from '../client.ts'
import { reasons, type DisconnectPacket, type Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/** DISCONNECT: 0x00 deletes the will for good, every other reason sends it [MQTT5-3.14.4-3, 3.1.2-10]. */
export function handleDisconnect(rooms: Rooms, client: Client, { reason, properties }: DisconnectPacket): Fault {
  const { session } = client
  const asked = properties?.sessionExpiry
  if (asked !== undefined) {
    // A session that was to end with its connection cannot be kept now (section 3.14.2.2.2).
    if (client.sessionExpiry === 0 && asked !== 0) return endings.sessionExpiry
    if (session.key !== 0) {
      rooms.sessions.keep(session, grantedExpiry(asked, rooms.limits))
      client.lastBatch = rooms.ledger.batch
    }
  }
  return reason === reasons.success ? endings.disconnected : endings.disconnectedWithWill
}
