import { HobError, isTopicFilter, toIso, type LocalSubscriber, type Message, type Subscriptions } from '#kernel'
import type { Principal } from '../../access/index.ts'
import type { StreamFrame } from '../contract.ts'
import { payloadJson } from '../payload.ts'

/** Topic filters of one stream. */
export const MAX_FILTERS = 250
/** Messages of one stream between two flushes; what is over is counted and dropped. */
export const MAX_MESSAGES = 500
/** Bytes of such frames, beyond which no further one is gathered: with the last one far from what ends a slow stream. */
export const MAX_MESSAGE_BYTES = 262_144

/** @throws HobError `api.forbidden` for who may not watch the messages of the house, `mqtt.bad_filter`. */
export function checkTopics(principal: Principal, topics: readonly string[]): void {
  if (topics.length === 0) return
  if (!principal.rights.maySomewhere('admin'))
    throw new HobError('api.forbidden', 'watching topics needs the scope "admin"')
  if (!principal.rights.mayInHouse('admin'))
    throw new HobError(
      'api.forbidden',
      'watching topics concerns the whole house, and your rights are limited to parts of it',
    )
  if (topics.length > MAX_FILTERS)
    throw new HobError('mqtt.bad_filter', `a stream watches at most ${MAX_FILTERS} topic filters, not ${topics.length}`)
  const wrong = topics.find(topic => !isTopicFilter(topic))
  if (wrong !== undefined)
    throw new HobError(
      'mqtt.bad_filter',
      `"${wrong.slice(0, 100)}" is not a topic filter: + and # fill whole levels, # only the last`,
    )
}

/** A message as it is sent, made once for all streams. */
export interface MessageFrame {
  readonly text: string
  readonly bytes: number
}

function frameOf({ at, topic, payload, qos, retain, publisher }: Message): MessageFrame {
  const text = JSON.stringify({
    type: 'message',
    at: toIso(at),
    topic,
    ...payloadJson(payload),
    size: payload.length,
    qos,
    retain,
    client: publisher?.clientId ?? null,
  } satisfies StreamFrame)
  return { text, bytes: Buffer.byteLength(text) }
}

export interface TailParts {
  readonly subscriptions: Subscriptions
  readonly retained: (filter: string) => readonly Message[]
  /** Called when it begins to watch; what it returns is called when it ends. */
  readonly hold: () => () => void
}

/** What one stream hears of MQTT: subscribed at the broker only while it watches, gathered and bounded between flushes. */
export class MessageTail implements LocalSubscriber {
  readonly owner = 'api'
  readonly isLiveOnly = true
  readonly #subscriptions: Subscriptions
  readonly #retained: TailParts['retained']
  readonly #hold: TailParts['hold']
  #release: (() => void) | null = null
  #filters: ReadonlySet<string> = new Set()
  #texts: string[] = []
  #bytes = 0
  #dropped = 0

  constructor(parts: TailParts) {
    this.#subscriptions = parts.subscriptions
    this.#retained = parts.retained
    this.#hold = parts.hold
  }

  get hasMessages(): boolean {
    return this.#texts.length > 0 || this.#dropped > 0
  }

  /** Watches these filters in place of those before, their retained messages first. */
  watch(filters: readonly string[]): void {
    const old = this.#filters
    this.#filters = new Set(filters)
    if (filters.length > 0) this.#release ??= this.#hold()
    else {
      this.#release?.()
      this.#release = null
    }
    for (const filter of old) if (!this.#filters.has(filter)) this.#subscriptions.remove(filter, this)
    const retained = new Map<string, Message>()
    for (const filter of this.#filters) {
      if (!old.has(filter)) this.#subscriptions.add(filter, this)
      for (const message of this.#retained(filter)) retained.set(message.topic, message)
    }
    for (const message of retained.values()) this.take(message)
  }

  /** Keeps a message for the next flush. `made`: its frame, when another stream needed it before. @returns the frame. */
  take(message: Message, made?: MessageFrame): MessageFrame | undefined {
    if (this.#texts.length >= MAX_MESSAGES || this.#bytes >= MAX_MESSAGE_BYTES) {
      this.#dropped++
      return made
    }
    const frame = made ?? frameOf(message)
    this.#texts.push(frame.text)
    this.#bytes += frame.bytes
    return frame
  }

  /** Hands over what was gathered; without room all of it counts as dropped. */
  drain(hasRoom: boolean): readonly string[] {
    const texts = hasRoom ? this.#texts : []
    const dropped = this.#dropped + (hasRoom ? 0 : this.#texts.length)
    this.#texts = []
    this.#bytes = 0
    this.#dropped = 0
    if (dropped > 0) texts.push(JSON.stringify({ type: 'dropped', messages: dropped } satisfies StreamFrame))
    return texts
  }

  close(): void {
    this.watch([])
    this.drain(false)
  }
}
