import type { Message } from '#kernel'
import { MAX_MESSAGES, MAX_TOPIC_BYTES, MESSAGE_COST } from './limits.ts'

/** A message as it is kept: with the beginning of a long payload. */
export interface Remembered extends Omit<Message, 'properties' | 'cause' | 'expiresAt' | 'replayed'> {
  /** Bytes of the whole payload. */
  readonly size: number
}

/** One level of the tree of topics, with what was heard of exactly its topic. */
export class TopicNode {
  readonly parent: TopicNode | null
  readonly level: string
  readonly topic: string
  readonly children = new Map<string, TopicNode>()
  /** Topics with a message, and messages heard, at or below it. */
  topics = 0
  messages = 0
  lastAt = 0
  /** Oldest first. */
  readonly heard: Remembered[] = []
  bytes = 0
  /** Itself and the levels above. */
  readonly #path: readonly TopicNode[]
  /** Messages heard of exactly this topic, also those no longer kept. */
  #count = 0

  constructor(parent: TopicNode | null, level: string) {
    this.parent = parent
    this.level = level
    this.#path = parent === null ? [this] : [this, ...parent.#path]
    this.topic = parent === null || parent.parent === null ? level : `${parent.topic}/${level}`
  }

  child(level: string): TopicNode {
    let child = this.children.get(level)
    if (child === undefined) this.children.set(level, (child = new TopicNode(this, level)))
    return child
  }

  /** Keeps a message and lets older ones of the topic go. @returns by how many bytes more it holds now. */
  hear(message: Remembered): number {
    const before = this.bytes
    const isNew = this.heard.length === 0
    this.heard.push(message)
    this.bytes += message.payload.length + MESSAGE_COST
    while (this.heard.length > MAX_MESSAGES || this.bytes > MAX_TOPIC_BYTES)
      this.bytes -= this.heard.shift()!.payload.length + MESSAGE_COST
    this.#count++
    for (const node of this.#path) {
      node.messages++
      if (isNew) node.topics++
      node.lastAt = Math.max(node.lastAt, message.at)
    }
    return this.bytes - before
  }

  /** Takes its topic out of the tree, with the levels that held nothing else. */
  forget(): void {
    this.heard.length = 0
    for (const node of this.#path) {
      node.messages -= this.#count
      node.topics--
      if (node.topics === 0) node.parent?.children.delete(node.level)
    }
  }
}
