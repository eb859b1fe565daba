import type { AnnouncementFault } from '../face.ts'
import { MAX_FAULTS } from './limits.ts'

/** What was announced and could not be used; the last texts of each topic. */
export class Faults {
  readonly #byTopic = new Map<string, readonly string[]>()

  /** Replaces what was wrong with a topic; an empty list is a topic without faults. */
  set(topic: string, messages: readonly string[]): void {
    this.#byTopic.delete(topic)
    if (messages.length === 0) return
    this.#byTopic.set(topic, [...new Set(messages)].slice(0, 20))
    if (this.#byTopic.size > MAX_FAULTS) this.#byTopic.delete(this.#byTopic.keys().next().value!)
  }

  list(): AnnouncementFault[] {
    return [...this.#byTopic].flatMap(([topic, messages]) => messages.map(message => ({ topic, message })))
  }
}
