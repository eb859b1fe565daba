import { admit } from '../arrival.ts'
import type { ConnectPacket, Fault } from '../codec/index.ts'
import { hold, type Connection } from '../connection.ts'
import type { Identity, Login } from '../permissions.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/**
 * CONNECT: who is it, and may it come in? What the client sends behind it is taken after the CONNACK, and never
 * after a refusal [MQTT5-3.1.4-6].
 */
export function handleConnect(rooms: Rooms, connection: Connection, packet: ConnectPacket): Fault | null {
  if (packet.version === 5) return endings.versionNotOffered // [MQTT5-3.1.2-2]
  // [MQTT3-3.1.3-7, -8]; MQTT 3.1 knows no empty client id.
  if (packet.clientId === '' && (!packet.clean || packet.version === 3)) return endings.clientIdMissing
  // A cause id never repeats, and nobody can guess it.
  const clientId = packet.clientId === '' ? `auto-${rooms.causes.root('hub', 'broker').id}` : packet.clientId
  connection.clientId = clientId
  const login: Login = {
    clientId,
    username: packet.username,
    password: packet.password,
    protocol: packet.version,
    willTopic: packet.will?.topic ?? null,
    peer: connection.peer,
  }
  const identity = rooms.permissions.identify(login)
  if (!(identity instanceof Promise)) return admit(rooms, connection, { packet, login, identity })
  connection.pause(hold.identity)
  void awaitIdentity(rooms, connection, identity).then(known => {
    if (!connection.isOpen) return
    connection.run(() => admit(rooms, connection, { packet, login, identity: known }))
    connection.resume(hold.identity)
  })
  return null
}

async function awaitIdentity(rooms: Rooms, connection: Connection, identity: Promise<Identity>): Promise<Identity> {
  try {
    return await identity
  } catch (error) {
    rooms.log.error({ error, address: connection.address }, 'the check of a login failed')
    return { kind: 'refused', reason: 'unavailable' }
  }
}
