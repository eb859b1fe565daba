// What arrives all the time costs no memory: measured, not believed.

import { PerformanceObserver } from 'node:perf_hooks'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { createCauses, createUlids } from '#kernel'
import { allowEveryone, createBroker, createMemoryBrokerStore, defaultLimits } from '../../../server/broker/index.ts'
import { encode, PacketDecoder } from '../../../server/broker/codec/index.ts'
import { createTestClock } from '../../support/clock.ts'
import { settle } from '../support/memory-stream.ts'

const PINGS = Buffer.alloc(65_536, Uint8Array.of(0xc0, 0))
const IN_A_CHUNK = PINGS.length / 2
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Bytes of the heap that `work` takes: the least of five times, since others work in this process, too. */
async function heapOf(work: () => void | Promise<void>): Promise<number> {
  // Code is compiled, and buffers are made that are used again.
  await work()
  const taken: number[] = []
  for (let i = 0; i < 5; i++) taken.push(await measure(work))
  return Math.min(...taken)
}

async function measure(work: () => void | Promise<void>): Promise<number> {
  const collections = new PerformanceObserver(() => {})
  collections.observe({ entryTypes: ['gc'] })
  const before = process.memoryUsage().heapUsed
  await work()
  const taken = process.memoryUsage().heapUsed - before
  const collected = collections.takeRecords().length
  collections.disconnect()
  // A collection hides what was taken, and is what must not be needed.
  return collected === 0 ? taken : Infinity
}

test('a packet of two bytes is decoded without taking memory', async () => {
  const decoder = new PacketDecoder({ maxPacketSize: 1_000, version: 4 })
  let packets = 0
  const onPacket = () => void packets++
  const taken = await heapOf(() => {
    for (let i = 0; i < 100; i++) decoder.push(PINGS, onPacket)
  })
  expect(packets).toBe(600 * IN_A_CHUNK)
  // A quarter of a byte for each of 3.3 million packets: what 100 calls take.
  expect(taken).toBeLessThan(100 * IN_A_CHUNK * 0.25)
})

test('and answered by the broker without taking memory for each', async () => {
  const clock = createTestClock()
  const broker = createBroker({
    clock,
    causes: createCauses(createUlids(clock.now, length => new Uint8Array(length))),
    store: createMemoryBrokerStore(),
    permissions: allowEveryone,
    limits: defaultLimits,
    log: silent,
    onMessage: () => {},
  })
  await broker.open()
  let answered = 0
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      answered += chunk.length / 2
      done()
    },
  })
  broker.accept(stream, { address: '192.0.2.1', port: 1, transport: 'tcp' })
  const login = { clientId: 'a', username: null, password: null, will: null, properties: null }
  stream.push(encode({ type: 'connect', version: 4, clean: true, keepAlive: 0, ...login }, 4))
  await settle()
  answered = 0
  const taken = await heapOf(async () => {
    for (let i = 0; i < 20; i++) {
      stream.push(PINGS)
      await settle()
    }
  })
  expect(answered).toBe(120 * IN_A_CHUNK)
  // Half a byte for each of 655,000 packets: what 20 chunks and their turns take.
  expect(taken).toBeLessThan(20 * IN_A_CHUNK * 0.5)
})
