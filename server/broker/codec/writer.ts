/** Longest string or binary field (sections 1.5.4 and 1.5.6). */
export const MAX_FIELD = 0xffff
/** Largest variable byte integer, hence the largest remaining length (section 1.5.5). */
export const MAX_VARINT = 268_435_455

/** Bytes that a variable byte integer takes. */
export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4
}

/** Bytes gathered for one write: the first `length` of the buffer are taken. */
export interface Output {
  buffer: Buffer
  length: number
}

/** Appends a variable byte integer; there must be room. */
export function writeVarint(output: Output, value: number): void {
  if (value > MAX_VARINT) throw new RangeError(`${value} bytes are more than one packet can hold`)
  let left = value
  while (left >= 0x80) {
    output.buffer[output.length++] = (left & 0x7f) | 0x80
    left >>>= 7
  }
  output.buffer[output.length++] = left
}

/** Writes fields one behind the other into a buffer that grows. */
export class Writer implements Output {
  buffer: Buffer = Buffer.allocUnsafe(128)
  length = 0

  #room(size: number): number {
    const at = this.length
    this.length = at + size
    if (this.length > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.length, 2 * this.buffer.length))
      this.buffer.copy(grown, 0, 0, at)
      this.buffer = grown
    }
    return at
  }

  byte(value: number): void {
    const at = this.#room(1)
    this.buffer[at] = value
  }

  uint16(value: number): void {
    const at = this.#room(2)
    this.buffer.writeUInt16BE(value, at)
  }

  uint32(value: number): void {
    const at = this.#room(4)
    this.buffer.writeUInt32BE(value, at)
  }

  varint(value: number): void {
    this.length = this.#room(varintSize(value))
    writeVarint(this, value)
  }

  text(value: string): void {
    const size = Buffer.byteLength(value)
    if (size > MAX_FIELD) throw new RangeError(`a string of ${size} bytes is longer than a packet can hold`)
    this.uint16(size)
    const at = this.#room(size)
    this.buffer.write(value, at)
  }

  binary(value: Uint8Array): void {
    if (value.length > MAX_FIELD) throw new RangeError(`${value.length} bytes are more than a field can hold`)
    this.uint16(value.length)
    this.bytes(value)
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length)
    this.buffer.set(value, at)
  }

  /** What was written. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length)
  }
}
