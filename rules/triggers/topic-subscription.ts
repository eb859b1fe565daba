import { Instant, type Result } from '#expression'
import type { LocalSubscriber } from '#kernel'
import { INCOMING } from '../compiled-rule.ts'
import { binary } from '../continuation.ts'
import type { TopicTrigger } from '../format/rule.ts'
import type { MissReason } from '../near-misses.ts'
import type { RuleState } from '../rule-state.ts'
import { Captures } from './captures.ts'
import { NOT_FITTING, whyNotFitting, type Incoming } from './incoming.ts'

/** Topics whose last payload is remembered for `changed`; beyond that the memory begins anew. */
export const MAX_TOPICS = 1_000
/** Bytes of a payload that a run keeps while it waits, and a topic until it is quiet. */
export const MAX_KEPT = 65_536

/** What a message gives to the rule, or why it does not fire. */
export type Taken =
  | { readonly locals: Record<string, Result> }
  | { readonly reason: MissReason; readonly text: () => string }

const differs = (a: Uint8Array, b: Uint8Array) => a.length !== b.length || a.some((byte, i) => byte !== b[i])

/** What a rule's topic trigger hangs into the broker's tree. */
export class TopicSubscription implements LocalSubscriber {
  readonly owner = 'rules'
  readonly state: RuleState
  readonly trigger: TopicTrigger
  readonly #captures: Captures
  /** Last payload by topic, for `changed`. */
  readonly #last = new Map<string, Uint8Array>()

  constructor(state: RuleState, trigger: TopicTrigger) {
    this.state = state
    this.trigger = trigger
    this.#captures = new Captures(trigger)
  }

  /** Null when the message is not meant: one name stands on two levels that differ. */
  take(incoming: Incoming): Taken | null {
    const { trigger } = this
    const { message } = incoming
    const captured = this.#captures.isEmpty ? [] : this.#captures.read(incoming.levels)
    if (captured === null) return null
    if (message.replayed && trigger.retained === 'ignore')
      return { reason: 'retained', text: () => 'it was a retained message of before' }
    const { uses, waits } = this.state.compiled
    const wantsPayload = uses.has('payload')
    const isChecked = trigger.as !== 'auto' && trigger.as !== 'binary'
    const payload = wantsPayload || isChecked ? incoming.as(trigger.as) : null
    if (payload === NOT_FITTING) return { reason: 'payload', text: () => whyNotFitting(incoming, trigger.as) }
    const isKept = waits || trigger.debounce > 0
    if (isKept && message.payload.length > MAX_KEPT) {
      const { length } = message.payload
      return { reason: 'payload', text: () => `${length} bytes; a rule that waits keeps at most ${MAX_KEPT}` }
    }
    if (trigger.changed && !this.#isNew(message.topic, message.payload))
      return { reason: 'unchanged', text: () => 'the payload was the same as before' }
    const locals: Record<string, Result> = {}
    for (let i = 0; i < trigger.captures.length; i++) locals[trigger.captures[i]!] = captured[i]!
    if (wantsPayload) locals['payload'] = payload instanceof Uint8Array ? binary(payload) : payload
    if (uses.has('topic')) locals['topic'] = message.topic
    if (uses.has('msg')) locals['msg'] = messageFacts(incoming)
    if (uses.has(INCOMING)) locals[INCOMING] = binary(message.payload)
    return { locals }
  }

  #isNew(topic: string, payload: Uint8Array): boolean {
    const last = this.#last.get(topic)
    if (last !== undefined && !differs(last, payload)) return false
    if (last === undefined && this.#last.size >= MAX_TOPICS) this.#last.clear()
    this.#last.set(topic, payload.slice())
    return true
  }
}

function messageFacts({ message, text }: Incoming): Record<string, Result> {
  const { qos, retain, publisher, at } = message
  return { text: text ?? null, qos, retain, client: publisher?.clientId ?? null, at: new Instant(at) }
}
