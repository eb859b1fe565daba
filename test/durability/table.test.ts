import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IClientOptions } from 'mqtt'
import type { CandidateJson, DeviceJson } from '#api'
import { encode } from '../../server/broker/codec/index.ts'
import { FaultDisk } from '../support/fault-disk.ts'
import {
  apiClient,
  eventually,
  hob,
  mqttClient,
  startHub,
  temporaryFolder,
  type HubProcess,
} from '../support/hub-process.ts'

// What is on disk when an answer leaves: the table of server/broker/README.md row by row, on a hub whose fsyncs stand
// still until they are let go. test/broker/durability.test.ts has the order of the packets, row by row, too.

const folder = temporaryFolder()
const data = ['--data', folder.path]
const disk = new FaultDisk(folder.path)
const LOG = 'hub.db-wal'
let hub: HubProcess
let api: ReturnType<typeof apiClient>
let login: { username: string; password: string }
let other: Client
type Client = Awaited<ReturnType<typeof connect>>

let names = 0
function connect(options: IClientOptions = {}) {
  return mqttClient(hub, { ...login, clientId: `client${++names}`, ...options })
}

beforeAll(async () => {
  hub = await startHub(folder.path, { env: disk.env })
  const owner = ['user', 'add', 'anna', '--role', 'owner', '--password-stdin', ...data]
  expect(hob(owner, 'correct horse battery')).toMatchObject({ code: 0 })
  api = apiClient(hub, hob(['token', 'create', '--user', 'anna', '--scopes', 'admin', ...data]).stdout.trim())
  login = JSON.parse(hob(['client', 'add', 'lab', '--full', '--json', ...data]).stdout)
  hob(['set', 'writeBudget', '60', ...data])
  other = await connect()
  await other.client.subscribeAsync('fence', { qos: 0 })
}, 30_000)

afterAll(async () => {
  disk.set({})
  await hub.kill()
  disk.remove()
  folder.remove()
})

/** Everything that was written before is on disk. */
beforeEach(async () => {
  disk.set({})
  await other.client.publishAsync('settled', `${++names}`, { qos: 1, retain: true })
})

/** Whatever the hub sent before has arrived. A disk that stands still does not matter to it. */
async function fence(): Promise<void> {
  const payload = `${++names}`
  other.client.publish('fence', payload)
  await other.inbox.until(message => message.payload === payload)
}

/** Whether, when the answer to `act` comes, what was written since is on disk. */
async function waitsForCommit(act: () => Promise<unknown>): Promise<boolean> {
  const since = disk.position
  disk.hold()
  const wasOnDisk = act().then(() => disk.holds('', { file: LOG, since }))
  await fence()
  disk.set({})
  return wasOnDisk
}

/** The bytes that were written to any file from a position of the log on. */
function written(since: number): string {
  return disk
    .calls(since)
    .map(each => (each.call === 'write' ? each.bytes.toString('latin1') : ''))
    .join('')
}

function packet({ client }: Client, type: string): Promise<void> {
  return new Promise(resolve => {
    client.on('packetreceive', received => received.cmd === type && resolve())
  })
}

/** A lasting session that is away. */
async function sleeper(filter: string): Promise<string> {
  const clientId = `sleeper of ${filter}`
  const { client } = await connect({ clean: false, clientId })
  await client.subscribeAsync(filter, { qos: 2 })
  await client.endAsync()
  return clientId
}

describe('QoS 1/2 for a lasting session; retained by QoS 1/2: the next group commit, the answer after it', () => {
  it.each([
    ['QoS 1', 'kept/1', { qos: 1 }, 'puback'],
    ['QoS 2', 'kept/2', { qos: 2 }, 'pubrec'],
    ['retained by QoS 1', 'free/1', { qos: 1, retain: true }, 'puback'],
    ['retained by QoS 2', 'free/2', { qos: 2, retain: true }, 'pubrec'],
  ] as const)('%s', async (_, topic, options, answer) => {
    await sleeper('kept/#')
    const publisher = await connect()
    const hasWaited = waitsForCommit(() => {
      publisher.client.publish(topic, 'x', options)
      return packet(publisher, answer)
    })
    expect(await hasWaited).toBe(true)
  })
})

describe('QoS 1/2 that needs no disk: never on it, the answer at once', () => {
  it('between clean sessions, QoS 0 as well, while the disk stands still', async () => {
    const { client: publisher } = await connect()
    const { client, inbox } = await connect()
    await client.subscribeAsync('passing', { qos: 2 })
    const since = disk.position
    disk.hold()
    for (const qos of [0, 1, 2] as const) {
      await publisher.publishAsync('passing', `${qos}`, { qos })
      await publisher.publishAsync('nobody listens', `${qos}`, { qos })
      await inbox.until(message => message.payload === `${qos}`)
    }
    expect(written(since)).not.toMatch(/passing|nobody listens/)
  })
})

describe('outbound QoS 2, and QoS 1 to lasting sessions: after the commit of the packet id', () => {
  it('and QoS 0 copies leave at once', async () => {
    const { client: publisher } = await connect({ clean: false })
    const subscribers = await Promise.all([connect(), connect(), connect({ clean: false })])
    const [zero, two, one] = subscribers
    await Promise.all(
      subscribers.map(({ client }, i) => client.subscribeAsync('out', { qos: i === 0 ? 0 : i === 1 ? 2 : 1 })),
    )
    const isMessage = (message: { topic: string }) => message.topic === 'out'
    const since = disk.position
    disk.hold()
    publisher.publish('out', 'x', { qos: 2 })
    const wereOnDisk = [two!, one!].map(({ inbox }) =>
      inbox.until(isMessage).then(() => disk.holds('', { file: LOG, since })),
    )
    await zero!.inbox.until(isMessage)
    await fence()
    expect(disk.holds('', { file: LOG, since })).toBe(false)
    disk.set({})
    expect(await Promise.all(wereOnDisk)).toEqual([true, true])
  })
})

describe('retained by QoS 0: hub.db, at most 1 s late, the last value of a topic', () => {
  it('writes the last of three', async () => {
    const since = disk.position
    for (const payload of ['first-value', 'second-value', 'third-value'])
      other.client.publish('retained/zero', payload, { retain: true })
    const isOnDisk = (payload: string) => disk.holds(payload, { file: LOG, since })
    await eventually(() => fence().then(() => isOnDisk('third-value')), Boolean)
    expect(['first-value', 'second-value'].filter(isOnDisk)).toEqual([])
  })

  it('discovery topics at once', async () => {
    const since = disk.position
    other.client.publish('homeassistant/sensor/x/config', '{"a":"discovered"}', { retain: true })
    // What is written later is not on disk before it.
    await other.client.publishAsync('settled', 'x', { qos: 1, retain: true })
    expect(disk.holds('discovered', { file: LOG, since })).toBe(true)
  })
})

describe('QoS 0 for sessions that are away: dropped', () => {
  it('is not written, and not delivered when they come back', async () => {
    const clientId = await sleeper('away')
    const since = disk.position
    other.client.publish('away', 'prompt')
    await other.client.publishAsync('away', 'lasting', { qos: 1 })
    expect(written(since)).toContain('lasting')
    expect(written(since)).not.toContain('prompt')
    const { inbox } = await connect({ clean: false, clientId })
    await inbox.until(message => message.payload === 'lasting')
    expect(inbox.received).toHaveLength(1)
  })
})

describe('SUBACK, UNSUBACK, CONNACK of a lasting session, DISCONNECT that changes expiry, REST 2xx: after the commit', () => {
  it('CONNACK', async () => {
    expect(await waitsForCommit(() => connect({ clean: false }))).toBe(true)
  })

  it('SUBACK and UNSUBACK', async () => {
    const { client } = await connect({ clean: false })
    expect(await waitsForCommit(() => client.subscribeAsync('some/filter', { qos: 0 }))).toBe(true)
    expect(await waitsForCommit(() => client.unsubscribeAsync('some/filter'))).toBe(true)
  })

  it('the end of the connection behind a DISCONNECT', async () => {
    const { client } = await connect({
      protocolVersion: 5,
      clean: false,
      properties: { sessionExpiryInterval: 100 },
    })
    const closed = new Promise<void>(resolve => client.once('close', resolve))
    const hasWaited = waitsForCommit(() => {
      client.stream.write(encode({ type: 'disconnect', reason: 0, properties: { sessionExpiry: 200 } }, 5))
      return closed
    })
    expect(await hasWaited).toBe(true)
  })

  it('REST 2xx on stored things', async () => {
    expect(await waitsForCommit(() => api('POST', '/areas', { name: 'Orangery' }))).toBe(true)
  })
})

describe('open runs, deadlines: hub.db at each suspension, effects after it', () => {
  it('does its first step when the run is on disk', async () => {
    const text = 'on: {topic: go}\nmode: single\ndo:\n  - publish: went\n  - wait: 5min\n'
    await api('PUT', '/rules/goer', { text })
    const { client, inbox } = await connect()
    await client.subscribeAsync('went', { qos: 0 })
    const hasWaited = waitsForCommit(() => {
      other.client.publish('go', 'x')
      return inbox.until(message => message.topic === 'went')
    })
    expect(await hasWaited).toBe(true)
  })
})

describe('last values, history, traces: RAM, history.db on the write budget', () => {
  const CONFIG = {
    name: 'Temperature',
    unique_id: 'orangery_t',
    state_topic: 'orangery/state',
    device: { identifiers: ['orangery'], name: 'Orangery' },
  }

  it('a value waits for the budget, or for an orderly stop', async () => {
    await other.client.publishAsync('homeassistant/sensor/o/config', JSON.stringify(CONFIG), { retain: true })
    const pairing = () => api<{ candidates: CandidateJson[] }>('GET', '/pairing')
    const { candidates } = await eventually(pairing, answer =>
      answer.candidates.some(({ name }) => name === 'Orangery'),
    )
    const { id, name } = candidates.find(each => each.name === 'Orangery')!
    await api('POST', `/pairing/candidates/${id}/adopt`, { name })
    const since = disk.position
    await other.client.publishAsync('orangery/state', '41.5', { qos: 1 })
    await eventually(
      () => api<{ items: DeviceJson[] }>('GET', '/devices'),
      ({ items }) => items.some(({ entities }) => JSON.stringify(entities).includes('41.5')),
    )
    const isWritten = () =>
      disk.calls(since).some(({ name: file, call }) => file === 'history.db-wal' && call === 'write')
    expect(isWritten()).toBe(false)
    expect(await hub.stop()).toBe(0)
    expect(isWritten()).toBe(true)
  })
})
