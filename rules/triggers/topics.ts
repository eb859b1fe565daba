import type { Event } from '#devices'
import type { Subscriptions } from '#kernel'
import type { RuleState } from '../rule-state.ts'
import type { Start } from '../starts.ts'
import { becauseOfMessage, changeBy } from './because.ts'
import { Incoming } from './incoming.ts'
import type { Quiets } from './quiets.ts'
import { TopicSubscription } from './topic-subscription.ts'

/** The `topic` triggers of all rules. */
export interface Topics {
  subscribe(state: RuleState): void
  unsubscribe(state: RuleState): void
  /** Asks the triggers whose filters match the message of the event. */
  onEvent(event: Event, starts: Start[]): void
}

export function createTopics({ subscriptions, quiets }: { subscriptions: Subscriptions; quiets: Quiets }): Topics {
  function hear(subscription: TopicSubscription, incoming: Incoming, event: Event): Start | null {
    const { state, trigger } = subscription
    const { at: now } = event
    const taken = subscription.take(incoming)
    if (taken === null) return null
    const miss = { trigger: trigger.path, now, message: () => incoming.heard }
    const change = changeBy(event)
    const { cause } = change ?? event
    // A rule does not hear what it says itself, nor the answers to what it asks.
    if (cause.kind === 'rule' && cause.who === state.id) {
      state.nearMisses.note({ ...miss, reason: 'own', text: () => 'the rule said it itself' })
      return null
    }
    if ('reason' in taken) {
      state.nearMisses.note({ ...miss, ...taken })
      return null
    }
    const because = becauseOfMessage(event, change, incoming.message.topic)
    return { state, trigger: trigger.path, locals: taken.locals, ...because, now, source: incoming }
  }

  return {
    subscribe(state) {
      for (const trigger of state.compiled.rule.triggers) {
        if (trigger.kind !== 'topic') continue
        const subscription = new TopicSubscription(state, trigger)
        state.subscriptions.set(trigger.path, subscription)
        subscriptions.add(trigger.filter, subscription)
      }
    },
    unsubscribe(state) {
      for (const subscription of state.subscriptions.values())
        subscriptions.remove(subscription.trigger.filter, subscription)
      state.subscriptions.clear()
      quiets.drop(state)
    },
    onEvent(event, starts) {
      const { message, matched } = event
      if (message === null) return
      let incoming: Incoming | undefined
      for (const subscriber of matched) {
        if (!(subscriber instanceof TopicSubscription) || !subscriber.state.isActive) continue
        const start = hear(subscriber, (incoming ??= new Incoming(message)), event)
        if (start === null) continue
        if (subscriber.trigger.debounce > 0) quiets.wait(start, subscriber.trigger, message.topic)
        else starts.push(start)
      }
    },
  }
}
