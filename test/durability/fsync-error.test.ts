import { afterEach, beforeEach, expect, it } from 'vitest'
import { startBroker, type BrokerProcess } from '../support/broker-process.ts'
import type { Chances } from '../support/chances.ts'
import { FaultDisk } from '../support/fault-disk.ts'
import { Link } from '../support/link.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// A disk that fails once: the broker ends, and whoever starts it again can rely on what it says from then on.

let folder: ReturnType<typeof temporaryFolder>
let disk: FaultDisk
let broker: BrokerProcess

beforeEach(() => {
  folder = temporaryFolder()
  disk = new FaultDisk(folder.path)
})

afterEach(async () => {
  await broker.kill()
  disk.remove()
  folder.remove()
})

/** Of what was not synced nothing is there. */
const nothing: Chances = { between: least => least, chance: () => false }

async function open(port: number, clientId: string): Promise<Link> {
  const opened = await Link.open(port, clientId, { version: 4, clean: false })
  return opened!.link
}

/** Publishes with QoS 1. @returns whether it was acknowledged before the connection ended. */
async function publish(link: Link, payload: string): Promise<boolean> {
  const acknowledged = new Promise<boolean>(resolve => {
    link.receive(packet => {
      if (packet.type === 'puback') resolve(true)
    })
  })
  link.publish({ topic: 't', payload: Buffer.from(payload), qos: 1, packetId: 1 })
  return Promise.race([acknowledged, link.closed.then(() => false)])
}

it('an fsync that fails: nothing is acknowledged after it, and a power cut after a restart loses nothing', async () => {
  const start = () => startBroker(folder.path, { env: disk.env })
  disk.begin(nothing)
  broker = start()
  const sleeper = await open(await broker.ready, 'sleeper')
  sleeper.subscribe({ t: 1 })
  await new Promise<void>(resolve => sleeper.receive(packet => packet.type === 'suback' && resolve()))
  await sleeper.drop()
  const publisher = await open(await broker.ready, 'publisher')
  expect(await publish(publisher, 'before')).toBe(true)

  disk.set({ fails: true })
  expect(await publish(publisher, 'failed')).toBe(false)
  expect(await broker.gone).toBe(1)
  expect(broker.log()).toContain('the disk does not take writes; the broker stops')
  disk.set({})

  broker = start()
  expect(await publish(await open(await broker.ready, 'publisher'), 'after')).toBe(true)
  await broker.kill()
  disk.cut(nothing)

  broker = start()
  expect(await publish(await open(await broker.ready, 'publisher'), 'last')).toBe(true)
  const received: string[] = []
  const back = await open(await broker.ready, 'sleeper')
  await new Promise<void>(resolve => {
    back.receive(packet => {
      if (packet.type !== 'publish') return
      received.push(Buffer.from(packet.payload).toString())
      if (received.at(-1) === 'last') resolve()
    })
  })
  expect(received.filter(payload => payload !== 'failed')).toEqual(['before', 'after', 'last'])
})
