import type {
  AckPacket,
  AuthPacket,
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  Packet,
  SubackPacket,
  SubscribePacket,
  UnsubackPacket,
  UnsubscribePacket,
  Version,
  Will,
} from './packet.ts'
import { ackHeaders, publishSize, writePublish } from './output.ts'
import { encodeProperties } from './encode-properties.ts'
import { reasons } from './reasons.ts'
import { Writer } from './writer.ts'

type OtherPacket = Exclude<Packet, { type: 'publish' }>

const firstBytes: Readonly<Record<OtherPacket['type'], number>> = {
  ...ackHeaders,
  connect: 0x10,
  connack: 0x20,
  subscribe: 0x82,
  suback: 0x90,
  unsubscribe: 0xa2,
  unsuback: 0xb0,
  pingreq: 0xc0,
  pingresp: 0xd0,
  disconnect: 0xe0,
  auth: 0xf0,
}

/**
 * The bytes of a packet in a version, in a buffer of their own. What the version has no field for is left out; AUTH
 * before 5.0 and fields longer than the format allows throw a RangeError. A CONNECT is written in the version it names.
 */
export function encode(packet: Packet, version: Version): Buffer {
  if (packet.type === 'publish') {
    const output = { buffer: Buffer.allocUnsafeSlow(publishSize(packet, version)), length: 0 }
    writePublish(output, packet, version)
    return output.buffer
  }
  if (packet.type === 'auth' && version !== 5) throw new RangeError('AUTH exists in MQTT 5.0 only')
  const body = new Writer()
  writeBody(body, packet, version)
  return withHeader(firstBytes[packet.type], body.written())
}

function withHeader(first: number, body: Buffer): Buffer {
  const header = new Writer()
  header.byte(first)
  header.varint(body.length)
  header.bytes(body)
  return Buffer.from(header.written())
}

/** Writes everything behind the fixed header. */
function writeBody(body: Writer, packet: OtherPacket, version: Version): void {
  switch (packet.type) {
    case 'connect':
      return writeConnect(body, packet)
    case 'connack':
      return writeConnack(body, packet, version)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return writeAcknowledgement(body, packet, version)
    case 'subscribe':
      return writeSubscribe(body, packet, version)
    case 'unsubscribe':
      return writeUnsubscribe(body, packet, version)
    case 'suback':
    case 'unsuback':
      return writeOutcomes(body, packet, version)
    case 'disconnect':
    case 'auth':
      return writeReason(body, packet, version)
    case 'pingreq':
    case 'pingresp':
  }
}

function writeConnect(body: Writer, packet: ConnectPacket): void {
  const { version, will, username, password } = packet
  body.text(version === 3 ? 'MQIsdp' : 'MQTT')
  body.byte(version)
  const willFlags = will === null ? 0 : 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0)
  body.byte((username === null ? 0 : 0x80) | (password === null ? 0 : 0x40) | willFlags | (packet.clean ? 0x02 : 0))
  body.uint16(packet.keepAlive)
  if (version === 5) encodeProperties(body, packet.properties, 'connect')
  body.text(packet.clientId)
  if (will !== null) writeWill(body, will, version)
  if (username !== null) body.text(username)
  if (password !== null) body.binary(password)
}

function writeWill(body: Writer, will: Will, version: Version): void {
  if (version === 5) encodeProperties(body, will.properties, 'will')
  body.text(will.topic)
  body.binary(will.payload)
}

function writeConnack(body: Writer, packet: ConnackPacket, version: Version): void {
  body.byte(packet.sessionPresent ? 1 : 0)
  body.byte(packet.reason)
  if (version === 5) encodeProperties(body, packet.properties, 'connack')
}

function writeAcknowledgement(body: Writer, packet: AckPacket, version: Version): void {
  body.uint16(packet.packetId)
  writeReason(body, packet, version)
}

/** Reason and properties, left out as far as the standard allows. */
function writeReason(body: Writer, packet: AckPacket | DisconnectPacket | AuthPacket, version: Version): void {
  if (version !== 5 || (packet.reason === reasons.success && packet.properties === null)) return
  body.byte(packet.reason)
  if (packet.properties !== null) encodeProperties(body, packet.properties, packet.type)
}

function writeSubscribe(body: Writer, packet: SubscribePacket, version: Version): void {
  body.uint16(packet.packetId)
  if (version === 5) encodeProperties(body, packet.properties, 'subscribe')
  for (const request of packet.requests) {
    body.text(request.filter)
    const options = (request.noLocal ? 4 : 0) | (request.retainAsPublished ? 8 : 0) | (request.retainHandling << 4)
    body.byte(request.qos | (version === 5 ? options : 0))
  }
}

function writeUnsubscribe(body: Writer, packet: UnsubscribePacket, version: Version): void {
  body.uint16(packet.packetId)
  if (version === 5) encodeProperties(body, packet.properties, 'unsubscribe')
  for (const filter of packet.filters) body.text(filter)
}

function writeOutcomes(body: Writer, packet: SubackPacket | UnsubackPacket, version: Version): void {
  body.uint16(packet.packetId)
  if (version === 5) encodeProperties(body, packet.properties, packet.type)
  if (version === 5 || packet.type === 'suback') {
    for (const reason of packet.reasons) body.byte(reason)
  }
}
