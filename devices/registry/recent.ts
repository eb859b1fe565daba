import { TopicTree, type Causes, type Message } from '#kernel'
import type { Overheard } from '../face.ts'
import { RECENT } from './limits.ts'

/** A message as it is kept for readers that come later. */
export type Heard = Pick<Message, 'topic' | 'payload' | 'at' | 'cause' | 'publisher'>

/** The last message of one topic; written over by the next one. */
class Slot {
  buffer: Uint8Array
  length = 0
  at = 0
  user: string | null = null
  clientId: string | null = null

  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity)
  }
}

/**
 * The last message of topics that nobody claims. Devices often say their state first and describe it second; then the
 * state is still here.
 *
 * It lies on the way of every message, so topics are kept in two generations and nothing is searched for what is too
 * old: when the young one is full or a minute old, it becomes the old one, and what that held is gone.
 */
export class RecentMessages {
  readonly #now: () => number
  readonly #causes: Causes
  #young = new Map<string, Slot>()
  #old = new Map<string, Slot>()
  /** Of the young generation. */
  #bytes = 0
  #since = 0

  constructor(parts: { now: () => number; causes: Causes }) {
    this.#now = parts.now
    this.#causes = parts.causes
  }

  keep({ topic, payload, user, clientId }: Overheard): void {
    if (payload.length > RECENT.one) {
      this.#forget(topic)
      return
    }
    const at = this.#now()
    if (at - this.#since >= RECENT.age) this.#age(at)
    let slot = this.#young.get(topic)
    if (slot === undefined || slot.buffer.length < payload.length) slot = this.#slotFor(topic, payload.length, at)
    slot.buffer.set(payload)
    slot.length = payload.length
    slot.at = at
    slot.user = user
    slot.clientId = clientId
  }

  /** The messages that a filter matches. Those of an exact filter are handed over and forgotten here. */
  take({ filter, isExact }: { readonly filter: string; readonly isExact: boolean }): readonly Heard[] {
    if (isExact) {
      const slot = this.#young.get(filter) ?? this.#old.get(filter)
      this.#forget(filter)
      return this.#heard(filter, slot)
    }
    const tree = new TopicTree<true>()
    tree.add(filter, true)
    return [...new Map([...this.#old, ...this.#young])]
      .filter(([topic]) => tree.match(topic).length > 0)
      .flatMap(([topic, slot]) => this.#heard(topic, slot))
  }

  #heard(topic: string, slot: Slot | undefined): readonly Heard[] {
    if (slot === undefined || slot.at < this.#now() - RECENT.age) return []
    const { user, clientId, at } = slot
    const publisher = user === null || clientId === null ? null : { user, clientId }
    const cause = clientId === null ? this.#causes.root('hub', 'hub') : this.#causes.root('device', clientId)
    return [{ topic, payload: slot.buffer.slice(0, slot.length), at, cause, publisher }]
  }

  #slotFor(topic: string, length: number, at: number): Slot {
    const known = this.#young.get(topic) ?? this.#old.get(topic)
    const slot = known !== undefined && known.buffer.length >= length ? known : new Slot(Math.max(64, length * 2))
    this.#forget(topic)
    if (this.#young.size >= RECENT.count / 2 || this.#bytes + slot.buffer.length > RECENT.bytes / 2) this.#age(at)
    this.#young.set(topic, slot)
    this.#bytes += slot.buffer.length
    return slot
  }

  #age(at: number): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#bytes = 0
    this.#since = at
  }

  #forget(topic: string): void {
    this.#bytes -= this.#young.get(topic)?.buffer.length ?? 0
    this.#young.delete(topic)
    this.#old.delete(topic)
  }
}
