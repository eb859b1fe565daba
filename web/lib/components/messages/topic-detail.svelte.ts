import type { TopicDetailJson, TopicMessageJson } from '#api'
import type { Api } from '../../api.ts'
import { isSameMessage, messageOf, type MessageFrame } from './message.ts'

/** Messages that are kept of the topic in view: as many as the hub keeps. */
export const MOST_KEPT = 50

/** One topic with its latest messages, kept fresh by the stream. */
export class TopicDetail {
  readonly topic: string
  state = $state<'reading' | 'read' | 'failed'>('reading')
  fault = $state<string | null>(null)
  device = $state.raw<TopicDetailJson['device']>(null)
  retained = $state.raw<TopicMessageJson | null>(null)
  /** Newest first. */
  messages = $state.raw<readonly TopicMessageJson[]>([])
  /** The one picked among them; null follows the newest. */
  picked = $state.raw<TopicMessageJson | null>(null)
  readonly shown = $derived(this.picked ?? this.messages[0] ?? this.retained)
  /** What was said before the one shown. */
  readonly before = $derived.by(() => {
    const place = this.messages.findIndex(message => message === this.shown)
    return place === -1 ? null : (this.messages[place + 1] ?? null)
  })

  readonly #api: Api
  readonly #explain: (error: unknown) => string

  constructor(topic: string, { api, explain }: { api: Api; explain: (error: unknown) => string }) {
    this.topic = topic
    this.#api = api
    this.#explain = explain
  }

  async load(): Promise<void> {
    try {
      const answer = await this.#api('GET /mqtt/topics/detail', { query: { topic: this.topic } })
      const since = this.messages
      this.device = answer.device
      this.retained = answer.retained
      this.messages = answer.messages
      // What the stream brought while the answer was on its way.
      for (const message of since.toReversed()) this.#add(message)
      this.state = 'read'
      this.fault = null
    } catch (error) {
      this.fault = this.#explain(error)
      if (this.state === 'reading') this.state = 'failed'
    }
  }

  take(frame: MessageFrame): void {
    const message = messageOf(frame)
    if (message.retain) this.retained = message.size === 0 ? null : message
    this.#add(message)
  }

  #add(message: TopicMessageJson): void {
    const newest = this.messages[0]
    if (newest && message.at < newest.at) return
    if (this.messages.some(other => isSameMessage(other, message))) return
    this.messages = [message, ...this.messages].slice(0, MOST_KEPT)
  }
}
