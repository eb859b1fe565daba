// Shared subscriptions [MQTT5-4.8.2]: of the sessions that subscribe to `$share/group/filter`, one gets each message.
// It is the next in turn that can take it now; then one that can queue it while connected; then one that is away but
// lasts. A message that its member did not acknowledge goes to another one when the member's session ends.

import type { QoS } from '#kernel'
import type { Session, Subscription } from './session.ts'
import { targetOf, type Target } from './target.ts'

/** How well a member can take a message now. */
const fitness = { none: 0, away: 1, waiting: 2, ready: 3 } as const

function fitnessOf({ session, qos }: Target, topic: string, published: QoS): number {
  const { connection, rules } = session
  if (rules !== null && !rules.mayReceive(topic)) return fitness.none
  // QoS 0 is not kept for clients that are away.
  if (connection === null) return session.key !== 0 && qos > 0 && published > 0 ? fitness.away : fitness.none
  if (connection.outbox.isStalled || session.queue.length > 0) return fitness.waiting
  return qos === 0 || published === 0 || session.hasWindow ? fitness.ready : fitness.waiting
}

/** The members of one group on one filter. */
export class Share {
  readonly #members: Target[] = []
  #turn = 0

  get isEmpty(): boolean {
    return this.#members.length === 0
  }

  add(subscription: Subscription): void {
    this.#members.push(targetOf(subscription.session, [subscription], subscription.filter))
  }

  remove(session: Session): boolean {
    const at = this.#members.findIndex(member => member.session === session)
    if (at === -1) return false
    this.#members.splice(at, 1)
    return true
  }

  /** Who gets the next message; null when nobody can. */
  choose(topic: string, qos: QoS): Target | null {
    const members = this.#members
    let best: Target | null = null
    let bestFitness: number = fitness.none
    let after = this.#turn
    for (let i = 0; i < members.length && bestFitness < fitness.ready; i++) {
      const at = (this.#turn + i) % members.length
      const found = fitnessOf(members[at]!, topic, qos)
      if (found <= bestFitness) continue
      best = members[at]!
      bestFitness = found
      after = at + 1
    }
    this.#turn = after
    return best
  }
}
