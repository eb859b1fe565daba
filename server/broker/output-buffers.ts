/** Bytes of an output buffer that a connection takes first. */
export const SMALL_BUFFER = 4 * 1024

/** Bytes of the buffer it takes when the small one is full. */
export const LARGE_BUFFER = 64 * 1024

/** Buffers kept for reuse, by size: 1 MiB of each. */
const SPARE_SMALL = 256
const SPARE_LARGE = 16

/** Output buffers that go from connection to connection, so that an idle connection holds none. */
export class OutputBuffers {
  readonly #small: Buffer[] = []
  readonly #large: Buffer[] = []

  /** A buffer of at least `size` bytes with any content. */
  take(size: number): Buffer {
    if (size <= SMALL_BUFFER) return this.#small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BUFFER)
    if (size <= LARGE_BUFFER) return this.#large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BUFFER)
    return Buffer.allocUnsafeSlow(size)
  }

  /** Takes back a buffer that nobody reads any more. */
  give(buffer: Buffer): void {
    if (buffer.length === SMALL_BUFFER) {
      if (this.#small.length < SPARE_SMALL) this.#small.push(buffer)
    } else if (buffer.length === LARGE_BUFFER && this.#large.length < SPARE_LARGE) this.#large.push(buffer)
  }
}
