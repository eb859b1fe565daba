import type { StreamFrame, TopicBranchJson, TopicMessageJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/** Messages that are kept, and that wait while the view is held. */
const KEPT = 200
/** Topics of which the past is asked for. */
const ASKED = 12

export interface Message extends Omit<TopicMessageJson, 'at'> {
  readonly key: number
  readonly topic: string
  /** Milliseconds since 1970. */
  readonly at: number
}

type Told = Extract<StreamFrame, { type: 'message' }> | (TopicMessageJson & { topic: string })

/** The MQTT messages under some topic filters: those the hub remembers, then live. Newest first. */
export class Messages {
  shown = $state.raw<readonly Message[]>([])
  /** Came while the view was held. */
  held = $state.raw<readonly Message[]>([])
  isPaused = $state(false)
  /** Messages that were too many for the stream. */
  dropped = $state(0)
  /** Why the past could not be had. */
  problem = $state.raw<Problem | null>(null)
  #key = 0

  /** @returns how to stop. */
  follow(api: Api, live: Live, filters: readonly string[]): () => void {
    void this.#loadPast(api, filters)
    const stops = [
      live.onMessages(filters, frame => this.#take(frame)),
      live.on('dropped', ({ messages }) => (this.dropped += messages)),
    ]
    return () => stops.forEach(stop => stop())
  }

  resume(): void {
    this.isPaused = false
    this.shown = [...this.held, ...this.shown].slice(0, KEPT)
    this.held = []
  }

  clear(): void {
    this.shown = this.held = []
    this.dropped = 0
  }

  #take(frame: Told): void {
    const message = this.#toMessage(frame)
    if (this.isPaused) this.held = [message, ...this.held].slice(0, KEPT)
    else this.shown = [message, ...this.shown].slice(0, KEPT)
  }

  #toMessage({ topic, at, payload, encoding, size, qos, retain, client }: Told): Message {
    return { key: ++this.#key, topic, at: Date.parse(at), payload, encoding, size, qos, retain, client }
  }

  async #loadPast(api: Api, filters: readonly string[]): Promise<void> {
    const since = Date.now()
    try {
      const told = (await Promise.all(filters.slice(0, ASKED).map(filter => pastOf(api, filter)))).flat()
      const past = told.map(each => this.#toMessage(each)).filter(({ at }) => at <= since)
      this.shown = [...this.shown, ...past.toSorted((a, b) => b.at - a.at)].slice(0, KEPT)
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.problem = error
    }
  }
}

/** What the hub remembers of a topic; of a tree, the last of each topic right below. */
async function pastOf(api: Api, filter: string): Promise<(TopicMessageJson & { topic: string })[]> {
  if (!/[+#]/.test(filter)) {
    const { messages, retained } = await api('GET /mqtt/topics/detail', { query: { topic: filter } })
    const all = messages.length === 0 && retained ? [retained] : messages
    return all.map(message => ({ ...message, topic: filter }))
  }
  const prefix = filter.slice(0, filter.search(/[+#]/))
  if (prefix === '') return []
  const { items } = await api('GET /mqtt/topics', { query: { prefix, limit: 50 } })
  return items.flatMap(({ topic, message }: TopicBranchJson) => (message ? [{ ...message, topic }] : []))
}
