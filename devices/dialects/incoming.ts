import { parseJson, payloadText, type Json } from '#kernel'
import { templateJson, type TemplateJson } from '../template/index.ts'

/** One message as the dialects see it: decoded and parsed at most once, however many entities listen. */
export class Incoming {
  readonly topic: string
  readonly payload: Uint8Array
  /** When the broker took it, wall-clock milliseconds; 0 for announcements, which are read at any time. */
  readonly at: number
  #text: string | null | undefined
  #json: Json | undefined
  #isParsed = false
  #templateJson: TemplateJson | undefined
  #isRead = false

  constructor(topic: string, payload: Uint8Array, at = 0) {
    this.topic = topic
    this.payload = payload
    this.at = at
  }

  /** The payload as text, null when it is binary. A byte order mark and the zero bytes that C sketches send behind it do not count. */
  get text(): string | null {
    if (this.#text === undefined) {
      const text = payloadText(this.payload) ?? null
      this.#text = text?.endsWith('\0') === true ? text.replace(/\0+$/, '') : text
    }
    return this.#text
  }

  /** The payload as JSON, undefined when it is none. */
  get json(): Json | undefined {
    if (this.#isParsed) return this.#json
    this.#isParsed = true
    const { text } = this
    if (text !== null && text !== '') this.#json = parseJson(text)
    return this.#json
  }

  /** The payload as `value_json` of templates, undefined when it is no JSON. */
  get templateJson(): TemplateJson | undefined {
    if (this.#isRead) return this.#templateJson
    this.#isRead = true
    const { text } = this
    if (text !== null && text !== '') this.#templateJson = templateJson(text)
    return this.#templateJson
  }
}
