import { faults, refuse } from './faults.ts'
import { decodeText } from './text.ts'

/** Reads the fields of one packet, or of its properties, and never past their end. */
export class Reader {
  readonly bytes: Buffer
  position: number
  end: number

  constructor(bytes: Buffer, position: number, end: number) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  get left(): number {
    return this.end - this.position
  }

  /** Moves over `size` bytes. @returns where they begin. */
  take(size: number): number {
    const at = this.position
    if (at + size > this.end) refuse(faults.truncated)
    this.position = at + size
    return at
  }

  byte(): number {
    return this.bytes[this.take(1)]!
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.take(2))
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.take(4))
  }

  /** A variable byte integer: at most four bytes, in the shortest form [MQTT5-1.5.5-1]. */
  varint(): number {
    let value = 0
    for (let i = 0; i < 4; i++) {
      const byte = this.byte()
      value |= (byte & 0x7f) << (7 * i)
      if (byte < 0x80) {
        if (byte === 0 && i > 0) refuse(faults.malformedLength)
        return value
      }
    }
    return refuse(faults.malformedLength)
  }

  text(): string {
    const size = this.uint16()
    const at = this.take(size)
    return decodeText(this.bytes, at, at + size)
  }

  /** A copy of length-prefixed binary data. */
  binary(): Uint8Array {
    const size = this.uint16()
    const at = this.take(size)
    return new Uint8Array(this.bytes.subarray(at, at + size))
  }

  /** Refuses bytes behind the last field. */
  finish(): void {
    if (this.position < this.end) refuse(faults.trailingBytes)
  }
}
