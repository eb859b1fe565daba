import { bodyStart } from './decode-publish.ts'
import { encodeProperties } from './encode-properties.ts'
import type { AckType, PublishPacket, PublishProperties, Version } from './packet.ts'
import { MAX_FIELD, varintSize, Writer, writeVarint, type Output } from './writer.ts'

/** What a PUBLISH to be written holds; a decoded one fits. */
export type PublishFields = Omit<PublishPacket, 'type'>

/** Most bytes of an acknowledgement as `writeAck` writes it: 5 with a reason, else 4. */
export const ACK_SIZE = 5

/** First bytes of the acknowledgements. */
export const ackHeaders = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const

// The size of the last topic: a read event mostly brings messages of one topic.
let lastTopic = ''
let lastTopicSize = 0

function topicSize(topic: string): number {
  if (topic !== lastTopic) {
    const size = Buffer.byteLength(topic)
    if (size > MAX_FIELD) throw new RangeError(`a topic of ${size} bytes is longer than a packet can hold`)
    lastTopic = topic
    lastTopicSize = size
  }
  return lastTopicSize
}

function encodeSection(properties: PublishProperties): Buffer {
  const section = new Writer()
  encodeProperties(section, properties, 'publish')
  return section.written()
}

/** Bytes of the whole packet in a version. */
export function publishSize(fields: PublishFields, version: Version): number {
  const section = version !== 5 ? 0 : fields.properties === null ? 1 : encodeSection(fields.properties).length
  const length = 2 + topicSize(fields.topic) + (fields.qos === 0 ? 0 : 2) + section + fields.payload.length
  return 1 + varintSize(length) + length
}

/** Appends a PUBLISH. @returns false, with nothing written, when there is no room for it. */
export function writePublish(output: Output, fields: PublishFields, version: Version): boolean {
  const { payload, qos, properties } = fields
  const size = topicSize(fields.topic)
  const section = version !== 5 || properties === null ? null : encodeSection(properties)
  const sectionSize = version !== 5 ? 0 : section === null ? 1 : section.length
  const length = 2 + size + (qos === 0 ? 0 : 2) + sectionSize + payload.length
  if (output.length + 1 + varintSize(length) + length > output.buffer.length) return false
  const { buffer } = output
  buffer[output.length++] = 0x30 | (fields.dup ? 0x08 : 0) | (qos << 1) | (fields.retain ? 0x01 : 0)
  writeVarint(output, length)
  let at = output.length
  buffer[at++] = size >> 8
  buffer[at++] = size & 0xff
  // As many bytes as UTF-16 units: ASCII, for which latin1 is the cheaper way.
  buffer.write(fields.topic, at, size, size === fields.topic.length ? 'latin1' : 'utf8')
  at += size
  if (qos !== 0) {
    buffer[at++] = fields.packetId >> 8
    buffer[at++] = fields.packetId & 0xff
  }
  if (section !== null) {
    buffer.set(section, at)
    at += section.length
  } else if (version === 5) {
    buffer[at++] = 0
  }
  buffer.set(payload, at)
  output.length = at + payload.length
  return true
}

/** A PUBLISH encoded once for many receivers that differ in nothing but the packet identifier. */
export interface PublishFrame {
  readonly bytes: Buffer
  /** Where the packet identifier stands; 0 with QoS 0. */
  readonly packetIdAt: number
}

/** Encodes a message once; each copy gets a packet identifier of its own. */
export function encodeFrame(fields: PublishFields, version: Version): PublishFrame {
  const output = { buffer: Buffer.allocUnsafeSlow(publishSize(fields, version)), length: 0 }
  writePublish(output, fields, version)
  const packetIdAt = fields.qos === 0 ? 0 : bodyStart(output.buffer, 0) + 2 + topicSize(fields.topic)
  return { bytes: output.buffer, packetIdAt }
}

/** Puts a reason of 5.0 above a packet identifier. */
export function withReason(packetId: number, reason: number): number {
  return packetId | (reason << 16)
}

/**
 * Appends an acknowledgement without properties; `id` may carry a reason (`withReason`). There must be room for
 * `ACK_SIZE` bytes.
 */
export function writeAck(output: Output, type: AckType, id: number): void {
  const { buffer } = output
  const at = output.length
  const reason = id >>> 16
  const size = reason === 0 ? 4 : 5
  if (at + size > buffer.length) throw new RangeError('no room for an acknowledgement')
  buffer[at] = ackHeaders[type]
  buffer[at + 1] = size - 2
  buffer[at + 2] = (id >> 8) & 0xff
  buffer[at + 3] = id & 0xff
  if (reason !== 0) buffer[at + 4] = reason
  output.length = at + size
}
