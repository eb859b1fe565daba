import { parseJson, payloadText, type Json } from '#kernel'

/** One message as the dialects see it: decoded and parsed at most once, however many entities listen. */
export class Incoming {
  readonly topic: string
  readonly payload: Uint8Array
  #text: string | null | undefined
  #json: Json | undefined
  #isParsed = false

  constructor(topic: string, payload: Uint8Array) {
    this.topic = topic
    this.payload = payload
  }

  /** The payload as text without a byte order mark, null when it is binary. */
  get text(): string | null {
    if (this.#text === undefined) this.#text = payloadText(this.payload) ?? null
    return this.#text
  }

  /** The payload as JSON, undefined when it is none. Zero bytes behind it, which C sketches send, do not count. */
  get json(): Json | undefined {
    if (this.#isParsed) return this.#json
    this.#isParsed = true
    const { text } = this
    if (text !== null && text !== '') this.#json = parseJson(text.endsWith('\0') ? text.replace(/\0+$/, '') : text)
    return this.#json
  }
}
