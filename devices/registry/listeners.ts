import {
  isTopicName,
  type Cause,
  type Causes,
  type LocalSubscriber,
  type Log,
  type Message,
  type Subscriptions,
} from '#kernel'
import { Incoming } from '../dialects/incoming.ts'
import type { Overheard } from '../face.ts'
import { RecentMessages, type Heard } from './recent.ts'
import type { Turn } from './turn.ts'

/** A message on its way into the registry. */
export interface Report {
  readonly message: Incoming
  /** When the broker took it, wall-clock milliseconds. */
  readonly at: number
  readonly cause: Cause
  /** Published by the hub itself. */
  readonly isOwn: boolean
  /** From the retained store or from memory, not published now. */
  readonly isReplayed: boolean
  /** Published while this hub runs: what it says is confirmed. */
  readonly isFresh: boolean
  /** Some dialect knows it as an announcement. */
  readonly isAnnouncement: boolean
  readonly turn: Turn
}

export type Reader = (report: Report) => void

/** All readings of one topic filter; hangs once in the broker's tree. */
export class TopicListener implements LocalSubscriber {
  readonly owner = 'devices'
  readonly filter: string
  /** Replaced, never changed, so that a message may add and remove readers while it is handed out. */
  readers: readonly Reader[] = []
  /** The last message, for readers that come later; kept for filters without wildcards. */
  last: Heard | null = null
  readonly isExact: boolean

  constructor(filter: string) {
    this.filter = filter
    this.isExact = isTopicName(filter)
  }
}

export interface Listeners {
  /**
   * Hangs a reader on a filter. What was heard there before comes in `turn` at once; what the broker retained follows.
   * @returns takes it off again.
   */
  add(filter: string, reader: Reader, turn: Turn): () => void
  /** Keeps a message that nobody here listens to for readers that come later. */
  overhear(message: Overheard): void
  /** Keeps the message for readers that come later, and hands it to those who are there. */
  deliver(report: Report, message: Message, matched: readonly LocalSubscriber[]): void
}

export function createListeners(options: {
  subscriptions: Subscriptions
  log: Log
  causes: Causes
  now: () => number
  /** Whether a message of that time was published while this hub runs. */
  isFresh: (at: number) => boolean
}): Listeners {
  const { subscriptions, log, causes, now } = options
  const byFilter = new Map<string, TopicListener>()
  const recent = new RecentMessages({ now, causes })

  function read(reader: Reader, report: Report): void {
    try {
      reader(report)
    } catch (error) {
      // One device's reading must not take the others' message away.
      log.error({ topic: report.message.topic, error: String(error) }, 'a reading of this topic failed')
    }
  }

  function replay(reader: Reader, { topic, payload, at, cause, publisher }: Heard, turn: Turn): void {
    const message = new Incoming(topic, payload, at)
    read(reader, {
      message,
      at,
      cause,
      isOwn: publisher === null,
      isReplayed: true,
      isFresh: options.isFresh(at),
      isAnnouncement: false,
      turn,
    })
  }

  function keep({ topic, payload, publisher }: Message): void {
    recent.keep({ topic, payload, user: publisher?.user ?? null, clientId: publisher?.clientId ?? null })
  }

  return {
    overhear: message => recent.keep(message),
    add(filter, reader, turn) {
      let listener = byFilter.get(filter)
      const isNew = listener === undefined
      if (listener === undefined) byFilter.set(filter, (listener = new TopicListener(filter)))
      listener.readers = [...listener.readers, reader]
      if (isNew) {
        for (const heard of recent.take(listener)) {
          if (listener.isExact) listener.last = heard
          replay(reader, heard, turn)
        }
        subscriptions.add(filter, listener)
      } else if (listener.last !== null) replay(reader, listener.last, turn)
      else if (!listener.isExact) for (const heard of recent.take(listener)) replay(reader, heard, turn)
      return () => {
        listener.readers = listener.readers.filter(each => each !== reader)
        if (listener.readers.length > 0) return
        byFilter.delete(filter)
        subscriptions.remove(filter, listener)
      }
    },
    deliver(report, message, matched) {
      let isKept = message.replayed || report.isAnnouncement
      for (const subscriber of matched) {
        if (!(subscriber instanceof TopicListener) || !subscriber.isExact) continue
        if (subscriber.last === null || subscriber.last.at <= message.at) subscriber.last = message
        isKept = true
      }
      if (!isKept) keep(message)
      for (const subscriber of matched) {
        if (!(subscriber instanceof TopicListener)) continue
        for (const reader of subscriber.readers) read(reader, report)
      }
      if (!report.isAnnouncement) return
      // What an announcement just brought in may listen to that very topic.
      const added = byFilter.get(message.topic)
      if (added !== undefined && !matched.includes(added)) for (const reader of added.readers) read(reader, report)
    },
  }
}
