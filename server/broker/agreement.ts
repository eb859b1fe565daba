// What CONNECT and CONNACK settle for the life of a connection.

import type { ConnackProperties, ConnectPacket } from './codec/index.ts'
import type { Connection } from './connection.ts'
import type { BrokerLimits } from './face.ts'
import { OutboundAliases } from './topic-alias.ts'

/** The Session Expiry Interval that stands for ever [MQTT5-3.1.2.11.2]. */
const FOR_EVER = 0xffff_ffff
/** The largest packet that the format can write; a limit of it needs no mention. */
const LARGEST_PACKET = 268_435_455 + 5
/** Receive Maximum where nothing is said [MQTT5-3.1.2.11.3]. */
const NO_MAXIMUM = 65_535

/** Seconds that a session with an asked-for expiry outlives its connection; null for ever. */
export function grantedExpiry(asked: number | undefined, { maxSessionExpiry }: Required<BrokerLimits>): number | null {
  const seconds = asked === FOR_EVER ? null : (asked ?? 0)
  return maxSessionExpiry === null ? seconds : Math.min(seconds ?? Infinity, maxSessionExpiry)
}

/** The same for a CONNECT: before 5.0 a session ends at once or never [MQTT3-3.1.2-6, MQTT5-3.1.2-23]. */
export function expiryOf({ version, clean, properties }: ConnectPacket, limits: Required<BrokerLimits>): number | null {
  const asked = version === 5 ? properties?.sessionExpiry : clean ? 0 : FOR_EVER
  return grantedExpiry(asked, limits)
}

/** Sets what the client asks of the broker. */
export function agree(connection: Connection, packet: ConnectPacket, limits: Required<BrokerLimits>): void {
  const { version, properties } = packet
  connection.sessionExpiry = expiryOf(packet, limits)
  connection.window = Math.min(properties?.receiveMaximum ?? NO_MAXIMUM, limits.maxInflight)
  connection.receiveMaximum = version === 5 ? limits.receiveMaximum : Infinity
  connection.maxOutgoing = properties?.maximumPacketSize ?? Infinity
  const aliases = Math.min(properties?.topicAliasMaximum ?? 0, limits.topicAliasMaximum)
  connection.aliases = aliases === 0 ? null : new OutboundAliases(aliases)
  connection.patience = keepAliveOf(packet, limits) * 1500 // [MQTT5-3.1.2-22]
}

/** Seconds. Before 5.0 a client cannot be told that it is to be shorter [MQTT5-3.2.2-21]. */
function keepAliveOf({ version, keepAlive }: ConnectPacket, { maxKeepAlive }: Required<BrokerLimits>): number {
  return version === 5 && maxKeepAlive > 0 ? Math.min(keepAlive, maxKeepAlive) : keepAlive
}

interface Granted {
  readonly clientId: string
  readonly sessionExpiry: number | null
  /** Bytes of a packet from the client. */
  readonly maxIncoming: number
  readonly authentication: { readonly method: string; readonly data: Uint8Array | null } | null
}

/** What CONNACK tells a 5.0 client: everything that is not as it asked or as the standard takes for granted. */
export function connackProperties(
  packet: ConnectPacket,
  limits: Required<BrokerLimits>,
  granted: Granted,
): ConnackProperties | null {
  if (packet.version !== 5) return null
  const { sessionExpiry, clientId, maxIncoming, authentication } = granted
  const asked = packet.properties?.sessionExpiry ?? 0
  const expiry = sessionExpiry ?? FOR_EVER
  const keepAlive = keepAliveOf(packet, limits)
  const { receiveMaximum, maximumQos, retainAvailable, topicAliasMaximum } = limits
  return {
    ...(expiry === asked ? {} : { sessionExpiry: expiry }), // [MQTT5-3.2.2.3.2]
    ...(packet.clientId === '' ? { assignedClientId: clientId } : {}), // [MQTT5-3.2.2-16]
    ...(authentication === null ? {} : { authenticationMethod: authentication.method }), // [MQTT5-4.12.0-5]
    ...(authentication?.data == null ? {} : { authenticationData: authentication.data }),
    ...(keepAlive === packet.keepAlive ? {} : { serverKeepAlive: keepAlive }),
    ...(topicAliasMaximum === 0 ? {} : { topicAliasMaximum }),
    ...(maxIncoming >= LARGEST_PACKET ? {} : { maximumPacketSize: maxIncoming }),
    ...(receiveMaximum === NO_MAXIMUM ? {} : { receiveMaximum }),
    ...(maximumQos === 2 ? {} : { maximumQos }), // [MQTT5-3.2.2-9]
    ...(retainAvailable ? {} : { retainAvailable: 0 as const }),
  }
}
