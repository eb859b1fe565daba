import type { QoS } from '#kernel'
import { encodeFrame, writePublish } from './codec/index.ts'
import type { Incoming } from './publication.ts'

/** An encoded PUBLISH; the first byte and the packet id are set anew in each copy. */
export interface Frame {
  bytes: Buffer
  length: number
  /** The first byte: type, QoS, RETAIN; DUP 0. */
  head: number
  /** Where the packet id stands, or 0 for QoS 0. */
  idAt: number
  /** A large one has a buffer of its own, which streams may keep. */
  isLarge: boolean
}

/** Frames of this size and more are not copied behind others into one buffer. */
const LARGE_FRAME = 16 * 1024

class Scratch implements Frame {
  bytes: Buffer = NOTHING
  length = 0
  head = 0
  idAt = 0
  isLarge = false
  readonly output = { buffer: Buffer.allocUnsafeSlow(LARGE_FRAME), length: 0 }
}

const NOTHING = Buffer.alloc(0)

/** Encodes messages for one use: a frame is valid until the next one of its kind. */
export class Frames {
  readonly #live = [new Scratch(), new Scratch(), new Scratch()]
  readonly #kept = new Scratch()
  readonly #fields = {
    topic: '',
    payload: NOTHING as Uint8Array,
    qos: 0 as QoS,
    dup: false,
    retain: false,
    packetId: 0,
    properties: null,
  }

  /** A message that is delivered as it comes; RETAIN is 0 then [MQTT5-3.3.1-12, MQTT3-3.3.1-9]. */
  encodeLive(message: Incoming, qos: QoS): Frame {
    return this.#encode(this.#live[qos]!, message, qos)
  }

  /** A message that was kept. */
  encode(message: Incoming, qos: QoS, retain: boolean): Frame {
    const frame = this.#encode(this.#kept, message, qos)
    if (retain) frame.head |= 1
    return frame
  }

  #encode(frame: Scratch, message: Incoming, qos: QoS): Frame {
    const fields = this.#fields
    fields.topic = message.topic
    fields.payload = message.payload
    fields.qos = qos
    const { output } = frame
    output.length = 0
    if (message.payload.length < LARGE_FRAME && writePublish(output, fields, 4)) {
      frame.bytes = output.buffer
      frame.length = output.length
      frame.isLarge = false
    } else {
      frame.bytes = encodeFrame(fields, 4).bytes
      frame.length = frame.bytes.length
      frame.isLarge = true
    }
    fields.payload = NOTHING
    frame.head = 0x30 | (qos << 1)
    frame.idAt = qos === 0 ? 0 : idPosition(frame.bytes)
    return frame
  }
}

// Behind the fixed header, of two to five bytes, and the topic.
function idPosition(bytes: Buffer): number {
  let at = 1
  while (bytes[at]! >= 0x80) at++
  at++
  return at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!)
}
