import type { QoS } from '#kernel'
import { faults, MAX_ENTRIES, refuse } from './faults.ts'
import type {
  AckPacket,
  AckType,
  AuthPacket,
  AuthProperties,
  ConnackPacket,
  DisconnectPacket,
  DisconnectProperties,
  FilterRequest,
  OutcomeProperties,
  Packet,
  PingreqPacket,
  PingrespPacket,
  SubackPacket,
  SubscribePacket,
  UnsubackPacket,
  UnsubscribePacket,
  Version,
} from './packet.ts'
import { readProperties } from './properties.ts'
import type { Reader } from './reader.ts'
import { allowedReasons, reasons, type ReasonCarrier } from './reasons.ts'

/** PINGREQ and PINGRESP by their first byte: always the same object, and no other allocation. */
export const pings: Readonly<Record<number, PingreqPacket | PingrespPacket>> = {
  0xc0: Object.freeze({ type: 'pingreq' }),
  0xd0: Object.freeze({ type: 'pingresp' }),
}

/** A whole packet that is no CONNECT, no PUBLISH and no ping; `first` is its first byte, `reader` stands on its body. */
export function decodePacket(reader: Reader, first: number, version: Version): Packet {
  switch (first >> 4) {
    case 2:
      return decodeConnack(reader, version)
    case 4:
      return decodeAck(reader, 'puback', version)
    case 5:
      return decodeAck(reader, 'pubrec', version)
    case 6:
      return decodeAck(reader, 'pubrel', version)
    case 7:
      return decodeAck(reader, 'pubcomp', version)
    case 8:
      return decodeSubscribe(reader, version)
    case 9:
      return decodeSuback(reader, version)
    case 10:
      return decodeUnsubscribe(reader, version)
    case 11:
      return decodeUnsuback(reader, version)
    case 12:
    case 13:
      return refuse(faults.trailingBytes)
    case 14:
      return decodeDisconnect(reader, version)
    case 15:
      return decodeAuth(reader)
    default:
      return refuse(faults.unknownPacketType)
  }
}

function readReason(reader: Reader, carrier: ReasonCarrier): number {
  const reason = reader.byte()
  if (!allowedReasons[carrier].has(reason)) refuse(faults.reasonCode)
  return reason
}

function decodeConnack(reader: Reader, version: Version): ConnackPacket {
  const flags = reader.byte()
  const reason = readReason(reader, version === 5 ? 'connack' : 'returnCode')
  // [MQTT5-3.2.2-1, -6]; MQTT 3.1 leaves the byte unused.
  if (version !== 3 && (flags > 1 || (flags === 1 && reason !== 0))) refuse(faults.connackFlags)
  const properties = version === 5 ? readProperties(reader, 'connack') : null
  reader.finish()
  return { type: 'connack', sessionPresent: (flags & 1) !== 0, reason, properties }
}

function decodeAck(reader: Reader, type: AckType, version: Version): AckPacket {
  const packetId = reader.uint16()
  if (packetId === 0) refuse(faults.packetIdZero) // [MQTT5-2.2.1-5]
  let reason: number = reasons.success
  let properties: OutcomeProperties | null = null
  if (version === 5 && reader.left > 0) {
    // The reason code may be left out when it is 0, the properties when there are none (3.4.2.1, 3.4.2.2.1).
    reason = readReason(reader, type)
    if (reader.left > 0) properties = readProperties(reader, type)
  }
  reader.finish()
  return { type, packetId, reason, properties }
}

function readRequestId(reader: Reader): number {
  const packetId = reader.uint16()
  if (packetId === 0) refuse(faults.requestIdZero) // [MQTT5-2.2.1-3]
  return packetId
}

function readFilter(reader: Reader): string {
  const filter = reader.text()
  if (filter === '') refuse(faults.emptyFilter) // [MQTT5-4.7.3-1]
  return filter
}

function decodeSubscribe(reader: Reader, version: Version): SubscribePacket {
  const packetId = readRequestId(reader)
  const properties = version === 5 ? readProperties(reader, 'subscribe') : null
  const requests: FilterRequest[] = []
  while (reader.left > 0) {
    if (requests.length === MAX_ENTRIES) refuse(faults.tooManyFilters)
    requests.push(readRequest(reader, version))
  }
  if (requests.length === 0) refuse(faults.noFilters) // [MQTT5-3.8.3-2]
  return { type: 'subscribe', packetId, requests, properties }
}

function readRequest(reader: Reader, version: Version): FilterRequest {
  const filter = readFilter(reader)
  const options = reader.byte()
  const qos = options & 3
  const retainHandling = (options >> 4) & 3
  // [MQTT5-3.8.3-5]; before 5.0 all bits but the QoS are reserved [MQTT3-3.8.3-4].
  if ((options & (version === 5 ? 0xc0 : 0xfc)) !== 0) refuse(faults.subscriptionOptions)
  if (qos === 3) refuse(faults.subscriptionQos)
  if (retainHandling === 3) refuse(faults.retainHandling)
  const noLocal = (options & 0x04) !== 0
  if (noLocal && filter.startsWith('$share/')) refuse(faults.sharedNoLocal) // [MQTT5-3.8.3-4]
  return {
    filter,
    qos: qos as QoS,
    noLocal,
    retainAsPublished: (options & 0x08) !== 0,
    retainHandling: retainHandling as 0 | 1 | 2,
  }
}

function decodeSuback(reader: Reader, version: Version): SubackPacket {
  const packetId = readRequestId(reader)
  const properties = version === 5 ? readProperties(reader, 'suback') : null
  const carrier = version === 5 ? 'suback' : 'subackReturnCode'
  const granted = [readReason(reader, carrier)]
  while (reader.left > 0) granted.push(readReason(reader, carrier))
  return { type: 'suback', packetId, reasons: granted, properties }
}

function decodeUnsubscribe(reader: Reader, version: Version): UnsubscribePacket {
  const packetId = readRequestId(reader)
  const properties = version === 5 ? readProperties(reader, 'unsubscribe') : null
  const filters: string[] = []
  while (reader.left > 0) {
    if (filters.length === MAX_ENTRIES) refuse(faults.tooManyFilters)
    filters.push(readFilter(reader))
  }
  if (filters.length === 0) refuse(faults.noFilters) // [MQTT5-3.10.3-2]
  return { type: 'unsubscribe', packetId, filters, properties }
}

function decodeUnsuback(reader: Reader, version: Version): UnsubackPacket {
  const packetId = readRequestId(reader)
  if (version !== 5) {
    reader.finish()
    return { type: 'unsuback', packetId, reasons: [], properties: null }
  }
  const properties = readProperties(reader, 'unsuback')
  const outcomes = [readReason(reader, 'unsuback')]
  while (reader.left > 0) outcomes.push(readReason(reader, 'unsuback'))
  return { type: 'unsuback', packetId, reasons: outcomes, properties }
}

/** Any reason code is taken: the connection ends either way. */
function decodeDisconnect(reader: Reader, version: Version): DisconnectPacket {
  let reason: number = reasons.success
  let properties: DisconnectProperties | null = null
  if (version === 5 && reader.left > 0) {
    reason = reader.byte()
    if (reader.left > 0) properties = readProperties(reader, 'disconnect')
  }
  reader.finish()
  return { type: 'disconnect', reason, properties }
}

function decodeAuth(reader: Reader): AuthPacket {
  let reason: number = reasons.success
  let properties: AuthProperties | null = null
  if (reader.left > 0) {
    reason = readReason(reader, 'auth')
    if (reader.left > 0) properties = readProperties(reader, 'auth')
  }
  reader.finish()
  return { type: 'auth', reason, properties }
}
