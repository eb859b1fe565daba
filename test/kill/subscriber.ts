import type { Packet, PublishPacket } from '../../server/broker/codec/index.ts'
import type { Ledger } from './ledger.ts'
import { Link, type LinkOptions, type LinkVersion } from '../support/link.ts'

/** A subscriber with a lasting session, which receives every message; QoS 2 by the book, over breaks too. */
export class Subscriber {
  readonly name: string
  readonly #options: LinkOptions
  readonly #ledger: Ledger
  /** QoS 2 packet ids received and not yet released. */
  readonly #unreleased = new Set<number>()
  #link: Link | null = null
  #isSubscribed = false

  /** A client of 5.0 takes topic aliases, which must not outlive a connection, and so many messages at a time. */
  constructor(
    { name, version, receiveMaximum }: { name: string; version: LinkVersion; receiveMaximum: number },
    ledger: Ledger,
  ) {
    this.name = `${name} v${version}`
    this.#options = { version, clean: false, terms: { topicAliasMaximum: 2, receiveMaximum } }
    this.#ledger = ledger
  }

  get isHere(): boolean {
    return this.#link?.isOpen === true
  }

  /** Connects; the first time it subscribes, too, and waits until that is acknowledged. */
  async connect(port: number): Promise<void> {
    const opened = await Link.open(port, this.name, this.#options)
    if (opened === null) return
    const { link, isResumed } = opened
    this.#link = link
    if (this.#isSubscribed) {
      if (!isResumed) this.#ledger.fault(`${this.name}: its session is lost`)
      link.receive(packet => this.#take(packet))
      return
    }
    const granted = new Promise<void>(resolve => {
      link.receive(packet => {
        if (packet.type === 'suback') resolve()
        else this.#take(packet)
      })
    })
    link.subscribe({ 'kill/+': 2 })
    await granted
    this.#isSubscribed = true
  }

  /** Breaks its connection. */
  async leave(): Promise<void> {
    await this.#link?.drop()
    this.#link = null
  }

  #take(packet: Packet): void {
    if (packet.type === 'pubrel') {
      this.#unreleased.delete(packet.packetId)
      this.#link?.acknowledge('pubcomp', packet.packetId)
    } else if (packet.type === 'publish') {
      this.#receive(packet)
    }
  }

  #receive({ qos, packetId, payload }: PublishPacket): void {
    const text = Buffer.from(payload).toString('latin1')
    const message = text.slice(0, text.indexOf(' ', text.indexOf(' ') + 1))
    if (qos === 2) {
      // [MQTT3-4.3.3-2]: the same id before its PUBREL is the same message.
      const isKnown = this.#unreleased.has(packetId)
      this.#unreleased.add(packetId)
      this.#link?.acknowledge('pubrec', packetId)
      if (isKnown) return
    } else if (qos === 1) {
      this.#link?.acknowledge('puback', packetId)
    }
    this.#ledger.receive(this.name, message)
  }
}
