import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createCauses, createUlids, systemClock } from '#kernel'
import { allowEveryone, createBroker, defaultLimits, listenTcp } from '../../../server/broker/index.ts'
import type { Broker, BrokerLimits, BrokerStore } from '../../../server/broker/index.ts'
import { PacketDecoder, type Packet, type Version } from '../../../server/broker/codec/index.ts'
import { toBytes } from './notation.ts'
import { createTestStore } from './store.ts'

/** A client on a real socket. */
export interface SocketClient {
  readonly socket: Socket
  /** Sends packets in the notation of scenes. */
  send(text: string): void
  /** Resolves with the next packet of a type that has not been waited for. */
  next(type: Packet['type']): Promise<Packet>
  /** Stops and goes on taking bytes off the socket. */
  pause(): void
  resume(): void
  /** Packets so far, by type. */
  count(type: Packet['type']): number
}

export interface SocketBroker {
  readonly broker: Broker
  readonly port: number
  /** A socket on which nothing has been said. */
  open(): Promise<Socket>
  client(name: string, connect?: string): Promise<SocketClient>
  close(): Promise<void>
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A broker on a port of 127.0.0.1, on the machine's clock. */
export async function startSocketBroker(
  options: { limits?: Partial<BrokerLimits>; store?: BrokerStore } = {},
): Promise<SocketBroker> {
  let ids = 0
  const broker = createBroker({
    clock: systemClock,
    causes: createCauses(createUlids(systemClock.now, length => new Uint8Array(length).fill(ids++ & 31))),
    store: options.store ?? createTestStore(true),
    permissions: allowEveryone,
    limits: { ...defaultLimits, ...options.limits },
    log: silent,
    onMessage: () => {},
  })
  await broker.open()
  const listener = await listenTcp({ broker, clock: systemClock, log: silent, host: '127.0.0.1', port: 0 })
  const { port } = listener.address
  const sockets = new Set<Socket>()
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    sockets.add(socket)
    // A broker that ends a connection may reset it.
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  return {
    broker,
    port,
    open,
    async client(name, words = '') {
      const client = speak(await open(), name, /level=5/.test(words) ? 5 : 4)
      client.send(`connect ${words}`)
      await client.next('connack')
      return client
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await listener.close()
      await broker.close()
    },
  }
}

function speak(socket: Socket, name: string, version: Version): SocketClient {
  const decoder = new PacketDecoder({ maxPacketSize: 268_435_460, from: 'server', version })
  const got: Packet[] = []
  const counts = new Map<string, number>()
  const waiting: { type: string; resolve: (packet: Packet) => void }[] = []
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk, packet => {
      counts.set(packet.type, (counts.get(packet.type) ?? 0) + 1)
      const first = waiting.findIndex(({ type }) => type === packet.type)
      if (first >= 0) waiting.splice(first, 1)[0]!.resolve(packet)
      else if (packet.type !== 'publish') got.push(packet)
    })
  })
  return {
    socket,
    send: text => void socket.write(Buffer.concat(text.split(';').map(each => toBytes(each, name, version)))),
    next(type) {
      const found = got.findIndex(packet => packet.type === type)
      if (found >= 0) return Promise.resolve(got.splice(found, 1)[0]!)
      return new Promise(resolve => waiting.push({ type, resolve }))
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    count: type => counts.get(type) ?? 0,
  }
}
