import { TopicTree } from '#kernel'
import { RECENT } from './limits.ts'
import type { Heard } from './listeners.ts'

/**
 * The last message of topics that nobody claims. Devices often say their state first and describe it second; then the
 * state is still here. Bounded by age, count and bytes; the oldest topic goes first.
 */
export class RecentMessages {
  readonly #now: () => number
  readonly #byTopic = new Map<string, Heard>()
  #bytes = 0

  constructor(now: () => number) {
    this.#now = now
  }

  keep(heard: Heard): void {
    if (heard.payload.length > RECENT.one) return
    this.#drop(heard.topic)
    this.#byTopic.set(heard.topic, heard)
    this.#bytes += heard.payload.length
    const oldest = this.#now() - RECENT.age
    for (const [topic, { at }] of this.#byTopic) {
      if (at >= oldest && this.#byTopic.size <= RECENT.count && this.#bytes <= RECENT.bytes) break
      this.#drop(topic)
    }
  }

  /** The messages that a filter matches. Those of an exact filter are handed over and forgotten here. */
  take({ filter, isExact }: { readonly filter: string; readonly isExact: boolean }): readonly Heard[] {
    const oldest = this.#now() - RECENT.age
    if (isExact) {
      const heard = this.#byTopic.get(filter)
      this.#drop(filter)
      return heard === undefined || heard.at < oldest ? [] : [heard]
    }
    const tree = new TopicTree<true>()
    tree.add(filter, true)
    return [...this.#byTopic.values()].filter(({ topic, at }) => at >= oldest && tree.match(topic).length > 0)
  }

  #drop(topic: string): void {
    const heard = this.#byTopic.get(topic)
    if (heard === undefined) return
    this.#byTopic.delete(topic)
    this.#bytes -= heard.payload.length
  }
}
