import type { MessageProperties, QoS } from '#kernel'
import { encodeFrame, writePublish, type PublishFields, type Version } from './codec/index.ts'
import { onTheWire, type Hop } from './message-properties.ts'

/** An encoded PUBLISH; the first byte and the packet id are set anew in each copy. */
export interface Frame {
  bytes: Buffer
  length: number
  /** The first byte: type and QoS; DUP and RETAIN 0. */
  head: number
  /** Where the packet id stands, or 0 for QoS 0. */
  idAt: number
  /** A large one has a buffer of its own, which streams may keep. */
  isLarge: boolean
}

/** What a message shows of itself on the wire. */
export interface Encodable {
  readonly topic: string
  readonly payload: Uint8Array
  readonly properties: MessageProperties | null
  readonly expiresAt: number | null
}

/** Frames of this size and more are not copied behind others into one buffer. */
const LARGE_FRAME = 16 * 1024
const NOTHING = Buffer.alloc(0)

class Scratch implements Frame {
  bytes: Buffer = NOTHING
  length = 0
  head = 0
  idAt = 0
  isLarge = false
  readonly output = { buffer: Buffer.allocUnsafeSlow(LARGE_FRAME), length: 0 }
}

type Fields = { -readonly [Name in keyof PublishFields]: PublishFields[Name] }

const scratches = () => [new Scratch(), new Scratch(), new Scratch()]

/** Encodes messages for one use: a frame is valid until the next one of its kind. */
export class Frames {
  readonly #before5 = scratches()
  readonly #plain5 = scratches()
  readonly #single = new Scratch()
  readonly #fields: Fields = {
    ...{ topic: '', payload: NOTHING, qos: 0 },
    ...{ dup: false, retain: false, packetId: 0, properties: null },
  }

  /** For all who get the message as 3.1 or 3.1.1 write it. */
  before5(message: Encodable, qos: QoS): Frame {
    const frame = this.#before5[qos]!
    this.#encode(frame, this.#fill(message, qos), 4)
    return frame
  }

  /** For all who get the message as 5.0 writes it, with nothing of their own. */
  plain5(message: Encodable, qos: QoS, hop: Hop): Frame {
    const frame = this.#plain5[qos]!
    const fields = this.#fill(message, qos)
    fields.properties = onTheWire(message, hop)
    this.#encode(frame, fields, 5)
    return frame
  }

  /** For one who gets it, in its version. `hasTopic` is false where the alias in `hop` says enough. */
  single(message: Encodable, how: { qos: QoS; version: Version; hop: Hop; hasTopic: boolean }): Frame {
    const { qos, version, hop, hasTopic } = how
    const frame = this.#single
    const fields = this.#fill(message, qos)
    if (!hasTopic) fields.topic = ''
    if (version === 5) fields.properties = onTheWire(message, hop)
    this.#encode(frame, fields, version)
    return frame
  }

  #fill(message: Encodable, qos: QoS): Fields {
    const fields = this.#fields
    fields.topic = message.topic
    fields.payload = message.payload
    fields.qos = qos
    fields.properties = null
    return fields
  }

  #encode(frame: Scratch, fields: Fields, version: Version): void {
    const { output } = frame
    output.length = 0
    if (fields.payload.length < LARGE_FRAME && writePublish(output, fields, version)) {
      frame.bytes = output.buffer
      frame.length = output.length
      frame.isLarge = false
    } else {
      frame.bytes = encodeFrame(fields, version).bytes
      frame.length = frame.bytes.length
      frame.isLarge = true
    }
    const { qos } = fields
    fields.payload = NOTHING
    frame.head = 0x30 | (qos << 1)
    frame.idAt = qos === 0 ? 0 : idPosition(frame.bytes)
  }
}

// Behind the fixed header, of two to five bytes, and the topic.
function idPosition(bytes: Buffer): number {
  let at = 1
  while (bytes[at]! >= 0x80) at++
  at++
  return at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!)
}
