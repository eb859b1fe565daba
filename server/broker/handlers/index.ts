import type { Fault, Packet } from '../codec/index.ts'
import type { Client } from '../client.ts'
import { handleAuth } from '../authentication.ts'
import type { Connection } from '../connection.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'
import { handleConnect } from './connect.ts'
import { handleDisconnect } from './disconnect.ts'
import { handlePingreq } from './pingreq.ts'
import { handlePuback } from './puback.ts'
import { handlePubcomp } from './pubcomp.ts'
import { handlePublish } from './publish.ts'
import { handlePubrec } from './pubrec.ts'
import { handlePubrel } from './pubrel.ts'
import { handleSubscribe } from './subscribe.ts'
import { handleUnsubscribe } from './unsubscribe.ts'

/**
 * Does what a packet asks for. The decoder lets CONNECT through once and first, and no packet that only a
 * broker sends.
 * @returns the fault that ends the connection, which `Connection` alone turns into a reason on the wire.
 */
export function handle(rooms: Rooms, connection: Connection, packet: Packet): Fault | null {
  if (packet.type === 'auth') return handleAuth(rooms, connection, packet)
  if (connection.session === null) return handleNewcomer(rooms, connection, packet)
  return handleOf(rooms, connection as Client, packet)
}

/** Between CONNECT and CONNACK a client sends nothing but AUTH and DISCONNECT [MQTT5-3.1.2-30]. */
function handleNewcomer(rooms: Rooms, connection: Connection, packet: Packet): Fault | null {
  if (packet.type === 'connect') return handleConnect(rooms, connection, packet)
  return packet.type === 'disconnect' ? endings.disconnected : endings.unexpectedPacket
}

function handleOf(rooms: Rooms, client: Client, packet: Packet): Fault | null {
  switch (packet.type) {
    case 'publish':
      return handlePublish(rooms, client, packet)
    case 'puback':
      return handlePuback(rooms, client, packet)
    case 'pubrec':
      return handlePubrec(rooms, client, packet)
    case 'pubrel':
      return handlePubrel(rooms, client, packet)
    case 'pubcomp':
      return handlePubcomp(rooms, client, packet)
    case 'subscribe':
      return handleSubscribe(rooms, client, packet)
    case 'unsubscribe':
      return handleUnsubscribe(rooms, client, packet)
    case 'pingreq':
      return handlePingreq(client)
    case 'disconnect':
      return handleDisconnect(rooms, client, packet)
    default:
      return endings.unexpectedPacket
  }
}
