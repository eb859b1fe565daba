import { admit } from '../arrival.ts'
import { beginAuthentication, whenKnown } from '../authentication.ts'
import type { ConnectPacket, Fault } from '../codec/index.ts'
import type { Connection } from '../connection.ts'
import type { Login } from '../permissions.ts'
import { endings } from '../reason.ts'
import type { Rooms } from '../rooms.ts'

/**
 * CONNECT: who is it, and may it come in? What the client sends behind it is taken after the CONNACK, and never
 * after a refusal [MQTT5-3.1.4-6].
 */
export function handleConnect(rooms: Rooms, connection: Connection, packet: ConnectPacket): Fault | null {
  const { properties, version } = packet
  rooms.stats.connects++
  // [MQTT5-3.2.2-19] Known before anything can be wrong with what follows.
  connection.maxOutgoing = properties?.maximumPacketSize ?? Infinity
  connection.takesStrings = version === 5 && rooms.limits.reasonStrings && properties?.requestProblemInformation !== 0
  if (!rooms.connectRates.mayTry(connection.address)) return endings.addressConnectRate
  const fault = connectFault(rooms, packet)
  if (fault !== null) return fault
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
  if (properties?.authenticationMethod !== undefined) {
    connection.login = login
    return beginAuthentication(rooms, connection, { packet, login })
  }
  return whenKnown(rooms, connection, {
    answer: rooms.permissions.identify(login),
    otherwise: { kind: 'refused', reason: 'unavailable' },
    go: identity => admit(rooms, connection, { packet, login, identity, authentication: null }),
  })
}

function connectFault({ limits }: Rooms, { clientId, clean, version, will }: ConnectPacket): Fault | null {
  // [MQTT3-3.1.3-7, -8]; MQTT 3.1 knows no empty client id, 5.0 always assigns one [MQTT5-3.1.3-6].
  if (clientId === '' && version !== 5 && (!clean || version === 3)) return endings.clientIdMissing
  if (will === null) return null
  if (will.qos > limits.maximumQos) return endings.willQosNotSupported // [MQTT5-3.2.2-12]
  // [MQTT5-3.2.2-13]; before 5.0 nobody can be told, and the will goes out without RETAIN.
  return will.retain && !limits.retainAvailable && version === 5 ? endings.willRetainNotSupported : null
}
