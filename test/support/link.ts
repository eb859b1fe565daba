import { connect, type Socket } from 'node:net'
import {
  encode,
  PacketDecoder,
  type ConnectProperties,
  type Packet,
  type PublishFields,
} from '../../server/broker/codec/index.ts'

/** The versions that take part; 3.1 differs from 3.1.1 in its CONNECT only. */
export type LinkVersion = 4 | 5

const NEVER = 0xffff_ffff

export interface LinkOptions {
  readonly version: LinkVersion
  /** Whether the broker shall keep nothing for the client; else it keeps it for ever. */
  readonly clean: boolean
  /** What a client of 5.0 says of itself. */
  readonly terms?: Pick<ConnectProperties, 'receiveMaximum' | 'topicAliasMaximum'>
}

/** One MQTT connection that does nothing by itself, so that what was acknowledged is exactly known. */
export class Link {
  readonly #socket: Socket
  readonly #version: LinkVersion
  readonly #decoder: PacketDecoder
  /** The broker may send at once what it kept: that waits here for `receive`. */
  #early: Packet[] = []
  #onPacket: ((packet: Packet) => void) | null = null
  isOpen = true
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>

  private constructor(socket: Socket, version: LinkVersion) {
    this.#socket = socket
    this.#version = version
    this.#decoder = new PacketDecoder({ maxPacketSize: NEVER, from: 'server', version })
    this.closed = new Promise(resolve => {
      socket.once('close', () => {
        this.isOpen = false
        resolve()
      })
    })
    // A killed broker resets its connections; `close` follows.
    socket.on('error', () => {
      this.isOpen = false
    })
  }

  /** Connects. @returns the link and whether the broker has a session for it, or null when the connection broke first. */
  static async open(
    port: number,
    clientId: string,
    { version, clean, terms }: LinkOptions,
  ): Promise<{ link: Link; isResumed: boolean } | null> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const link = new Link(socket, version)
    const login = { will: null, username: null, password: null }
    const properties = version === 5 ? { sessionExpiry: clean ? 0 : NEVER, ...terms } : null
    link.send({ type: 'connect', version, clean, keepAlive: 0, clientId, ...login, properties })
    const connack = new Promise<Packet>(resolve => {
      socket.on('data', chunk => link.#read(chunk, resolve))
    })
    const answer = await Promise.race([connack, link.closed.then(() => null)])
    if (answer === null) return null
    if (answer.type !== 'connack' || answer.reason !== 0)
      throw new Error(`${clientId} was refused: ${JSON.stringify(answer)}`)
    return { link, isResumed: answer.sessionPresent }
  }

  #read(chunk: Buffer, onConnack: (packet: Packet) => void): void {
    const fault = this.#decoder.push(chunk, packet => {
      if (packet.type === 'connack') onConnack(packet)
      else if (this.#onPacket !== null) this.#onPacket(packet)
      else this.#early.push(packet.type === 'publish' ? { ...packet, payload: Buffer.from(packet.payload) } : packet)
    })
    if (fault !== null) throw new Error(`the broker sent what cannot be: ${fault.text}`)
  }

  /** Takes the packets behind the CONNACK, also those that came before this call. */
  receive(onPacket: (packet: Packet) => void): void {
    this.#onPacket = onPacket
    for (const packet of this.#early.splice(0)) onPacket(packet)
  }

  send(packet: Packet): void {
    if (this.isOpen) this.#socket.write(encode(packet, this.#version))
  }

  publish(
    fields: Pick<PublishFields, 'topic' | 'payload' | 'qos' | 'packetId'> & { dup?: boolean; retain?: boolean },
  ): void {
    this.send({ type: 'publish', dup: false, retain: false, properties: null, ...fields })
  }

  acknowledge(type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', packetId: number): void {
    this.send({ type, packetId, reason: 0, properties: null })
  }

  subscribe(filters: Readonly<Record<string, 0 | 1 | 2>>): void {
    const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
    const requests = Object.entries(filters).map(([filter, qos]) => ({ filter, qos, ...options }))
    this.send({ type: 'subscribe', packetId: 1, requests, properties: null })
  }

  /** Breaks the connection. */
  async drop(): Promise<void> {
    this.isOpen = false
    this.#socket.destroy()
    await this.closed
  }
}
