import type { Cause, Causes, Message, MessageProperties, QoS } from '#kernel'
import type { Body } from './bodies.ts'
import type { Frame, Frames } from './frame.ts'

/** A message as it comes in, before anybody keeps it. */
export interface Incoming {
  readonly topic: string
  /** May point into a buffer that is used again. */
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: MessageProperties | null
}

const EMPTY = new Uint8Array(0)

/**
 * The message being routed. There is one such object, filled anew for each message, because routing never nests:
 * its encodings, the copy that is kept and the message for the hub's own parts are made when the first one needs them.
 */
export class Publication {
  readonly #frames: Frames
  readonly #causes: Causes
  #body: Body | null = null
  #cause: Cause | null = null
  #encoded: (Frame | null)[] = [null, null, null]

  topic = ''
  payload: Uint8Array = EMPTY
  qos: QoS = 0
  retain = false
  properties: MessageProperties | null = null
  expiresAt: number | null = null
  user: string | null = null
  clientId: string | null = null
  /** The batch that holds its inbound packet id, or 0. */
  batch = 0
  readonly #now: () => number

  constructor(parts: { frames: Frames; causes: Causes; now: () => number }) {
    this.#frames = parts.frames
    this.#causes = parts.causes
    this.#now = parts.now
  }

  /** Begins a message of a client. */
  fromClient(incoming: Incoming, client: { user: string; clientId: string }, batch: number): this {
    this.#begin(incoming)
    this.batch = batch
    this.expiresAt = null
    this.user = client.user
    this.clientId = client.clientId
    return this
  }

  /** Begins a message that is kept already. */
  fromBody(body: Body, cause: Cause | null): this {
    this.#begin(body)
    this.batch = 0
    this.expiresAt = body.expiresAt
    this.user = body.user
    this.clientId = body.clientId
    this.#body = body
    this.#cause = cause
    return this
  }

  /** The message as something that can be kept. */
  body(): Body {
    if (this.#body !== null) return this.#body
    const payload = new Uint8Array(this.payload)
    const { topic, qos, retain, properties, expiresAt, user, clientId } = this
    const at = this.#now()
    this.#body = { key: 0, references: 0, topic, payload, qos, retain, properties, expiresAt, user, clientId, at }
    return this.#body
  }

  /** Its PUBLISH at a QoS, RETAIN 0, encoded once for all who get it. */
  frame(qos: QoS): Frame {
    return (this.#encoded[qos] ??= this.#frames.encodeLive(this, qos))
  }

  /** The message for the hub's own parts. */
  message(): Message {
    const body = this.body()
    return toMessage(body, { cause: this.#cause ?? causeOf(body, this.#causes), at: this.#now(), replayed: false })
  }

  #begin(incoming: Incoming): void {
    this.topic = incoming.topic
    this.payload = incoming.payload
    this.qos = incoming.qos
    this.retain = incoming.retain
    this.properties = incoming.properties
    this.#body = null
    this.#cause = null
    const encoded = this.#encoded
    encoded[0] = encoded[1] = encoded[2] = null
  }
}

/** The start of a chain for a message whose cause is not known any more, or that a client sent. */
export function causeOf(body: Body, causes: Causes): Cause {
  return body.clientId === null ? causes.root('hub', 'hub') : causes.root('device', body.clientId)
}

/** A kept message for the hub's own parts. */
export function toMessage(body: Body, how: { cause: Cause; at: number; replayed: boolean }): Message {
  const { topic, payload, qos, retain, properties, expiresAt, user, clientId } = body
  const publisher = user === null || clientId === null ? null : { user, clientId }
  return { topic, payload, qos, retain, properties, expiresAt, publisher, ...how }
}
