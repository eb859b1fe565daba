import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Log } from '#kernel'
import { createCauses, createUlids } from '#kernel'
import { allowEveryone, createBroker, createMemoryBrokerStore, defaultLimits } from '../../../server/broker/index.ts'
import type { Broker, BrokerLimits, ListenerOptions, Permissions } from '../../../server/broker/index.ts'
import { PacketDecoder, type Version } from '../../../server/broker/codec/index.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'
import { toText } from './notation.ts'

/** A broker for real sockets on this machine, with what its log says. */
export interface Served {
  readonly broker: Broker
  readonly clock: TestClock
  /** `reason address` of each line that has a reason. */
  readonly said: readonly string[]
  /** What every listener needs; on a free port of 127.0.0.1. */
  readonly common: ListenerOptions
  /** Resolves when the log has a line. */
  saying(line: string): Promise<void>
}

/** Serves everybody, on a clock that is moved by hand. */
export function serveBroker(options: { permissions?: Permissions; limits?: Partial<BrokerLimits> } = {}): Served {
  const clock = createTestClock()
  const said: string[] = []
  const watchers = new Set<() => void>()
  const note = (facts: object) => {
    const { reason, address } = facts as { reason?: string; address?: string }
    if (reason !== undefined) said.push(`${reason} ${address}`)
    for (const watcher of watchers) watcher()
  }
  const log: Log = { debug: note, info: note, warn: note, error: note }
  let ids = 0
  const broker = createBroker({
    clock,
    causes: createCauses(createUlids(clock.now, length => new Uint8Array(length).fill(ids++ & 31))),
    store: createMemoryBrokerStore(),
    permissions: options.permissions ?? allowEveryone,
    limits: { ...defaultLimits, ...options.limits },
    log,
    onMessage: () => {},
  })
  return {
    broker,
    clock,
    said,
    common: { broker, clock, log, host: '127.0.0.1', port: 0 },
    saying: line =>
      new Promise(resolve => {
        const look = () => {
          if (!said.includes(line)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
  }
}

/** The packets that come from a broker, in words. */
export function createReader(version: Version = 4) {
  const decoder = new PacketDecoder({ maxPacketSize: 268_435_460, from: 'server', version })
  const got: string[] = []
  const waiting = new Set<() => void>()
  return {
    got,
    push(bytes: Buffer): void {
      const fault = decoder.push(bytes, packet => void got.push(toText(packet)))
      if (fault !== null) throw new Error(`the broker sent bytes that are no packet: ${fault.code}`)
      for (const look of waiting) look()
    },
    /** Resolves when so many packets came. */
    count: (count: number) =>
      new Promise<readonly string[]>(resolve => {
        const look = () => {
          if (got.length < count) return
          waiting.delete(look)
          resolve(got)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Opens a plain connection to a listener. */
export async function dial({ address }: { address: { address: string; port: number } }): Promise<Socket> {
  const socket = connect(address.port, address.address)
  await once(socket, 'connect')
  return socket
}

/** Resolves when the other side has closed a connection, in whatever way. */
export function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.on('error', () => socket.destroy()).once('close', () => resolve())
    socket.resume()
  })
}
