import { connect, type Socket } from 'node:net'
import { encode, PacketDecoder, type Packet, type PublishFields } from '../../server/broker/codec/index.ts'

export interface Dial {
  readonly port: number
  readonly clientId: string
  readonly filter?: string
  readonly qos: 0 | 1
  readonly credential: { readonly username: string; readonly password: string } | null
}

/** Connects, subscribes when asked to, and hands over the bare socket; packets that came early are not expected. */
export async function dial({ port, clientId, filter, qos, credential }: Dial): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const decoder = new PacketDecoder({ maxPacketSize: 1_000_000, from: 'server', version: 4 })
  const will = null
  const login = {
    username: credential?.username ?? null,
    password: credential ? Buffer.from(credential.password) : null,
  }
  const hello = encode(
    { type: 'connect', version: 4, clean: true, keepAlive: 0, clientId, will, ...login, properties: null },
    4,
  )
  const next = (): Promise<Packet> =>
    new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', () => reject(new Error(`${clientId}: the connection was closed`)))
      socket.once('data', chunk => {
        socket.removeAllListeners('error').removeAllListeners('close')
        decoder.push(chunk, packet => resolve(packet))
      })
    })
  socket.write(hello)
  const answer = await next()
  if (answer.type !== 'connack' || answer.reason !== 0)
    throw new Error(`${clientId} was refused: ${JSON.stringify(answer)}`)
  if (filter !== undefined) {
    const request = { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
    socket.write(encode({ type: 'subscribe', packetId: 1, requests: [request], properties: null }, 4))
    const granted = await next()
    if (granted.type !== 'suback' || granted.reasons[0] !== qos)
      throw new Error(`${clientId} may not subscribe to ${filter}`)
  }
  return socket
}

/** A PUBLISH to be sent over and over. */
export function prebuilt(fields: Pick<PublishFields, 'topic' | 'payload' | 'qos' | 'packetId'>): Buffer {
  return encode({ type: 'publish', ...fields, dup: false, retain: false, properties: null }, 4)
}

/** Cuts a stream of packets of one size into packets, without looking into them. */
export class SameSizeReader {
  readonly #size: number
  readonly #rest: Buffer
  #restLength = 0

  constructor(size: number) {
    this.#size = size
    this.#rest = Buffer.alloc(size)
  }

  /** Calls `take` with the buffer and the position of each whole packet. */
  read(chunk: Buffer, take: (bytes: Buffer, at: number) => void): void {
    const size = this.#size
    let at = 0
    if (this.#restLength > 0) {
      at = chunk.copy(this.#rest, this.#restLength, 0, size - this.#restLength)
      this.#restLength += at
      if (this.#restLength < size) return
      this.#restLength = 0
      take(this.#rest, 0)
    }
    for (; at + size <= chunk.length; at += size) take(chunk, at)
    this.#restLength = chunk.copy(this.#rest, 0, at)
  }
}
