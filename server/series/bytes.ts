/** Bytes that grow, for compact records; kept and used again after `reset`. */
export class ByteWriter {
  bytes: Uint8Array
  length = 0

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity)
  }

  byte(value: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = value
  }

  /** A whole number of 0 to 2^53 - 1: seven bits a byte, the lowest first; the high bit says that more follow. */
  uint(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7fff_ffff) {
      this.bytes[this.length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** A whole number of -2^52 to 2^52 - 1: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** The eight bytes of a double. */
  double(value: number): void {
    scratch.setFloat64(0, value, true)
    for (let i = 0; i < 8; i++) this.byte(scratch.getUint8(i))
  }

  /** UTF-8 behind its length. */
  text(value: string): void {
    const encoded = encoder.encode(value)
    this.uint(encoded.length)
    this.#reserve(encoded.length)
    this.bytes.set(encoded, this.length)
    this.length += encoded.length
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length) as Uint8Array<ArrayBuffer>
  }

  reset(): void {
    this.length = 0
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count))
    grown.set(this.bytes)
    this.bytes = grown
  }
}

const scratch = new DataView(new ArrayBuffer(8))
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads what a `ByteWriter` wrote. @throws RangeError at the end of the bytes. */
export class ByteReader {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.position >= this.bytes.length
  }

  byte(): number {
    const value = this.bytes[this.position++]
    if (value === undefined) throw new RangeError('the record is cut short')
    return value
  }

  uint(): number {
    let byte = this.byte()
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    let factor = 128
    do {
      byte = this.byte()
      value += (byte & 0x7f) * factor
      factor *= 128
    } while (byte >= 0x80)
    return value
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  double(): number {
    for (let i = 0; i < 8; i++) scratch.setUint8(i, this.byte())
    return scratch.getFloat64(0, true)
  }

  skipText(): void {
    const length = this.uint()
    this.position += length
  }

  text(): string {
    const length = this.uint()
    if (this.position + length > this.bytes.length) throw new RangeError('the record is cut short')
    const value = decoder.decode(this.bytes.subarray(this.position, this.position + length))
    this.position += length
    return value
  }
}
