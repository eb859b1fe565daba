// What only a real socket shows: a peer that does not read, a hub that cannot write, bytes that never come.

import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { encode } from '../../server/broker/codec/index.ts'
import { settle } from './support/memory-stream.ts'
import { startSocketBroker, type SocketBroker, type SocketClient } from './support/socket-broker.ts'
import { createTestStore } from './support/store.ts'

const MEGABYTE = 1024 * 1024
/** Beyond what the kernel keeps for both ends of a connection. */
const PLENTY = 48 * MEGABYTE

let house: SocketBroker
afterEach(() => house.close())

const row = (clientId: string) => house.broker.clients().find(client => client.clientId === clientId)!
/** Resolves when everything that a client sent has been handled. */
async function handled(client: SocketClient): Promise<void> {
  client.send('pingreq')
  await client.next('pingresp')
}

describe('a subscriber that does not read', () => {
  test('costs 1 MiB and slows nobody: QoS 0 for it is dropped and counted, QoS 1 waits up to the limit', async () => {
    house = await startSocketBroker({ limits: { maxQueued: 20 } })
    const stalled = await house.client('stalled')
    stalled.send('subscribe #1 t:0 kept:1')
    await stalled.next('suback')
    const healthy = await house.client('healthy')
    healthy.send('subscribe #1 t:0')
    await healthy.next('suback')
    const publisher = await house.client('publisher')
    stalled.pause()

    const size = 256 * 1024
    const total = PLENTY / size
    for (let i = 0; i < total; i++) {
      // One at a time: who reads gets each of them.
      const arrived = healthy.next('publish')
      publisher.send(`publish t ${size}*x`)
      await arrived
    }
    const { dropped, unread } = row('stalled')
    expect(dropped).toBeGreaterThan(0)
    expect(unread).toBeLessThan(1.5 * MEGABYTE)
    expect(row('healthy')).toMatchObject({ sent: total, dropped: 0 })
    expect(house.broker.stats().dropped).toBe(dropped)

    for (let i = 1; i <= 30; i++) publisher.send(`publish kept x q1 #${i}`)
    await handled(publisher)
    expect(row('stalled')).toMatchObject({ queued: 20, dropped: dropped + 10 })

    // It reads again: all that was not dropped is there, and what waited.
    stalled.resume()
    while (stalled.count('publish') < total - dropped + 20) await stalled.next('publish')
    await handled(stalled)
    expect(stalled.count('publish')).toBe(total - dropped + 20)
    expect(row('stalled')).toMatchObject({ queued: 0, sent: total - dropped + 20 })
  })
})

describe('a hub whose disk is behind', () => {
  test('stops reading those who publish what must survive: they feel it through TCP, and nothing is lost', async () => {
    const store = createTestStore(false)
    house = await startSocketBroker({ store })
    const publisher = await house.client('publisher')
    const neighbour = await house.client('neighbour')
    const size = MEGABYTE
    const total = PLENTY / size
    for (let i = 1; i <= total; i++) publisher.send(`publish kept/${i} ${size}*x q1 #${i} retain`)
    const kept = () => store.pending.filter(({ op }) => op === 'broker.message.put').length
    while (kept() < 8) await settle()
    // Others are served meanwhile, and while they are nothing more is taken from it.
    for (let i = 0; i < 20; i++) await handled(neighbour)
    expect(kept()).toBeLessThan(11)
    expect(publisher.count('puback')).toBe(0)
    expect(publisher.socket.writableLength).toBeGreaterThan(10 * MEGABYTE)
    while (publisher.count('puback') < total) {
      store.commit()
      await settle()
    }
    expect(publisher.socket.writableLength).toBe(0)
    expect(house.broker.stats().retained).toBe(total)
  })
})

describe('bytes that never come', () => {
  test('a length of 256 MB is refused as soon as it is announced, before anybody logged in and after', async () => {
    house = await startSocketBroker()
    const socket = await house.open()
    // A CONNECT of 268,435,455 bytes.
    socket.write(Buffer.from('10ffffff7f', 'hex'))
    socket.resume()
    await once(socket, 'close')
    const client = await house.client('a', 'level=5')
    client.send('raw 30 ff ff ff 7f')
    expect(await client.next('disconnect')).toMatchObject({ reason: 0x95 })
  })

  test('where it may be so long, 500 clients that announce it and send ten bytes cost nothing', async () => {
    house = await startSocketBroker({ limits: { maxPacketSize: 268_435_455 } })
    const before = process.memoryUsage()
    const announced = Buffer.concat([Buffer.from('30faffff7f0001', 'hex'), Buffer.from('t123')])
    const connect = encode(
      {
        ...{ type: 'connect', version: 4, clean: true, keepAlive: 0, clientId: '', will: null },
        ...{ username: null, password: null, properties: null },
      },
      4,
    )
    for (let i = 0; i < 500; i++) {
      const socket = await house.open()
      socket.write(Buffer.concat([connect, announced]))
    }
    const last = await house.client('last')
    await handled(last)
    expect(house.broker.stats().connections).toBe(501)
    const { arrayBuffers, external } = process.memoryUsage()
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(32 * MEGABYTE)
    expect(external - before.external).toBeLessThan(32 * MEGABYTE)
  })
})
