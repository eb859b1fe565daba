import { parseJson, payloadText, toPayload, type Json, type Message } from '#kernel'
import type { TopicTrigger } from '../format/rule.ts'
import { jsonFaultAt } from './json-fault.ts'
import { excerpt, short, type Heard } from '../trace.ts'

/** The payload is not what the trigger's `as` wants. */
export const NOT_FITTING: unique symbol = Symbol('not fitting')

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i
const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  on: true,
  off: false,
  yes: true,
  no: false,
  '1': true,
  '0': false,
}

/**
 * A message as the rules it starts see it: read as text and as JSON at most once, when the first of them asks, and
 * shared by all of them.
 */
export class Incoming {
  readonly message: Message
  #text: string | undefined
  #isRead = false
  #json: Json | undefined
  #isParsed = false
  #levels: readonly string[] | undefined
  #heard: Heard | undefined

  constructor(message: Message) {
    this.message = message
  }

  /** Undefined when the payload is not well-formed UTF-8. */
  get text(): string | undefined {
    if (!this.#isRead) {
      this.#isRead = true
      this.#text = payloadText(this.message.payload)
    }
    return this.#text
  }

  /** Undefined when the payload is not JSON. */
  get json(): Json | undefined {
    if (!this.#isParsed) {
      this.#isParsed = true
      const { text } = this
      this.#json = text === undefined ? undefined : parseJson(text)
    }
    return this.#json
  }

  get levels(): readonly string[] {
    return (this.#levels ??= this.message.topic.split('/'))
  }

  /** The message as traces show it. */
  get heard(): Heard {
    const { topic, payload, publisher } = this.message
    return (this.#heard ??= {
      topic: short(topic),
      payload: excerpt(this.text, payload.length),
      client: publisher?.clientId ?? null,
    })
  }

  /** The payload as a trigger wants it, or `NOT_FITTING`. Bytes stay bytes where they are no text. */
  as(kind: TopicTrigger['as']): Json | Uint8Array | typeof NOT_FITTING {
    switch (kind) {
      case 'auto':
        return this.#auto()
      case 'json':
        return this.json === undefined ? NOT_FITTING : this.json
      case 'text':
        return this.text ?? NOT_FITTING
      case 'number': {
        const text = this.text?.trim()
        return text !== undefined && NUMBER.test(text) ? Number(text) : NOT_FITTING
      }
      case 'bool':
        return WORDS[this.text?.trim().toLowerCase() ?? ''] ?? NOT_FITTING
      case 'binary':
        return this.message.payload
    }
  }

  // An object, a list, a number, true and false are what they say; all else stays the text it is, `"ON"` with its
  // quotes and `null` too.
  #auto(): Json | Uint8Array {
    const { text } = this
    if (text === undefined) return this.message.payload
    const first = text.charCodeAt(0)
    const isText = first > 0x39 && first !== 0x5b && first !== 0x7b && first !== 0x74 && first !== 0x66
    const json = isText ? undefined : this.json
    return json === undefined || typeof json === 'string' || json === null ? text : json
  }
}

/** Why a payload does not fit; bytes count from 1. */
export function whyNotFitting({ text }: Incoming, kind: TopicTrigger['as']): string {
  if (text === undefined) return 'not text: the payload is no UTF-8'
  if (kind !== 'json') return kind === 'bool' ? 'neither true nor false' : 'not a number'
  const at = jsonFaultAt(text)
  if (at === null) return 'not JSON that can be used: nested too deep'
  return `not JSON: byte ${toPayload(text.slice(0, at)).length + 1}`
}
