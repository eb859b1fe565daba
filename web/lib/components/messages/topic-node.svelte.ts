import type { TopicBranchJson, TopicMessageJson } from '#api'
import { isSameMessage } from './message.ts'

/** Milliseconds that a change stays marked. */
export const FRESH_FOR = 1000

/** One level of the tree of topics. Its row alone follows what is said under its topic. */
export class TopicNode {
  readonly parent: TopicNode | null
  readonly level: string
  readonly topic: string
  readonly depth: number
  /** In the order of their levels. */
  children: TopicNode[] = []
  /** Behind which child the next page begins; null when all are here. */
  next: string | null = null
  isOpen = false
  /** What below it is known: nothing, asked for, here, or not to be had. */
  state: 'unread' | 'reading' | 'read' | 'failed' = 'unread'

  /** Topics with a message at or below it. */
  topics = $state(0)
  /** Messages a second at or below it, between the last two looks. */
  rate = $state(0)
  message = $state.raw<TopicMessageJson | null>(null)
  device = $state.raw<TopicBranchJson['device']>(null)
  /** Changed within the last second. */
  isFresh = $state(false)

  #freshUntil = 0
  #counted: { messages: number; at: number } | null = null

  constructor(parent: TopicNode | null, level: string) {
    this.parent = parent
    this.level = level
    this.topic = parent === null || parent.parent === null ? level : `${parent.topic}/${level}`
    this.depth = parent === null ? -1 : parent.depth + 1
  }

  /** It has levels below. */
  get isBranch(): boolean {
    return this.topics > (this.message === null ? 0 : 1) || this.children.length > 0
  }

  /** The device whose all levels below seem to be: the first and the last are. */
  get owner(): TopicBranchJson['device'] {
    if (this.parent === null) return null
    const first = this.children[0]?.device
    return first?.id === this.children.at(-1)?.device?.id ? (first ?? null) : null
  }

  /** What stands in front of the levels below. */
  get prefix(): string {
    return this.parent === null ? '' : `${this.topic}/`
  }

  /** Takes what the hub told of it at `now`. */
  tell({ topics, messages, message, device }: TopicBranchJson, now: number): void {
    this.topics = topics
    this.device = device
    const before = this.#counted
    if (before !== null && now > before.at) this.rate = ((messages - before.messages) * 1000) / (now - before.at)
    this.#counted = { messages, at: now }
    if (message === null) this.message = null
    else this.take(message, now)
  }

  /** Takes a message of exactly its topic, unless it has a later one. @returns whether it is another. */
  take(message: TopicMessageJson, now: number): boolean {
    const last = this.message
    if (last !== null && (message.at < last.at || isSameMessage(message, last))) return false
    this.message = message
    if (last === null) return false
    this.#freshUntil = now + FRESH_FOR
    this.isFresh = true
    return true
  }

  /** Ends its mark when it is over. @returns whether it goes on. */
  fade(now: number): boolean {
    if (now >= this.#freshUntil) this.isFresh = false
    return this.isFresh
  }

  child(level: string): TopicNode | undefined {
    return this.children.find(child => child.level === level)
  }
}
