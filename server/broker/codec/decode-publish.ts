import { isTopicName, type QoS } from '#kernel'
import { faults, refuse } from './faults.ts'
import type { PublishPacket, PublishProperties, Version } from './packet.ts'
import { readProperties } from './properties.ts'
import { Reader } from './reader.ts'
import { decodeText } from './text.ts'

/** Longer topics are not worth remembering. */
const MAX_REMEMBERED = 256
const NOTHING = new Uint8Array(0)

/** Refuses a text that cannot be published to [MQTT5-3.3.2-2, 4.7.3-1]. */
export function checkTopic(topic: string): void {
  if (isTopicName(topic)) return
  refuse(topic === '' || /[+#]/.test(topic) ? faults.topicName : faults.topicDepth)
}

/** Where the body of the packet at `start` begins: behind the first byte and a checked remaining length. */
export function bodyStart(bytes: Buffer, start: number): number {
  let at = start + 2
  while (bytes[at - 1]! >= 0x80) at++
  return at
}

/** PUBLISH of one connection, section 3.3. */
export class PublishDecoder {
  readonly #version: Version
  readonly #isFromClient: boolean
  // The topic this connection published to last: most clients repeat one, and comparing is cheaper than decoding.
  #last = NOTHING
  #lastSize = 0
  #lastTopic = ''

  constructor(version: Version, from: 'client' | 'server') {
    this.#version = version
    this.#isFromClient = from === 'client'
  }

  /** The whole packet that lies from `start` to `end`. */
  decode(bytes: Buffer, start: number, end: number): PublishPacket {
    const first = bytes[start]!
    let at = bodyStart(bytes, start)
    if (at + 2 > end) refuse(faults.truncated)
    const topicEnd = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!)
    if (topicEnd > end) refuse(faults.truncated)
    const topic = this.#topic(bytes, at + 2, topicEnd)
    at = topicEnd
    const qos = ((first >> 1) & 3) as QoS
    let packetId = 0
    if (qos !== 0) {
      if (at + 2 > end) refuse(faults.truncated)
      packetId = (bytes[at]! << 8) | bytes[at + 1]!
      if (packetId === 0) refuse(faults.packetIdZero) // [MQTT5-2.2.1-3, -4]
      at += 2
    }
    let properties: PublishProperties | null = null
    if (this.#version === 5) {
      // Most messages have none: a property length of 0.
      if (at < end && bytes[at] === 0) {
        at++
      } else {
        const reader = new Reader(bytes, at, end)
        properties = this.#properties(reader)
        at = reader.position
      }
    }
    if (topic === '' && properties?.topicAlias === undefined) refuse(faults.topicMissing)
    return {
      type: 'publish',
      topic,
      payload: bytes.subarray(at, end),
      qos,
      dup: (first & 0x08) !== 0,
      retain: (first & 0x01) !== 0,
      packetId,
      properties,
    }
  }

  #topic(bytes: Buffer, start: number, end: number): string {
    const size = end - start
    if (size === this.#lastSize && this.#isLast(bytes, start)) return this.#lastTopic
    const topic = decodeText(bytes, start, end)
    if (topic === '') return topic
    checkTopic(topic)
    if (size <= MAX_REMEMBERED) {
      if (this.#last.length < size) this.#last = new Uint8Array(size)
      // A loop: a call out of JavaScript costs more than these few bytes.
      for (let i = 0; i < size; i++) this.#last[i] = bytes[start + i]!
      this.#lastSize = size
      this.#lastTopic = topic
    }
    return topic
  }

  /** Compares from the end, where the topics of one client differ. */
  #isLast(bytes: Buffer, start: number): boolean {
    const last = this.#last
    for (let i = this.#lastSize - 1; i >= 0; i--) {
      if (last[i] !== bytes[start + i]) return false
    }
    return true
  }

  #properties(reader: Reader): PublishProperties | null {
    const properties = readProperties(reader, 'publish')
    if (properties?.subscriptionIds !== undefined && this.#isFromClient) {
      refuse(faults.subscriptionIdFromClient) // [MQTT5-3.3.4-6]
    }
    if (properties?.responseTopic !== undefined) checkTopic(properties.responseTopic) // [MQTT5-3.3.2-14]
    return properties
  }
}
