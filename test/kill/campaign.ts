import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker, type BrokerProcess } from './broker-process.ts'
import { Ledger } from './ledger.ts'
import { Link } from './link.ts'
import { Publisher } from './publisher.ts'
import { seededChances, type Chances } from './random.ts'
import { RetainedValues } from './retained-values.ts'
import { Subscriber } from './subscriber.ts'

export interface KillReport {
  readonly kills: number
  /** Messages that the broker took over. */
  readonly acknowledged: number
  /** Milliseconds from the start of a killed broker to its ready line, the longest. */
  readonly slowestStart: number
  /** Lost, doubled and reordered messages, lost sessions, wrong retained values; each with its story. */
  readonly faults: readonly string[]
}

/** Everything that talks to the broker while it is killed again and again. */
class Load {
  readonly ledger = new Ledger()
  readonly publishers: readonly Publisher[]
  readonly reader = new Subscriber('reader', this.ledger)
  /** Subscribes at the beginning and comes back at the end: all it gets was kept for it. */
  readonly sleeper = new Subscriber('sleeper', this.ledger)
  readonly retained: RetainedValues

  constructor(chances: Chances) {
    const parts = { ledger: this.ledger, chances }
    this.publishers = [
      new Publisher('q1a', 1, parts),
      new Publisher('q1b', 1, parts),
      new Publisher('q2a', 2, parts),
      new Publisher('q2b', 2, parts),
    ]
    this.retained = new RetainedValues(this.ledger, chances)
  }

  /** Subscribers first: what is published before a subscription is nobody's. */
  async subscribe(port: number): Promise<void> {
    await this.reader.connect(port)
    await this.sleeper.connect(port)
    await this.sleeper.leave()
  }

  async publish(port: number): Promise<void> {
    for (const publisher of this.publishers) {
      const opened = await Link.open(port, publisher.name, false)
      if (opened !== null) publisher.start(opened.link, opened.isResumed)
    }
    const opened = await Link.open(port, 'retainer', true)
    if (opened !== null) this.retained.start(opened.link)
  }

  /** Lets everything that is under way come to its end. */
  async finish(port: number): Promise<void> {
    const { ledger } = this
    for (const publisher of this.publishers) publisher.stop()
    this.retained.stop()
    await ledger.until(
      'the end of all exchanges',
      () => this.retained.isDone && this.publishers.every(each => each.inflight === 0),
    )
    for (const subscriber of [this.reader, this.sleeper]) {
      if (!subscriber.isHere) await subscriber.connect(port)
      // Missing messages are findings, told by `compare`.
      await ledger
        .until(`${subscriber.name}'s last message`, () => ledger.missing(subscriber.name).length === 0)
        .catch(() => {})
      ledger.compare(subscriber.name)
    }
  }
}

/** The reader goes and comes while `count` messages are acknowledged. */
async function disturb(load: Load, chances: Chances, port: number, count: number): Promise<void> {
  const { ledger, reader } = load
  const goal = ledger.acknowledged + count
  while (ledger.acknowledged < goal) {
    const step = Math.min(goal, ledger.acknowledged + chances.between(10, 80))
    await ledger.until(`${step} acknowledgements`, () => ledger.acknowledged >= step)
    if (!chances.chance(0.4)) continue
    if (reader.isHere) await reader.leave()
    else await reader.connect(port)
  }
}

/** kill -9 at `kills` instants that a seed chooses, under load; then everything must be there, and once. */
export async function runCampaign(seed: number, kills: number): Promise<KillReport> {
  const chances = seededChances(seed)
  const load = new Load(chances)
  const folder = mkdtempSync(join(tmpdir(), 'hob-kill-'))
  let broker: BrokerProcess = await startBroker(folder, 0)
  let slowestStart = 0
  const { port } = broker
  try {
    await load.subscribe(port)
    for (let kill = 0; kill < kills; kill++) {
      const published = load.publish(port)
      // Now and then it dies while the clients come back.
      if (!chances.chance(0.2)) {
        await published
        await disturb(load, chances, port, chances.between(1, 250))
      }
      // Off the beat of the acknowledgements.
      const jitter = chances.between(0, 8_000) / 1_000
      await new Promise(resolve => setTimeout(resolve, jitter))
      await broker.kill()
      await published
      await load.reader.leave()
      const started = performance.now()
      broker = await startBroker(folder, port)
      slowestStart = Math.max(slowestStart, performance.now() - started)
      await load.retained.check(port)
      if (chances.chance(0.7)) await load.reader.connect(port)
    }
    await load.publish(port)
    await load.finish(port)
    await load.retained.check(port)
  } finally {
    await broker.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  const { faults, acknowledged } = load.ledger
  return { kills, acknowledged, slowestStart, faults }
}
