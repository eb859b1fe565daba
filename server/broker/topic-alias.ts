// Topic aliases live as long as their connection, in each direction for itself [MQTT5-3.3.2-7]. A client may set one
// anew; the broker gives each out once, to the first topics that come, and never takes one back.

/** The topics behind the aliases that a client uses. */
export class InboundAliases {
  readonly #topics = new Map<number, string>()

  /**
   * The topic that a PUBLISH means; an empty one stands for what the alias was last set to.
   * @returns null when nothing is known of the alias.
   */
  resolve(alias: number, topic: string): string | null {
    if (topic === '') return this.#topics.get(alias) ?? null
    this.#topics.set(alias, topic)
    return topic
  }
}

/** The aliases that a client may be sent. */
export class OutboundAliases {
  readonly #aliases = new Map<string, number>()
  readonly #maximum: number

  /** The client takes aliases from 1 to `maximum`. */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /** The alias that the client knows for a topic, or 0. */
  get(topic: string): number {
    return this.#aliases.get(topic) ?? 0
  }

  /** The alias that the next new topic gets, or 0 when all are given out. */
  get next(): number {
    const { size } = this.#aliases
    return size === this.#maximum ? 0 : size + 1
  }

  /** A PUBLISH that sets `next` to `topic` leaves before everything that comes later. */
  add(topic: string): void {
    this.#aliases.set(topic, this.next)
  }
}
