import type { Packet } from '../../server/broker/codec/index.ts'
import type { Ledger } from './ledger.ts'
import { Link, type LinkVersion } from '../support/link.ts'
import type { Chances } from '../support/chances.ts'

const WINDOW = 8

interface Sent {
  readonly number: number
  readonly payload: Buffer
  state: 'published' | 'released'
}

/** Publishes numbered messages at one QoS, without end, and repeats what was not finished after a break. */
export class Publisher {
  readonly name: string
  readonly #qos: 1 | 2
  readonly #version: LinkVersion
  readonly #ledger: Ledger
  readonly #chances: Chances
  /** In the order in which they were published. */
  readonly #inflight = new Map<number, Sent>()
  #link: Link | null = null
  #number = 0
  #lastId = 0
  /** The broker said that it keeps a session. */
  #hasSession = false
  #isStopped = false

  constructor({ qos, version }: { qos: 1 | 2; version: LinkVersion }, parts: { ledger: Ledger; chances: Chances }) {
    this.name = `q${qos}v${version}`
    this.#qos = qos
    this.#version = version
    this.#ledger = parts.ledger
    this.#chances = parts.chances
  }

  get inflight(): number {
    return this.#inflight.size
  }

  /** Connects and goes on; a connection that breaks before it stands is no finding. */
  async start(port: number): Promise<void> {
    const opened = await Link.open(port, this.name, { version: this.#version, clean: false })
    if (opened === null) return
    const { link, isResumed } = opened
    if (this.#hasSession && !isResumed) this.#ledger.fault(`${this.name}: its session is lost`)
    this.#hasSession = true
    this.#link = link
    // [MQTT3-4.4.0-1]: unacknowledged PUBLISH and PUBREL again, under their packet ids, in their order.
    for (const [id, sent] of this.#inflight) {
      this.#ledger.note(
        `${this.name} ${sent.number}`,
        sent.state === 'published' ? `sent again, id ${id}` : `released again, id ${id}`,
      )
      if (sent.state === 'released') link.acknowledge('pubrel', id)
      else this.#publish(id, sent, true)
    }
    link.receive(packet => this.#take(packet))
    this.#fill()
  }

  /** Publishes nothing new; what is under way is finished. */
  stop(): void {
    this.#isStopped = true
  }

  #publish(packetId: number, { payload }: Sent, dup: boolean): void {
    this.#link?.publish({ topic: `kill/${this.name}`, payload, qos: this.#qos, packetId, dup })
  }

  #fill(): void {
    while (!this.#isStopped && this.#inflight.size < WINDOW) {
      do this.#lastId = (this.#lastId % 0xffff) + 1
      while (this.#inflight.has(this.#lastId))
      const number = this.#number++
      const padding = this.#chances.chance(0.02) ? 20_000 : this.#chances.between(0, 200)
      const payload = Buffer.from(`${this.name} ${number} ${'x'.repeat(padding)}`)
      const sent: Sent = { number, payload, state: 'published' }
      this.#inflight.set(this.#lastId, sent)
      this.#ledger.note(`${this.name} ${number}`, `sent, id ${this.#lastId}`)
      this.#publish(this.#lastId, sent, false)
    }
  }

  #take(packet: Packet): void {
    if (packet.type !== 'puback' && packet.type !== 'pubrec' && packet.type !== 'pubcomp') return
    const { packetId } = packet
    const sent = this.#inflight.get(packetId)
    if (sent === undefined) {
      this.#ledger.fault(`${this.name}: ${packet.type} for packet id ${packetId}, which is not in flight`)
      return
    }
    if (packet.type === 'pubrec') {
      if (sent.state === 'published') this.#ledger.acknowledge(`${this.name} ${sent.number}`)
      sent.state = 'released'
      this.#link?.acknowledge('pubrel', packetId)
      return
    }
    this.#inflight.delete(packetId)
    if (packet.type === 'puback') this.#ledger.acknowledge(`${this.name} ${sent.number}`)
    else this.#ledger.note(`${this.name} ${sent.number}`, 'complete')
    this.#fill()
    this.#ledger.touch()
  }
}
