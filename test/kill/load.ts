import type { Chances } from '../support/chances.ts'
import { Ledger } from './ledger.ts'
import type { LinkVersion } from '../support/link.ts'
import { Publisher } from './publisher.ts'
import { RetainedValues } from './retained-values.ts'
import { Subscriber } from './subscriber.ts'

const versions: readonly LinkVersion[] = [4, 5]

/** Everything that talks to the broker while it dies again and again, in both versions on both sides. */
export class Load {
  readonly ledger = new Ledger()
  readonly publishers: readonly Publisher[]
  /** They come and go. */
  readonly readers = versions.map(
    version => new Subscriber({ name: 'reader', version, receiveMaximum: 20 }, this.ledger),
  )
  /** They subscribe at the beginning and come back at the end: all they get was kept for them. */
  readonly sleepers = versions.map(
    version => new Subscriber({ name: 'sleeper', version, receiveMaximum: 0xffff }, this.ledger),
  )
  readonly retained: RetainedValues

  constructor(chances: Chances) {
    const parts = { ledger: this.ledger, chances }
    this.publishers = versions.flatMap(version => [
      new Publisher({ qos: 1, version }, parts),
      new Publisher({ qos: 2, version }, parts),
    ])
    this.retained = new RetainedValues(this.ledger, chances)
  }

  /** Subscribers first: what is published before a subscription is nobody's. */
  async subscribe(port: number): Promise<void> {
    await Promise.all([...this.readers, ...this.sleepers].map(subscriber => subscriber.connect(port)))
    await Promise.all(this.sleepers.map(sleeper => sleeper.leave()))
  }

  async publish(port: number): Promise<void> {
    await Promise.all([...this.publishers, this.retained].map(each => each.start(port)))
  }

  /** A reader goes or comes now and then while `count` messages are acknowledged. */
  async disturb(chances: Chances, port: number, count: number): Promise<void> {
    const { ledger, readers } = this
    const goal = ledger.acknowledged + count
    while (ledger.acknowledged < goal) {
      const step = Math.min(goal, ledger.acknowledged + chances.between(10, 80))
      await ledger.until(`${step} acknowledgements`, () => ledger.acknowledged >= step)
      const reader = readers[chances.between(0, readers.length - 1)]!
      if (!chances.chance(0.5)) continue
      if (reader.isHere) await reader.leave()
      else await reader.connect(port)
    }
  }

  /** The broker is dead: no reader is connected, until some come back. */
  async lose(): Promise<void> {
    for (const reader of this.readers) await reader.leave()
  }

  async comeBack(chances: Chances, port: number): Promise<void> {
    await this.retained.check(port)
    for (const reader of this.readers) if (chances.chance(0.7)) await reader.connect(port)
  }

  /** Lets everything that is under way come to its end. */
  async finish(port: number): Promise<void> {
    const { ledger } = this
    await this.publish(port)
    for (const publisher of this.publishers) publisher.stop()
    this.retained.stop()
    await ledger.until(
      'the end of all exchanges',
      () => this.retained.isDone && this.publishers.every(each => each.inflight === 0),
    )
    const subscribers = [...this.readers, ...this.sleepers]
    await Promise.all(subscribers.map(subscriber => this.#receiveAll(subscriber, port)))
    for (const subscriber of subscribers) ledger.compare(subscriber.name)
    await this.retained.check(port)
  }

  async #receiveAll(subscriber: Subscriber, port: number): Promise<void> {
    const { ledger } = this
    if (!subscriber.isHere) await subscriber.connect(port)
    // Missing messages are findings, told by `compare`.
    await ledger.until(`${subscriber.name}'s last message`, () => ledger.isComplete(subscriber.name)).catch(() => {})
  }
}
