import { Instant, type Result } from '#expression'
import type { LocalSubscriber } from '#kernel'
import { binary } from './continuation.ts'
import type { TopicTrigger } from './format/rule.ts'
import { Captures } from './triggers/captures.ts'
import { NOT_FITTING, whyNotFitting, type Incoming } from './triggers/incoming.ts'

/** What a rule's topic trigger hangs into the broker's tree. */
export class TopicSubscription implements LocalSubscriber {
  readonly owner = 'rules'
  readonly rule: string
  readonly trigger: TopicTrigger
  readonly #captures: Captures
  /** Last payload by topic, for `changed`. */
  readonly #last = new Map<string, string>()

  constructor(rule: string, trigger: TopicTrigger) {
    this.rule = rule
    this.trigger = trigger
    this.#captures = new Captures(trigger)
  }

  /** What the message gives to the rule, null when it does not fire, or why its payload does not fit. */
  take(incoming: Incoming): Record<string, Result> | null | { readonly misfit: string } {
    const { message } = incoming
    const { trigger } = this
    if (message.replayed && trigger.retained === 'ignore') return null
    const captured = this.#captures.isEmpty ? [] : this.#captures.read(incoming.levels)
    if (captured === null) return null
    const payload = incoming.as(trigger.as)
    if (payload === NOT_FITTING) return { misfit: whyNotFitting(incoming, trigger.as) }
    if (trigger.changed && !this.#isNew(message.topic, incoming.text ?? message.payload.join(','))) return null
    const value: Result = payload instanceof Uint8Array ? binary(payload) : payload
    const { qos, retain, publisher, at } = message
    return {
      ...Object.fromEntries(trigger.captures.map((name, i) => [name, captured[i]!])),
      payload: value,
      topic: message.topic,
      msg: { text: incoming.text ?? null, qos, retain, client: publisher?.clientId ?? null, at: new Instant(at) },
      $incoming: binary(message.payload.slice()),
    }
  }

  #isNew(topic: string, payload: string): boolean {
    const isNew = this.#last.get(topic) !== payload
    if (this.#last.size >= MAX_TOPICS) this.#last.clear()
    this.#last.set(topic, payload)
    return isNew
  }
}

/** Topics whose last payload is remembered for `changed`. */
const MAX_TOPICS = 1_000
