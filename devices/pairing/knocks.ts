import { HobError, type Ulid } from '#kernel'
import type { Knock, KnockReason, Visitor } from './face.ts'
import { KNOCK_KEPT, MAX_KNOCK_NAME, MAX_KNOCKS } from './limits.ts'

/** Those who were refused, in groups, the group that knocked longest ago first. */
export class Knocks {
  readonly #newId: () => Ulid
  readonly #groups = new Map<string, Knock>()

  constructor(newId: () => Ulid) {
    this.#newId = newId
  }

  get size(): number {
    return this.#groups.size
  }

  note(visitor: Visitor, reason: KnockReason, at: number): void {
    const { address } = visitor
    const username = visitor.username?.slice(0, MAX_KNOCK_NAME) ?? null
    const clientId = visitor.clientId.slice(0, MAX_KNOCK_NAME)
    const key = JSON.stringify([address, username, reason])
    const known = this.#groups.get(key) ?? { id: this.#newId(), count: 0, firstSeen: at }
    const { id, count, firstSeen } = known
    this.#groups.delete(key)
    this.#groups.set(key, { id, address, clientId, username, reason, count: count + 1, firstSeen, lastSeen: at })
    if (this.#groups.size > MAX_KNOCKS) this.#groups.delete(this.#groups.keys().next().value!)
  }

  /** Takes away what is settled. @returns whether there was any. */
  settle({ address, username }: Pick<Visitor, 'address' | 'username'>): boolean {
    const name = username?.slice(0, MAX_KNOCK_NAME) ?? null
    return this.#removeWhere(knock => knock.address === address && knock.username === name)
  }

  /** Forgets groups that have been quiet for long. @returns whether there were any. */
  sweep(now: number): boolean {
    return this.#removeWhere(({ lastSeen }) => now - lastSeen >= KNOCK_KEPT)
  }

  /** @throws HobError `pairing.unknown_knock`. */
  remove(id: Ulid): void {
    if (!this.#removeWhere(knock => knock.id === id))
      throw new HobError('pairing.unknown_knock', 'there is no such entry; it may be forgotten already')
  }

  /** The one that knocked last comes first. */
  list(): Knock[] {
    return [...this.#groups.values()].toReversed()
  }

  #removeWhere(fits: (knock: Knock) => boolean): boolean {
    const before = this.#groups.size
    for (const [key, knock] of this.#groups) if (fits(knock)) this.#groups.delete(key)
    return this.#groups.size < before
  }
}
