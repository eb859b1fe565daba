import { Duplex } from 'node:stream'

/** The broker's side of a connection in memory; the test is the other side. */
export class MemoryStream extends Duplex {
  readonly #written: Buffer[] = []
  readonly #blocked: (() => void)[] = []
  #isStalled = false
  /** Whether the broker has said that it sends nothing more. */
  isEnded = false
  /** Bytes of each write, in order: how often the broker called the system. */
  readonly writes: number[] = []

  /** Brings bytes from the client. */
  feed(bytes: Uint8Array): void {
    if (!this.destroyed) this.push(bytes)
  }

  /** The client's socket breaks. */
  break(): void {
    this.destroy()
  }

  /** The client stops reading. */
  stall(): void {
    this.#isStalled = true
  }

  /** The client reads on. */
  unstall(): void {
    this.#isStalled = false
    for (const release of this.#blocked.splice(0)) release()
  }

  /** What the client has read since the last call. */
  taken(): Buffer {
    return Buffer.concat(this.#written.splice(0))
  }

  override _read(): void {
    // Bytes come with `feed`.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const take = () => {
      // The broker may use its buffer again once the write is done.
      this.#written.push(Buffer.from(chunk))
      this.writes.push(chunk.length)
      done()
    }
    if (this.#isStalled) this.#blocked.push(take)
    else take()
  }

  override _final(done: () => void): void {
    this.isEnded = true
    done()
  }
}

/** Lets the broker finish the turn: output is flushed at its end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
}
