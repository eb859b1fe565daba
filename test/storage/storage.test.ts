import Database from 'better-sqlite3'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cause, Log } from '#kernel'
import { createUlids } from '#kernel'
import { lockFolder, openStorage, type Storage, type StorageOptions } from '../../server/storage/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

const id = createUlids(
  () => Date.UTC(2026, 2, 1),
  length => new Uint8Array(length).fill(7),
)
const cause: Cause = { id: id(), parent: null, kind: 'user', who: 'anna', depth: 0, byRule: false }

let folder: string
let clock: TestClock
let logged: string[]
let fatal: Error[]
const open: Storage[] = []

const log: Log = {
  debug() {},
  info() {},
  warn: (_facts, text) => void logged.push(text),
  error: (_facts, text) => void logged.push(text),
}

async function start(overrides: Partial<StorageOptions> = {}): Promise<Storage> {
  const storage = await openStorage({
    folder,
    threads: false,
    clock,
    log,
    writeBudget: () => 0,
    onFatal: error => void fatal.push(error),
    ...overrides,
  })
  open.push(storage)
  return storage
}

async function restart(storage: Storage): Promise<Storage> {
  await storage.close()
  open.splice(open.indexOf(storage), 1)
  return start()
}

const durable = (storage: Storage, batch: number) =>
  new Promise<void>(resolve => {
    if (storage.broker.durable >= batch) return resolve()
    storage.broker.onDurable(reached => {
      if (reached >= batch) resolve()
    })
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hob-storage-'))
  clock = createTestClock()
  logged = []
  fatal = []
})

afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close()
  rmSync(folder, { recursive: true })
})

describe('group commit', () => {
  it('makes one batch of everything written in a turn, across owners', async () => {
    const storage = await start()
    const batches = new Set<number>()
    for (let n = 1; n <= 1_000; n++) {
      batches.add(storage.broker.write({ op: 'broker.inbound.remove', session: 1, packetId: n }))
      batches.add(storage.rules.write({ op: 'rules.run.remove', id: String(n) }))
    }
    expect(batches.size).toBe(1)
    const [batch] = batches
    expect(storage.broker.durable).toBeLessThan(batch!)
    await durable(storage, batch!)
    expect(storage.rules.durable).toBe(batch)
  })

  it('numbers batches upwards and makes them durable in order', async () => {
    const storage = await start()
    const reached: number[] = []
    storage.broker.onDurable(batch => void reached.push(batch))
    let last = 0
    for (let n = 0; n < 5; n++) {
      last = storage.broker.write({ op: 'broker.retained.remove', topic: 'x' })
      await durable(storage, last)
    }
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(reached.at(-1)).toBe(last)
  })

  it('acknowledges nothing after a failed commit, and says so once', async () => {
    const storage = await start()
    const before = storage.broker.durable
    storage.broker.write({
      op: 'broker.delivery.put',
      delivery: {
        session: 99,
        seq: 1,
        message: 1,
        qos: 1,
        retain: false,
        subscriptionIds: [],
        share: null,
        state: 'queued',
        packetId: null,
      },
    })
    await new Promise<void>(resolve => {
      const look = () => (fatal.length > 0 ? resolve() : setImmediate(look))
      look()
    })
    storage.broker.write({ op: 'broker.retained.remove', topic: 'x' })
    await storage.close()
    open.length = 0
    expect(fatal).toHaveLength(1)
    expect(storage.broker.durable).toBe(before)
  })
})

describe('what comes back', () => {
  it('holds sessions, queue, retained, wills and bodies of the broker', async () => {
    let storage = await start()
    const session = { key: 1, user: 'u', clientId: 'c', protocol: 4, expiry: null, disconnectedAt: 5 } as const
    const subscription = {
      session: 1,
      filter: 'a/#',
      qos: 1,
      noLocal: false,
      retainAsPublished: true,
      retainHandling: 0,
      subscriptionId: 7,
    } as const
    const message = {
      key: 3,
      topic: 'a/b',
      payload: Uint8Array.of(0, 255),
      qos: 1,
      retain: true,
      properties: {
        contentType: 'x',
        correlationData: Uint8Array.of(1, 2),
        userProperties: [
          ['k', 'v'],
          ['k', 'w'],
        ],
      },
      expiresAt: 99,
      user: 'p',
      clientId: 'q',
      at: 4,
    } as const
    const delivery = {
      session: 1,
      seq: 1,
      message: 3,
      qos: 1,
      retain: false,
      subscriptionIds: [7, 8],
      share: '$share/g/t',
      state: 'queued',
      packetId: null,
    } as const
    const { broker } = storage
    broker.write({ op: 'broker.session.put', session })
    broker.write({ op: 'broker.subscription.put', subscription })
    broker.write({ op: 'broker.message.put', message })
    broker.write({ op: 'broker.delivery.put', delivery })
    broker.write({ op: 'broker.delivery.state', session: 1, seq: 1, state: 'sent', packetId: 12 })
    broker.write({ op: 'broker.inbound.put', inbound: { session: 1, packetId: 9 } })
    broker.write({ op: 'broker.retained.put', retained: { topic: 'a/b', message: 3 } })
    broker.write({
      op: 'broker.will.put',
      will: { user: 'u', clientId: 'c', message: 3, delay: 0, messageExpiry: 60, dueAt: null },
    })
    storage = await restart(storage)
    const stored = await storage.broker.load()
    expect(stored).toMatchObject({
      sessions: [session],
      subscriptions: [subscription],
      deliveries: [{ ...delivery, state: 'sent', packetId: 12 }],
      inbound: [{ session: 1, packetId: 9 }],
      retained: [{ topic: 'a/b', message: 3 }],
      wills: [{ user: 'u', clientId: 'c', message: 3, delay: 0, messageExpiry: 60, dueAt: null }],
    })
    const [body] = stored.messages
    expect({
      ...body,
      payload: [...body!.payload],
      properties: { ...body!.properties, correlationData: [...body!.properties!.correlationData!] },
    }).toEqual({
      ...message,
      payload: [0, 255],
      properties: { ...message.properties, correlationData: [1, 2] },
    })
    storage.broker.write({ op: 'broker.session.remove', key: 1 })
    storage = await restart(storage)
    expect(await storage.broker.load()).toMatchObject({
      sessions: [],
      subscriptions: [],
      deliveries: [],
      inbound: [],
      messages: [{ key: 3 }],
    })
  })

  it('holds devices, areas, entities, announcements, aliases and last values', async () => {
    let storage = await start()
    const { devices } = storage
    const area = { id: 'A', slug: 'hall', name: 'Hall', version: 1 }
    const device = {
      id: 'D',
      slug: 'lamp',
      name: 'Lamp',
      area: 'A',
      identifiers: ['mac:1'],
      user: 'esp',
      adoptedAt: 1,
      version: 1,
    }
    const entity = { id: 'E', device: 'D', key: 'light', slug: 'light', name: null, area: null }
    devices.write({ op: 'devices.area.put', area, cause })
    devices.write({ op: 'devices.device.put', device, cause })
    devices.write({ op: 'devices.entity.put', entity })
    devices.write({ op: 'devices.alias.put', alias: { kind: 'device', slug: 'old', id: 'D' } })
    devices.write({
      op: 'devices.announcement.put',
      announcement: { topic: 't', dialect: 'tasmota', payload: Uint8Array.of(123), user: null, clientId: null, at: 1 },
    })
    expect(
      devices.write({ op: 'devices.value.put', value: { entity: 'E', name: 'on', value: false, at: 1, changedAt: 1 } }),
    ).toBe(0)
    devices.write({ op: 'devices.value.put', value: { entity: 'E', name: 'on', value: null, at: 2, changedAt: 2 } })
    storage = await restart(storage)
    expect(await storage.devices.load()).toMatchObject({
      areas: [area],
      devices: [device],
      entities: [entity],
      aliases: [{ kind: 'device', slug: 'old', id: 'D' }],
      announcements: [{ topic: 't', dialect: 'tasmota' }],
      values: [{ entity: 'E', name: 'on', value: null, at: 2 }],
    })
    storage.devices.write({ op: 'devices.device.remove', id: 'D', cause })
    storage = await restart(storage)
    expect(await storage.devices.load()).toMatchObject({ devices: [], entities: [], aliases: [] })
  })

  it('holds users, tokens, sessions and credentials, and no secret in their versions', async () => {
    let storage = await start()
    const user = {
      id: 'U',
      name: 'anna',
      role: 'owner',
      password: '$argon2id$secret',
      recovery: 'recoveryhash',
      createdAt: 1,
      disabled: false,
    } as const
    const token = {
      id: 'T',
      user: 'U',
      hash: 'tokenhash',
      scopes: ['read'],
      areas: null,
      createdAt: 1,
      expiresAt: null,
      lastUsedAt: null,
    } as const
    const client = {
      id: 'C',
      kind: 'software',
      username: 'c-x',
      clientId: null,
      origin: 'issued',
      hash: 'clienthash',
      scram: { salt: 'salt', iterations: 4096, storedKey: 'clienthash', serverKey: 'clienthash' },
      publish: ['a'],
      subscribe: [],
      full: false,
      device: null,
      createdAt: 1,
    } as const
    const own = { ...client, id: 'C2', kind: 'device', clientId: 'esp', origin: 'own' } as const
    const session = {
      id: 'S',
      user: 'U',
      hash: 'sessionhash',
      createdAt: 1,
      seenAt: 1,
      expiresAt: 10,
      address: '192.0.2.1',
      userAgent: 'Browser',
    } as const
    storage.access.write({ op: 'access.instance.put', instance: 'k3v9' })
    storage.access.write({ op: 'access.user.put', user, cause })
    storage.access.write({ op: 'access.token.put', token, cause })
    storage.access.write({ op: 'access.token.used', id: 'T', at: 42 })
    storage.access.write({ op: 'access.session.put', session })
    storage.access.write({ op: 'access.session.put', session: { ...session, seenAt: 2, expiresAt: 11 } })
    storage.access.write({ op: 'access.session.put', session: { ...session, id: 'S2', hash: 'other' } })
    storage.access.write({ op: 'access.session.remove', id: 'S2' })
    storage.access.write({ op: 'access.client.put', client, cause })
    storage.access.write({ op: 'access.client.put', client: own, cause })
    storage = await restart(storage)
    expect(await storage.access.load()).toEqual({
      instance: 'k3v9',
      users: [user],
      tokens: [{ ...token, lastUsedAt: 42 }],
      sessions: [{ ...session, seenAt: 2, expiresAt: 11 }],
      clients: [client, own],
    })
    await storage.close()
    open.length = 0
    const raw = new Database(join(folder, 'hub.db'), { readonly: true })
    const versions = JSON.stringify(raw.prepare('select * from version').all())
    raw.close()
    expect(versions).toContain('anna')
    expect(versions).not.toMatch(/secret|recoveryhash|tokenhash|sessionhash|clienthash/)
  })

  it('takes one credential for a user name and client id, and one for a user name with any client id', async () => {
    await (await start()).close()
    open.length = 0
    const raw = new Database(join(folder, 'hub.db'))
    const add = raw.prepare(
      `insert into credential (id, kind, username, client_id, hash, publish, subscribe, full, created_at)
       values (?, 'device', ?, ?, '', '[]', '[]', 0, 1)`,
    )
    add.run('1', 'esp', null)
    add.run('2', 'esp', 'a')
    add.run('3', 'esp', 'b')
    expect(() => add.run('4', 'esp', 'a')).toThrow(/UNIQUE/)
    expect(() => add.run('5', 'esp', null)).toThrow(/UNIQUE/)
    raw.close()
  })

  it('holds settings', async () => {
    let storage = await start()
    expect(await storage.settings.load()).toBeNull()
    const settings = { name: 'Home', zone: 'Europe/Berlin', place: null, writeBudget: 60, onboarded: true } as const
    const stored = { settings, version: 1 }
    storage.settings.write({ op: 'settings.put', stored, cause, at: 1 })
    storage = await restart(storage)
    expect(await storage.settings.load()).toEqual(stored)
  })
})

describe('rule files', () => {
  const save = (storage: Storage, text: string, ifVersion: number | null = null) =>
    storage.rules.saveFile({ slug: 'porch', text, ifVersion, cause, at: 77 })

  it('keep every version and refuse a stale save', async () => {
    const storage = await start()
    expect(await save(storage, 'one', 0)).toMatchObject({ saved: { version: 1, enabled: true } })
    expect(await save(storage, 'two', 1)).toMatchObject({ saved: { version: 2 } })
    expect(await save(storage, 'lost', 1)).toMatchObject({ stale: { version: 2, text: 'two' } })
    expect(await save(storage, 'lost', 0)).toMatchObject({ stale: { version: 2 } })
    expect(await storage.rules.versions('porch')).toMatchObject([
      { version: 2, text: 'two', cause: { who: 'anna' } },
      { version: 1, text: 'one' },
    ])
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: 1, cause, at: 78 })).toMatchObject({
      stale: { version: 2 },
    })
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: 2, cause, at: 78 })).toMatchObject({
      saved: { text: 'two' },
    })
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: null, cause, at: 78 })).toEqual({ stale: null })
    expect(await save(storage, 'again', 0)).toMatchObject({ saved: { version: 4 } })
  })

  it('give an open run the text it began with', async () => {
    let storage = await start()
    await save(storage, 'one')
    const run = {
      id: 'R',
      rule: 'porch',
      file: 'porch',
      version: 1,
      startedAt: 1,
      dueAt: 2,
      continuation: { at: [0, 1] },
      cause,
    }
    storage.rules.write({ op: 'rules.run.put', run })
    await save(storage, 'two')
    storage.rules.write({ op: 'rules.enabled', slug: 'porch', enabled: false })
    storage.rules.write({ op: 'rules.deadline.put', deadline: { rule: 'porch', trigger: 'on[0]', since: 1, dueAt: 2 } })
    storage.rules.write({ op: 'rules.moment.put', moment: { rule: 'porch', trigger: 'on[1]', at: 9 } })
    storage = await restart(storage)
    expect(await storage.rules.load()).toMatchObject({
      files: [{ slug: 'porch', text: 'two', version: 2, enabled: false, changedAt: 77 }],
      needed: [{ slug: 'porch', text: 'one', version: 1 }],
      runs: [run],
      deadlines: [{ since: 1, dueAt: 2 }],
      moments: [{ at: 9 }],
    })
  })

  it('keep so many traces of a rule as they were told', async () => {
    const storage = await start()
    const ids = Array.from({ length: 6 }, id)
    for (const each of ids) {
      const trace = {
        id: each,
        rule: 'porch',
        file: 'porch',
        version: 1,
        startedAt: 1,
        endedAt: 2,
        result: 'done',
        trace: { n: each, outcome: each === ids[5] ? 'expired' : null },
        cause,
      } as const
      storage.rules.write({ op: 'rules.trace.put', trace, keep: 3 })
    }
    const kept = await storage.rules.traces({ file: 'porch', rule: null, limit: 10, before: null })
    expect(kept.map(trace => trace.id)).toEqual(ids.slice(3).toReversed())
    expect(await storage.rules.traces({ file: 'porch', rule: 'porch', limit: 1, before: ids[5]! })).toMatchObject([
      { id: ids[4] },
    ])
    const { lastRuns } = await storage.rules.load()
    expect(lastRuns).toEqual([
      {
        id: ids[5],
        rule: 'porch',
        file: 'porch',
        version: 1,
        startedAt: 1,
        endedAt: 2,
        result: 'done',
        cause,
        outcome: 'expired',
      },
    ])
    expect(await storage.rules.trace(ids[5]!)).toMatchObject({ trace: { n: ids[5] } })
    expect(await storage.rules.trace(ids[0]!)).toBeUndefined()
  })
})

describe('the write budget', () => {
  it('lets values wait as long as the owner said, and writes them at the end', async () => {
    let storage = await start({ writeBudget: () => 60 })
    const raw = new Database(join(folder, 'history.db'), { readonly: true })
    const count = () => (raw.prepare('select count(*) as n from last_value').get() as { n: number }).n
    storage.devices.write({
      op: 'devices.value.put',
      value: { entity: 'E', name: 'on', value: true, at: 1, changedAt: 1 },
    })
    clock.advance(59_000)
    expect(count()).toBe(0)
    expect(clock.pending).toBe(1)
    raw.close()
    storage = await restart(storage)
    expect((await storage.devices.load()).values).toMatchObject([{ value: true }])
  })
})

describe('files', () => {
  it('are for their owner alone, and hub.db waits for the disk', async () => {
    const storage = await start()
    storage.nextSeq()
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    const raw = new Database(join(folder, 'history.db'), { readonly: true })
    expect(raw.pragma('auto_vacuum', { simple: true })).toBe(2)
    raw.close()
  })

  it('of a newer schema are refused and stay as they are', async () => {
    await restart(await start())
    for (const storage of open.splice(0)) await storage.close()
    const path = join(folder, 'hub.db')
    const raw = new Database(path)
    raw.pragma('user_version = 999')
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    const before = readFileSync(path)
    await expect(start()).rejects.toThrow(
      /hub\.db was written by a newer version of hob \(schema 999, this one knows \d+\)/,
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('of damaged history are set aside, and the hub lives', async () => {
    writeFileSync(join(folder, 'history.db'), 'this is no database, '.repeat(100))
    const storage = await start()
    expect(logged).toEqual(['history.db is damaged; it was set aside and history begins anew'])
    expect(readdirSync(folder).some(name => name.startsWith('history.db.damaged-'))).toBe(true)
    expect((await storage.devices.load()).values).toEqual([])
  })

  it('can be locked once', () => {
    const lock = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(/another hob is running/)
    lock.release()
    lockFolder(folder).release()
  })
})

describe('the sequence', () => {
  it('raises its mark while half of the block is left', async () => {
    const storage = await start()
    for (let n = 1; n <= 60_000; n++) expect(storage.nextSeq()).toBe(n)
    await durable(storage, storage.broker.write({ op: 'broker.retained.remove', topic: 'x' }))
    await new Promise(resolve => setImmediate(resolve))
    for (let n = 60_001; n <= 120_000; n++) storage.nextSeq()
    expect(storage.seq()).toBe(120_000)
  })

  it('goes on behind the committed mark', async () => {
    let storage = await start()
    const last = storage.nextSeq()
    storage = await restart(storage)
    expect(storage.nextSeq()).toBeGreaterThan(last)
  })
})

// Each thread loads its sources anew, which takes a busy machine seconds.
describe('with threads', { timeout: 60_000 }, () => {
  it('commits, answers, reads beside the writer and comes back', async () => {
    let storage = await start({ threads: true })
    expect(await storage.rules.saveFile({ slug: 'a', text: 'x', ifVersion: 0, cause, at: 1 })).toMatchObject({
      saved: { version: 1 },
    })
    expect(await storage.rules.versions('a')).toMatchObject([{ text: 'x' }])
    const message = {
      key: 1,
      topic: 't',
      payload: Uint8Array.of(1, 2),
      qos: 1,
      retain: true,
      properties: null,
      expiresAt: null,
      user: null,
      clientId: null,
      at: 1,
    } as const
    await durable(storage, storage.broker.write({ op: 'broker.message.put', message }))
    await storage.close()
    open.length = 0
    storage = await start({ threads: true })
    const stored = await storage.broker.load()
    expect([...stored.messages[0]!.payload]).toEqual([1, 2])
    await storage.close()
    open.length = 0
  })

  it('refuses a newer schema with the same words', async () => {
    await (await start()).close()
    open.length = 0
    const raw = new Database(join(folder, 'hub.db'))
    raw.pragma('user_version = 999')
    raw.close()
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.newer_schema' })
  })

  it('refuses a hub.db that is damaged, and one that is a folder', async () => {
    const path = join(folder, 'hub.db')
    writeFileSync(path, 'no database '.repeat(100))
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.damaged' })
    rmSync(path)
    mkdirSync(path)
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.cannot_open' })
  })
})

describe('in memory', () => {
  it('does the same without files', async () => {
    const storage = await start({ folder: null })
    expect(await storage.rules.saveFile({ slug: 'a', text: 'x', ifVersion: 0, cause, at: 1 })).toMatchObject({
      saved: { version: 1 },
    })
    expect(await storage.rules.versions('a')).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
  })
})
