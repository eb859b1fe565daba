import type { StreamFrame } from '#api'
import { Commands } from './commands.ts'
import { Entities } from './entities.svelte.ts'
import { Socket, type SocketOptions } from './socket.ts'
import type { Api } from '../api.ts'

/** Milliseconds without a connection after which the view counts as old: a short break is nobody's business. */
const OLD_AFTER = 3000

type FrameOf<Type extends StreamFrame['type']> = Extract<StreamFrame, { type: Type }>
type Message = FrameOf<'message'>

export interface LiveOptions {
  readonly api: Api
  readonly open: SocketOptions['open']
  readonly explain: (problem: unknown) => string
  /** The stream ended because nobody is signed in. */
  readonly onSignedOut: () => void
}

/** The house as it is now: one connection, a snapshot, then what changed. What was shown stays when it is lost, marked as old. */
export class Live {
  /** `connecting` until the first snapshot; then it is `live`, or `lost` and trying. */
  state = $state<'connecting' | 'live' | 'lost'>('connecting')
  /** When the hub last spoke; null before. */
  heardAt = $state<number | null>(null)
  /** The connection has been gone for so long that the view must say so. */
  isOld = $state(false)
  readonly entities = new Entities()
  readonly commands: Commands
  readonly #options: LiveOptions
  readonly #socket: Socket
  readonly #listeners = new Map<StreamFrame['type'], Set<(frame: StreamFrame) => void>>()
  readonly #topics = new Set<readonly string[]>()
  #seq: number | undefined
  #isPlanned = false
  #oldTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LiveOptions) {
    this.#options = options
    this.commands = new Commands(options.api, options.explain)
    this.#socket = new Socket({
      open: options.open,
      random: Math.random,
      onFrame: frame => this.#take(frame),
      onLost: () => this.#lose(),
    })
  }

  /** Connects; at once when it is waiting for the next try. */
  connect(): void {
    this.#socket.connect()
  }

  /** Ends the connection. What was shown stays. */
  close(): void {
    this.#socket.close()
    this.#lose()
  }

  /** Hears frames of one kind. @returns how to stop. */
  on<Type extends StreamFrame['type']>(type: Type, listener: (frame: FrameOf<Type>) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners)
    listeners.add(listener as (frame: StreamFrame) => void)
    return () => void listeners.delete(listener as (frame: StreamFrame) => void)
  }

  /** Hears the MQTT messages under topic filters, of everybody who asked for some. @returns how to stop. */
  onMessages(filters: readonly string[], listener: (message: Message) => void): () => void {
    const stop = this.on('message', listener)
    this.#topics.add(filters)
    this.#subscribeSoon()
    return () => {
      stop()
      this.#topics.delete(filters)
      this.#subscribeSoon()
    }
  }

  // Whoever trades filters for others sends one frame.
  #subscribeSoon(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      this.#subscribe()
    })
  }

  #subscribe(): void {
    const topics = [...new Set([...this.#topics].flat())]
    this.#socket.send({
      type: 'subscribe',
      ...(this.#seq === undefined ? {} : { since: this.#seq }),
      ...(topics.length === 0 ? {} : { topics }),
    })
  }

  #take(frame: StreamFrame): void {
    this.heardAt = Date.now()
    if (frame.type === 'hello') {
      this.#subscribe()
      // What was missed follows at once; a first snapshot may take a moment.
      if (this.#seq !== undefined) this.#find()
    } else if (frame.type === 'error') {
      if (frame.code === 'api.unauthorised') this.#options.onSignedOut()
    } else {
      if ('seq' in frame) {
        this.#seq = frame.seq
        this.#find()
      }
      this.entities.take(frame)
      this.commands.take(frame)
    }
    for (const listener of this.#listeners.get(frame.type) ?? []) listener(frame)
  }

  #find(): void {
    clearTimeout(this.#oldTimer)
    this.#oldTimer = undefined
    this.state = 'live'
    this.isOld = false
  }

  #lose(): void {
    if (this.state === 'live') this.state = 'lost'
    this.#oldTimer ??= setTimeout(() => (this.isOld = true), OLD_AFTER)
  }
}
