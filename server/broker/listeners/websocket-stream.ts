import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { faults, type Fault } from '../codec/index.ts'
import { MAX_CONNECT_SIZE } from '../limits.ts'
import { endings } from '../reason.ts'

/** Bytes of messages that hold many packets, which any client may send once it is let in. */
const MAX_GATHERED = 1024 * 1024
/** What a frame's own bytes and a chunk that belongs to two messages may add. */
const SLACK = 64 * 1024
/** What a chunk from the network costs at least, so that trickled bytes do not fill the memory with small ones. */
const CHUNK_COST = 256

/** Status codes of RFC 6455, 7.4.1. */
const NORMAL = 1000
const UNSUPPORTED = 1003
const TOO_BIG = 1009

/** The stream says with this event what was wrong with it. */
export const FAULT = 'fault'

/**
 * The bytes in the binary messages of a WebSocket, as one stream both ways: packets and frames need not align
 * [MQTT5-6.0.0-2, MQTT3-6.0.0-2].
 */
export class WebSocketStream extends Duplex {
  readonly #socket: WebSocket
  /** Bytes since the end of the last whole message. */
  #pending = 0
  #maxPending = MAX_CONNECT_SIZE + SLACK
  #status = NORMAL

  /** `carrier` is the connection beneath the WebSocket. */
  constructor(socket: WebSocket, carrier: Duplex) {
    super()
    this.#socket = socket
    socket.on('message', (data: Buffer, isBinary) => {
      this.#pending = 0
      // [MQTT5-6.0.0-1, MQTT3-6.0.0-1]
      if (!isBinary) this.#fail(endings.textFrame, UNSUPPORTED)
      else if (!this.push(data)) socket.pause()
    })
    // It has sent the status that says what is wrong by itself.
    socket.on('error', () => this.#fail(endings.webSocketBroken, NORMAL))
    socket.on('close', () => this.push(null))
    carrier.on('data', (chunk: Buffer) => {
      this.#pending += Math.max(chunk.length, CHUNK_COST)
      if (this.#pending > this.#maxPending) this.#fail(faults.packetTooLarge, TOO_BIG)
    })
  }

  /** The client is let in and may send packets of this size. */
  admit(maxPacketSize: number): void {
    this.#maxPending = Math.max(maxPacketSize, MAX_GATHERED) + SLACK
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(chunk, done)
    else done()
  }

  override _final(done: () => void): void {
    this.#socket.close(this.#status)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.terminate()
    done(error)
  }

  #fail(fault: Fault, status: number): void {
    if (this.writableEnded) return
    this.#status = status
    this.emit(FAULT, fault)
  }
}
