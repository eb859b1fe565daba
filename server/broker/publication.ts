import type { Cause, Causes, Message, MessageProperties, QoS } from '#kernel'
import type { Body } from './bodies.ts'
import type { ClientIdentity } from './session.ts'
import type { PublishPacket } from './codec/index.ts'
import type { Frame, Frames } from './frame.ts'
import { expiresAt, travelling } from './message-properties.ts'

/** What every frame without a hop of its own shares. */
const NO_IDS: readonly number[] = []

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
  #encoded: (Frame | null)[] = [null, null, null, null, null, null]

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
  /** The batch that the copy at hand waits for. */
  copyBatch = 0
  readonly #now: () => number

  constructor(parts: { frames: Frames; causes: Causes; now: () => number }) {
    this.#frames = parts.frames
    this.#causes = parts.causes
    this.#now = parts.now
  }

  /** Begins a message of a client, its alias resolved. */
  fromClient(packet: PublishPacket, { user, clientId }: ClientIdentity): this {
    this.#begin(packet)
    this.topic = packet.topic
    this.retain = packet.retain
    const { properties } = packet
    this.properties = properties === null ? null : travelling(properties)
    this.expiresAt = properties === null ? null : expiresAt(properties.messageExpiry, this.#now())
    this.user = user
    this.clientId = clientId
    return this
  }

  /** Begins a message that is kept already. */
  fromBody(body: Body, cause: Cause | null): this {
    this.#begin(body)
    this.topic = body.topic
    this.retain = body.retain
    this.properties = body.properties
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

  /** Its PUBLISH at a QoS for 3.1 and 3.1.1, encoded once for all who get it. */
  frame(qos: QoS): Frame {
    return (this.#encoded[qos] ??= this.#frames.before5(this, qos))
  }

  /** The same for 5.0, without subscription identifiers and alias. */
  frame5(qos: QoS): Frame {
    const known = this.#encoded[qos + 3]
    if (known != null) return known
    const hop = { now: this.#now(), subscriptionIds: NO_IDS, topicAlias: 0 }
    return (this.#encoded[qos + 3] = this.#frames.plain5(this, qos, hop))
  }

  /** Whether `client` published it. */
  isFrom({ user, clientId }: ClientIdentity): boolean {
    return this.clientId === clientId && this.user === user
  }

  /** The message for the hub's own parts. */
  message(): Message {
    const body = this.body()
    return toMessage(body, { cause: this.#cause ?? causeOf(body, this.#causes), at: this.#now(), replayed: false })
  }

  #begin({ payload, qos }: { payload: Uint8Array; qos: QoS }): void {
    this.payload = payload
    this.qos = qos
    this.#body = null
    this.#cause = null
    const encoded = this.#encoded
    encoded[0] = encoded[1] = encoded[2] = encoded[3] = encoded[4] = encoded[5] = null
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
