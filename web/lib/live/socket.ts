import type { ClientFrame, StreamFrame } from '#api'

/** Milliseconds before each further try; the last one repeats. */
const DELAYS = [250, 1000, 2000, 4000, 8000, 15_000]
/** Milliseconds of silence after which a connection counts as dead: the hub pings every 30 s. */
const SILENCE = 75_000

/** What of a WebSocket is used. */
export interface Wire extends Pick<WebSocket, 'send' | 'close' | 'addEventListener'> {
  readonly readyState: number
}

export interface SocketOptions {
  /** Opens a connection to the hub's stream. */
  readonly open: () => Wire
  readonly onFrame: (frame: StreamFrame) => void
  /** The connection is gone; another try is planned. */
  readonly onLost: () => void
  /** 0 to 1; spreads the tries of many pages. */
  readonly random: () => number
}

/** One connection that comes back by itself, with growing pauses. */
export class Socket {
  readonly #options: SocketOptions
  #wire: Wire | null = null
  #tries = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(options: SocketOptions) {
    this.#options = options
  }

  /** Connects now, unless it is connected. */
  connect(): void {
    if (this.#wire) return
    clearTimeout(this.#retry)
    const wire = this.#options.open()
    this.#wire = wire
    this.#listenFor(wire)
    wire.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (wire !== this.#wire) return
      this.#listenFor(wire)
      const frame = JSON.parse(data) as StreamFrame
      if (frame.type === 'hello') this.#tries = 0
      if (frame.type === 'ping') this.send({ type: 'pong' })
      else this.#options.onFrame(frame)
    })
    wire.addEventListener('close', () => this.#lose(wire))
  }

  send(frame: ClientFrame): void {
    if (this.#wire?.readyState === 1) this.#wire.send(JSON.stringify(frame))
  }

  /** Ends it and plans no other try. */
  close(): void {
    const wire = this.#wire
    this.#wire = null
    clearTimeout(this.#retry)
    clearTimeout(this.#silence)
    wire?.close()
  }

  // A connection over a network that went away never closes by itself.
  #listenFor(wire: Wire): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      wire.close()
      this.#lose(wire)
    }, SILENCE)
  }

  #lose(wire: Wire): void {
    if (wire !== this.#wire) return
    this.#wire = null
    clearTimeout(this.#silence)
    const delay = DELAYS[Math.min(this.#tries++, DELAYS.length - 1)] ?? 0
    this.#retry = setTimeout(() => this.connect(), delay * (0.75 + this.#options.random() / 2))
    this.#options.onLost()
  }
}
