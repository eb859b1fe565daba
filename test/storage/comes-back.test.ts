import Database from 'better-sqlite3'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GAP } from '../../server/series/index.ts'
import { cause, openStage } from './support/stage.ts'

const stage = openStage()
const { start, restart } = stage

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
    const entity = { id: 'E', device: 'D', key: 'light', slug: 'light', name: null, area: null, version: 1 }
    devices.write({ op: 'devices.area.put', area, cause })
    devices.write({ op: 'devices.device.put', device, cause })
    devices.write({ op: 'devices.entity.put', entity, cause })
    devices.write({ op: 'devices.alias.put', alias: { kind: 'device', slug: 'old', id: 'D' } })
    devices.write({
      op: 'devices.announcement.put',
      announcement: { topic: 't', dialect: 'tasmota', payload: Uint8Array.of(123), user: null, clientId: null, at: 1 },
    })
    storage.history.putSeries({ id: 1, entity: 'E', value: 'on', class: 'light' })
    storage.history.record(1, { seq: 1, at: 1 }, false)
    storage.history.record(1, { seq: 2, at: 2 }, null)
    storage.history.record(1, { seq: 3, at: 3 }, GAP)
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
      areaRole: null,
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
    const role = { slug: 'kids', name: 'Kids', house: 'see', areas: [{ area: 'A', may: 'edit' }] } as const
    const window = { from: 1, until: 2, createdAt: 1 }
    const pass = { id: 'P', name: 'Visit', hash: 'passhash', entities: ['E'], may: 'see', ...window } as const
    const factor = { user: 'U', key: 'factorkey', step: 7, codes: ['codehash'], createdAt: 1 }
    storage.access.write({ op: 'access.factor.put', factor, cause })
    storage.access.write({ op: 'access.role.put', role, cause })
    storage.access.write({ op: 'access.pass.put', pass, cause })
    storage.access.write({ op: 'access.client.put', client: own, cause })
    storage = await restart(storage)
    expect(await storage.access.load()).toEqual({
      instance: 'k3v9',
      users: [user],
      roles: [role],
      passes: [pass],
      factors: [factor],
      tokens: [{ ...token, lastUsedAt: 42 }],
      sessions: [{ ...session, seenAt: 2, expiresAt: 11 }],
      clients: [client, own],
      bans: [],
    })
    await storage.close()
    stage.open.length = 0
    const raw = new Database(join(stage.folder, 'hub.db'), { readonly: true })
    const tables = ['version', 'audit'].flatMap(table => raw.prepare(`select * from ${table}`).all())
    const versions = JSON.stringify(tables)
    raw.close()
    expect(versions).toContain('anna')
    expect(versions).not.toMatch(/secret|recoveryhash|tokenhash|sessionhash|clienthash|passhash|factorkey|codehash/)
  })

  it('takes one credential for a user name and client id, and one for a user name with any client id', async () => {
    await (await start()).close()
    stage.open.length = 0
    const raw = new Database(join(stage.folder, 'hub.db'))
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
    const retention = { days: 30, classes: { power: 7 }, entities: {} }
    const place = null
    const settings = {
      name: 'Home',
      zone: 'Europe/Berlin',
      place,
      writeBudget: 60,
      retention,
      onboarded: true,
    } as const
    const stored = { settings, version: 1 }
    storage.settings.write({ op: 'settings.put', stored, cause, at: 1 })
    storage = await restart(storage)
    expect(await storage.settings.load()).toEqual(stored)
  })
})
