import type { Cancel, Clock, LocalSubscriber, Message, Subscriptions } from '#kernel'
import { KEPT_FOR, MAX_BYTES, MAX_PAYLOAD, MAX_TOPICS } from './limits.ts'
import { TopicNode, type Remembered } from './topic-node.ts'

export type { Remembered } from './topic-node.ts'

export interface TopicMemoryOptions {
  readonly clock: Clock
  readonly subscriptions: Subscriptions
  /** At most so many retained messages of a filter. */
  readonly retained: (filter: string, most: number) => readonly Message[]
}

/** One level below a prefix. */
export interface Branch {
  readonly level: string
  readonly topic: string
  /** Topics with a message, and messages heard, at or below it. */
  readonly topics: number
  readonly messages: number
  /** Wall-clock milliseconds. */
  readonly lastAt: number
  /** The last message of exactly this topic. */
  readonly last: Remembered | null
}

/** Branches, and where the next page of them begins after; null when there is none. */
interface Page {
  readonly branches: Branch[]
  readonly next: string | null
}

/** What went over the broker lately, by topic. It listens only while somebody looks, and then forgets. */
export interface TopicMemory {
  /** Somebody looks: it listens from now on, beginning with what is retained, until ten minutes after the last look. */
  look(): void
  /** Somebody goes on looking until the returned function is called. */
  hold(): () => void
  /** Takes a message if it is among those who matched. */
  hear(message: Message, matched: readonly LocalSubscriber[]): void
  /**
   * The levels below a prefix in the order of their names. A prefix is empty for the root, or topic levels with a `/`
   * behind them (which may be left out). `after`: the level of the last branch of the page before.
   */
  branches(prefix: string, page: { limit: number; after?: string }): Page
  /** Topics that are accepted, in their order. `after`: the topic of the last branch of the page before. */
  find(accepts: (topic: string) => boolean, page: { limit: number; after?: string }): Page
  /** Messages of a topic, newest first. */
  messages(topic: string): readonly Remembered[]
  close(): void
}

/** The broker's own topics have to be asked for by name [MQTT5-4.7.2-1]. */
const FILTERS = ['#', '$SYS/#']

function remember(message: Message): Remembered {
  const { topic, payload, qos, retain, publisher, at } = message
  // A window on a long payload would keep all of it.
  const kept = payload.length > MAX_PAYLOAD ? payload.slice(0, MAX_PAYLOAD) : payload
  return { topic, payload: kept, size: payload.length, qos, retain, publisher, at }
}

function branchOf({ level, topic, topics, messages, lastAt, heard }: TopicNode): Branch {
  return { level, topic, topics, messages, lastAt, last: heard.at(-1) ?? null }
}

export function createTopicMemory({ clock, subscriptions, retained }: TopicMemoryOptions): TopicMemory {
  const subscriber: LocalSubscriber = { owner: 'api', isLiveOnly: true }
  let root = new TopicNode(null, '')
  /** The one heard longest ago first. */
  const byTopic = new Map<string, TopicNode>()
  let bytes = 0
  let holders = 0
  let isListening = false
  let timer: Cancel | undefined

  function find(path: readonly string[]): TopicNode | undefined {
    let node: TopicNode | undefined = root
    for (const level of path) node = node?.children.get(level)
    return node
  }

  function drop(topic: string, node: TopicNode): void {
    bytes -= node.bytes
    byTopic.delete(topic)
    node.forget()
  }

  function take(message: Message): void {
    const { topic } = message
    let node = byTopic.get(topic)
    if (node === undefined) {
      node = root
      for (const level of topic.split('/')) node = node.child(level)
    }
    byTopic.delete(topic)
    byTopic.set(topic, node)
    bytes += node.hear(remember(message))
    for (const [oldest, gone] of byTopic) {
      if (byTopic.size <= MAX_TOPICS && bytes <= MAX_BYTES) break
      drop(oldest, gone)
    }
  }

  function stop(): void {
    timer?.()
    timer = undefined
    if (!isListening) return
    isListening = false
    for (const filter of FILTERS) subscriptions.remove(filter, subscriber)
    byTopic.clear()
    root = new TopicNode(null, '')
    bytes = 0
  }

  function look(): void {
    timer?.()
    timer = holders > 0 ? undefined : clock.after(KEPT_FOR, stop)
    if (isListening) return
    isListening = true
    for (const filter of FILTERS) {
      subscriptions.add(filter, subscriber)
      for (const message of retained(filter, MAX_TOPICS)) take(message)
    }
  }

  return {
    look,
    hold() {
      holders++
      look()
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        holders--
        if (isListening) look()
      }
    },
    hear(message, matched) {
      if (isListening && matched.includes(subscriber)) take(message)
    },
    branches(prefix, { limit, after }) {
      const path = prefix === '' ? [] : prefix.replace(/\/$/, '').split('/')
      const levels = [...(find(path)?.children.values() ?? [])]
        .filter(({ level }) => after === undefined || level > after)
        .toSorted((a, b) => (a.level < b.level ? -1 : 1))
      const branches = levels.slice(0, limit).map(branchOf)
      return { branches, next: levels.length > limit ? branches.at(-1)!.level : null }
    },
    find(accepts, { limit, after }) {
      const found = [...byTopic.keys()]
        .filter(topic => (after === undefined || topic > after) && accepts(topic))
        .toSorted()
      const branches = found.slice(0, limit).map(topic => branchOf(byTopic.get(topic)!))
      return { branches, next: found.length > limit ? branches.at(-1)!.topic : null }
    },
    messages: topic => byTopic.get(topic)?.heard.toReversed() ?? [],
    close: stop,
  }
}
