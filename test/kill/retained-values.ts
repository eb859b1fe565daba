import type { Ledger } from './ledger.ts'
import { Link } from '../support/link.ts'
import type { Chances } from '../support/chances.ts'

const TOPICS = 8
/** An empty payload takes the retained message away. */
const GONE = ''

/** One retained topic: every value that was published, and how far the broker acknowledged them. */
interface Slot {
  readonly values: string[]
  acknowledged: number
}

/** Publishes retained values with QoS 1, one after the other, and can tell what the broker must still have. */
export class RetainedValues {
  readonly #ledger: Ledger
  readonly #chances: Chances
  readonly #slots: Slot[] = Array.from({ length: TOPICS }, () => ({ values: [GONE], acknowledged: 0 }))
  #link: Link | null = null
  #current = 0
  #isStopped = false

  constructor(ledger: Ledger, chances: Chances) {
    this.#ledger = ledger
    this.#chances = chances
  }

  get isDone(): boolean {
    return this.#slots.every(slot => slot.acknowledged === slot.values.length - 1)
  }

  /** Connects with a clean session and goes on; an unacknowledged value is published again. */
  async start(port: number): Promise<void> {
    const opened = await Link.open(port, 'retainer', { version: 5, clean: true })
    if (opened === null) return
    const { link } = opened
    this.#link = link
    link.receive(packet => {
      if (packet.type !== 'puback') return
      const slot = this.#slots[this.#current]!
      slot.acknowledged = slot.values.length - 1
      this.#ledger.touch()
      this.#next()
    })
    const slot = this.#slots[this.#current]!
    if (slot.acknowledged < slot.values.length - 1) this.#publish()
    else this.#next()
  }

  stop(): void {
    this.#isStopped = true
  }

  #next(): void {
    if (this.#isStopped) return
    this.#current = this.#chances.between(0, TOPICS - 1)
    const slot = this.#slots[this.#current]!
    slot.values.push(this.#chances.chance(0.2) ? GONE : `value ${slot.values.length}`)
    this.#publish()
  }

  #publish(): void {
    const payload = Buffer.from(this.#slots[this.#current]!.values.at(-1)!)
    this.#link?.publish({ topic: `retained/${this.#current}`, payload, qos: 1, packetId: 1, retain: true })
  }

  /** Asks the broker for what it retains, and notes each topic that does not stand where it may. */
  async check(port: number): Promise<void> {
    const opened = await Link.open(port, 'probe', { version: 4, clean: true })
    if (opened === null) throw new Error('the broker closed the connection of the probe')
    const { link } = opened
    const found = new Map<number, string>()
    const fenced = new Promise<void>(resolve => {
      link.receive(packet => {
        // What is retained was sent behind the SUBACK; what comes back to us follows it.
        if (packet.type === 'suback')
          link.publish({ topic: 'retained/fence', payload: Buffer.of(1), qos: 0, packetId: 0 })
        if (packet.type !== 'publish') return
        if (packet.topic === 'retained/fence') resolve()
        else found.set(Number(packet.topic.slice('retained/'.length)), Buffer.from(packet.payload).toString())
      })
    })
    link.subscribe({ 'retained/+': 0 })
    await Promise.race([fenced, link.closed])
    await link.drop()
    for (const [topic, slot] of this.#slots.entries()) {
      const allowed = slot.values.slice(slot.acknowledged)
      const value = found.get(topic) ?? GONE
      if (allowed.includes(value)) continue
      this.#ledger.fault(
        `retained/${topic}: the broker has "${value}", not one of ${JSON.stringify(allowed.slice(0, 3))}`,
      )
    }
  }
}
