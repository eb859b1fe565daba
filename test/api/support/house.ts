import { createHash } from 'node:crypto'
import { createCauses, createDurableWait, createUlids, toPayload, type Cause, type Log } from '#kernel'
import type { Right, Role, Scope } from '../../../server/access/index.ts'
import { createApi, type ApiServer } from '../../../server/api/index.ts'
import { createWebSocketEntry } from '../../../server/broker/index.ts'
import { loadConfig } from '../../../server/config.ts'
import { closeParts, createParts, openParts } from '../../../server/hub.ts'
import { createHealth, type Health } from '../../../server/system/index.ts'
import { openStorage, type Storage } from '../../../server/storage/index.ts'
import { encode } from '../../../server/broker/codec/index.ts'
import { MemoryStream, settle } from '../../broker/support/memory-stream.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'
import type { OpenApiDocument } from './document.ts'
import { goodCondition, sourcesOf, type Condition } from '../../support/health.ts'

/**
 * Everybody who may ask: `nobody` shows no token, `stranger` a made-up one, `hall` is limited to that area; those with
 * `isSignedIn` show the cookie of a session.
 */
export const people = {
  nobody: null,
  stranger: null,
  admin: { user: 'anna', scopes: ['admin'] },
  ben: { user: 'ben', scopes: ['admin'] },
  rules: { user: 'anna', scopes: ['rules'] },
  control: { user: 'anna', scopes: ['control'] },
  read: { user: 'anna', scopes: ['read'] },
  hall: { user: 'anna', scopes: ['control', 'read'], isLimited: true },
  hallAdmin: { user: 'anna', scopes: ['admin'], isLimited: true },
  expired: { user: 'anna', scopes: ['admin'], isExpired: true },
  disabled: { user: 'otto', scopes: ['admin'] },
  lowered: { user: 'dora', scopes: ['admin', 'control', 'read'] },
  owner: { user: 'anna', scopes: ['admin', 'rules', 'control', 'read'], isSignedIn: true },
  guest: { user: 'dora', scopes: ['read'], isSignedIn: true },
  lateGuest: { user: 'dora', scopes: ['read'], isSignedIn: true, isExpired: true },
  // Her role by area: she edits the hall and sees nothing else.
  lena: { user: 'lena', scopes: ['edit', 'control', 'read'], isSignedIn: true, isLimited: true },
  // A guest pass for the lamp.
  visitor: { user: 'visit', scopes: ['control', 'read'], isSignedIn: true, isLimited: true, isPass: true },
  disabledOwner: { user: 'otto', scopes: ['admin', 'read'], isSignedIn: true },
} as const satisfies Readonly<Record<string, Person | null>>

export type Who = keyof typeof people

export interface Person {
  readonly user: string
  readonly scopes: readonly Right[]
  readonly isPass?: true
  readonly isLimited?: true
  readonly isExpired?: true
  readonly isSignedIn?: true
}

/** The four roles, somebody with a role by area, and an owner whose account is switched off. In an unclaimed house owners are administrators. */
const USERS: Readonly<Record<string, Role>> = {
  anna: 'owner',
  ben: 'admin',
  cleo: 'user',
  dora: 'guest',
  otto: 'owner',
  lena: 'user',
}

/** Devices by name, with the area they are adopted into; `null` stays a candidate, `undefined` has no area. */
const ANNOUNCED = [
  { component: 'light', key: 'lamp', name: 'Lamp', area: 'hall', config: { command_topic: 'lamp/set' } },
  { component: 'switch', key: 'fan', name: 'Fan', area: 'attic', config: { command_topic: 'fan/set' } },
  { component: 'sensor', key: 'meter', name: 'Meter', config: { device_class: 'power', unit_of_measurement: 'W' } },
  { component: 'sensor', key: 'newcomer', name: 'Newcomer', area: null, config: {} },
] as const

export const PORCH = '# porch\non: home/door\ndo:\n  publish: home/porch\n  payload: "ON"\n'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

export interface Request {
  readonly method: string
  /** From the root, with `<name>` for an id of `ids`. */
  readonly path: string
  readonly who: Who
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What went over the broker since the house stands. */
export interface Passed {
  readonly topic: string
  readonly payload: string
  readonly qos: number
  readonly retain: boolean
}

/** The API with all that stands behind it, in memory, on a clock moved by hand; a house with something of everything. */
export interface House {
  readonly url: string
  readonly clock: TestClock
  readonly document: OpenApiDocument
  /** Ids by name: areas, entities, the candidate, tokens by `WHOToken`, sessions by `WHOSession`, a run, a pending command, `labClient` and `awayClient`, a `ban`, `linkCode` of Cleo, the `pass` with its `passCode`, `claimCode`. */
  readonly ids: ReadonlyMap<string, string>
  readonly passed: readonly Passed[]
  /** How the hub and its machine are; `health.look` sees it. */
  readonly condition: Condition
  readonly health: Health
  /** What was logged as warning or error. */
  readonly complaints: readonly string[]
  /** All that was logged, the warnings and errors too. */
  readonly logged: readonly string[]
  /** A device or other client publishes. */
  publish(topic: string, payload: string): void
  ask(request: Request): Promise<Answer>
  /** The request headers of a person. */
  headersOf(who: Who): Record<string, string>
  close(): Promise<void>
}

const INSTANCE = 'testtest'
/** The certificate of the device CA. */
const CA = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'
/** An address whose MQTT connections are not taken. */
export const STRANGE_ADDRESS = '203.0.113.9'
/** Everybody's password, with its hash: computing it for each house would take a second. */
export const PASSWORD = 'correct horse'
const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$cTLmpgKLeruU6za+t2cUZ3fNfHVCYhGoJ8inpcUNcwc'
/** Everybody's recovery code. */
export const RECOVERY_CODE = '0123456789ABCDEFGHJKMNPQRS'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const secretOf = (who: Who) => `hob_test_${who}`

function logInto(complaints: string[], logged: string[]): Log {
  const note = (facts: object, text: string) => void logged.push(`${text} ${JSON.stringify(facts)}`)
  const complain = (facts: object, text: string) => {
    note(facts, text)
    complaints.push(logged.at(-1)!)
  }
  return { debug: note, info: note, warn: complain, error: complain }
}

/** Puts users, tokens and sessions where the hub finds them when it opens. */
async function seedPeople(
  storage: Storage,
  options: { clock: TestClock; newId: () => string; hall: string; isUnclaimed: boolean },
) {
  const { clock, newId, hall, isUnclaimed } = options
  const cause = createCauses(newId).root('hub', 'test')
  const ids = new Map<string, string>()
  for (const [name, role] of Object.entries(USERS)) {
    const user = {
      id: newId(),
      name,
      role: isUnclaimed && role === 'owner' ? ('admin' as const) : role,
      password: PASSWORD_HASH,
      recovery: sha256(RECOVERY_CODE),
      createdAt: clock.now(),
      areaRole: name === 'lena' ? 'hall_only' : null,
      disabled: name === 'otto',
    }
    ids.set(name, user.id)
    storage.access.write({ op: 'access.user.put', user, cause })
  }
  const role = { slug: 'hall_only', name: 'Hall only', house: null, areas: [{ area: hall, may: 'edit' }] } as const
  storage.access.write({ op: 'access.role.put', role, cause })
  storage.access.write({ op: 'access.instance.put', instance: INSTANCE })
  for (const [who, person] of Object.entries(people) as [Who, Person | null][]) {
    if (person === null || person.isPass) continue
    const grant = {
      id: newId(),
      user: ids.get(person.user)!,
      hash: sha256(secretOf(who)),
      createdAt: clock.now() - 1_000,
    }
    ids.set(`${who}${person.isSignedIn ? 'Session' : 'Token'}`, grant.id)
    if (person.isSignedIn) {
      const expiresAt = clock.now() + (person.isExpired ? 0 : 90 * 86_400_000)
      const session = { ...grant, seenAt: clock.now(), expiresAt, address: '127.0.0.1', userAgent: 'test' }
      storage.access.write({ op: 'access.session.put', session })
    } else {
      const expiresAt = person.isExpired ? clock.now() : null
      const areas = person.isLimited ? [hall] : null
      const token = { ...grant, scopes: person.scopes as readonly Scope[], areas, expiresAt, lastUsedAt: null }
      storage.access.write({ op: 'access.token.put', token, cause })
    }
  }
  const area = { id: hall, slug: 'hall', name: 'Hall', version: 1 }
  await createDurableWait(storage.devices)(storage.devices.write({ op: 'devices.area.put', area, cause }))
  return ids
}

type Parts = ReturnType<typeof createParts>

async function furnish(parts: Parts, ids: Map<string, string>): Promise<void> {
  const { broker, registry, engine, access, causes } = parts
  const cause = causes.root('hub', 'test')
  ids.set('attic', (await registry.addArea({ name: 'Attic' }, cause)).id)
  for (const { component, key, name, config } of ANNOUNCED) {
    const device = { identifiers: [key], name }
    const announcement = { unique_id: key, name: null, state_topic: `${key}/state`, device, ...config }
    const topic = `homeassistant/${component}/${key}/config`
    broker.publish({ topic, payload: toPayload(JSON.stringify(announcement)), retain: true, cause })
  }
  for (const candidate of registry.candidates()) {
    const found = ANNOUNCED.find(each => each.name === candidate.name)!
    const area = 'area' in found ? found.area : undefined
    if (area === null) {
      ids.set(found.key, candidate.id)
      continue
    }
    const adopted = await registry.adopt(candidate.id, area === undefined ? {} : { area }, cause)
    ids.set(found.key, adopted.entities[0]!.id)
  }
  const lab = { name: 'Lab', kind: 'software', publish: ['lab/#'], subscribe: ['lab/#'], full: false } as const
  const { password } = await access.addClient(lab, cause)
  await connectClients(broker, password)
  const banned = { user: null, clientId: null, address: '192.0.2.66', until: null } as const
  ids.set('ban', (await access.addBan(banned, cause)).id)
  await engine.save({ slug: 'porch', text: PORCH, ifVersion: 0 }, cause)
  broker.publish({ topic: 'home/door', payload: 'open', cause })
  const [run] = await engine.runs({ slug: 'porch', limit: 1 })
  ids.set('run', run!.id)
  await strangers(parts, ids, cause)
  await visit(parts, ids, cause)
  ids.set('command', registry.command(ids.get('fan')!, { command: 'turn_off', values: {} }, cause).id)
}

/** One client that is connected and subscribes, and one that is away with a session. */
async function connectClients(broker: Parts['broker'], password: string): Promise<void> {
  const about = { type: 'connect', version: 4, keepAlive: 60, will: null, username: 'c-lab', properties: null } as const
  const requests = [{ filter: 'lab/+', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 }] as const
  for (const [clientId, clean, address] of [
    ['lab-1', true, '192.0.2.20'],
    ['lab-away', false, '192.0.2.21'],
  ] as const) {
    const stream = new MemoryStream()
    broker.accept(stream, { address, port: 1024, transport: 'tcp' })
    stream.feed(encode({ ...about, clientId, clean, password: Buffer.from(password) }, 4))
    stream.feed(encode({ type: 'subscribe', packetId: 1, requests, properties: null }, 4))
    await settle()
    if (!clean) stream.break()
    await settle()
  }
}

/** A guest pass for the lamp, and the session that it began. */
async function visit({ access }: Parts, ids: Map<string, string>, cause: Cause): Promise<void> {
  const window = { from: 0, until: Date.UTC(2026, 2, 2) }
  const about = { name: 'Visit', entities: [ids.get('lamp')!], may: 'control', ...window } as const
  const { pass, secret } = await access.addPass(about, cause)
  const browser = { address: '192.0.2.30', userAgent: 'test' }
  const session = await access.signIns.withPass(secret, browser)
  ids.set('pass', pass.id)
  ids.set('passCode', secret)
  ids.set('visitorSession', session.principal.grant!)
  ids.set('visitorSecret', session.secret)
}

/** A guest that announced something, and somebody who was refused. */
async function strangers({ pairing }: Parts, ids: Map<string, string>, cause: Cause): Promise<void> {
  const visitor = { clientId: 'stranger-1', protocol: 4, willTopic: null, hasPassword: false, proof: 'none' } as const
  pairing.refused({ ...visitor, address: '192.0.2.8', username: 'mqtt' }, 'wrong_password')
  pairing.open({ seconds: 30, batch: false }, cause)
  const seat = pairing.admit({ ...visitor, address: '192.0.2.9', username: null })
  pairing.close()
  if (typeof seat === 'string') throw new Error(`the stranger is not let in: ${seat}`)
  seat.open({ promote() {}, close() {} })
  const config = { state_topic: 'stranger/state', device: { identifiers: ['stranger'], name: 'Stranger' } }
  const about = { qos: 0, retain: true, properties: null, expiresAt: null, publisher: null, replayed: false } as const
  const payload = toPayload(JSON.stringify(config))
  seat.accept({ ...about, topic: 'homeassistant/sensor/stranger/config', payload, at: 0, cause })
  // Its sandbox opens behind its first message.
  await new Promise(resolve => setImmediate(resolve))
  const { guests, knocks } = pairing.heard()
  ids.set('guest', guests[0]!.id)
  ids.set('stranger', guests[0]!.candidates[0]!.id)
  ids.set('knock', knocks[0]!.id)
}

function askAt(house: Pick<House, 'url' | 'ids' | 'headersOf'>): House['ask'] {
  return async ({ method, path, who, body, headers }) => {
    const filled = path.replace(/<([^>]+)>/g, (_all, name: string) => house.ids.get(name) ?? `no-${name}`)
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${house.url}${filled}`, {
      method,
      headers: { ...house.headersOf(who), ...type, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }
}

/** What a browser with this cookie, or a program with this token, sends along; also the page it comes from. */
function headersAt(url: string, ids: House['ids']): House['headersOf'] {
  return who => {
    const person: Person | null = people[who]
    if (who === 'nobody') return { origin: url }
    const secret = person?.isPass ? ids.get('visitorSecret') : secretOf(who)
    if (person?.isSignedIn) return { origin: url, cookie: `hob_${INSTANCE}=${secret}` }
    return { origin: url, authorization: `Bearer ${secretOf(who)}` }
  }
}

/** Builds the house and serves it on a free port of 127.0.0.1. */
export async function startHouse(
  options: { hosts?: string[]; trustedProxies?: string[]; webFolder?: string; isUnclaimed?: boolean } = {},
): Promise<House> {
  const { hosts = [], trustedProxies = [], webFolder = null, isUnclaimed = false } = options
  const clock = createTestClock()
  let n = 0
  const newId = createUlids(clock.now, length => Uint8Array.from({ length }, () => (n = (n * 73 + 41) % 256)))
  const complaints: string[] = []
  const logged: string[] = []
  const log = logInto(complaints, logged)
  const onFatal = (error: Error) => void complaints.push(error.message)
  const storage = await openStorage({ folder: null, clock, log, writeBudget: () => 0, onFatal })
  const hall = newId()
  const ids = await seedPeople(storage, { clock, newId, hall, isUnclaimed })
  ids.set('hall', hall)
  const config = loadConfig({ data: '/nonexistent', env: {}, flags: {} })
  const parts = createParts({ config, clock, log, version: '0.0.0' }, storage)
  await openParts(parts)
  const passed: Passed[] = []
  parts.subscriptions.add('#', { owner: 'api' })
  parts.watchers.push({
    run() {},
    rule() {},
    pairing() {},
    event({ message }) {
      if (message === null) return
      const { topic, payload, qos, retain } = message
      passed.push({ topic, payload: Buffer.from(payload).toString(), qos, retain })
    },
  })
  await furnish(parts, ids)
  ids.set('linkCode', parts.access.signIns.newLink('cleo').code)
  if (isUnclaimed) ids.set('claimCode', parts.access.signIns.newClaim())
  passed.length = 0
  const entry = createWebSocketEntry({ broker: parts.broker })
  const condition = goodCondition()
  const health = createHealth({ clock, log, folder: '/var/lib/hob', sources: sourcesOf(condition) })
  await health.look()
  const api: ApiServer = await createApi({
    ...parts,
    version: '0.0.0',
    clock,
    log,
    hosts,
    trustedProxies,
    webFolder,
    ...{ isReady: () => true, url: () => 'http://hub.test' },
    listeners: () => ({
      hosts: ['192.168.1.20', 'hub.local'],
      ports: { mqtt: 1883, mqtts: null, ws: null },
      wsPath: '/mqtt',
    }),
    mqttSocket: (request, socket, { head, address }) =>
      entry.upgrade(request, socket, { head, from: { address, port: 1024 } }),
    accepts: address => address !== STRANGE_ADDRESS,
    ca: () => CA,
    health: { ...health, metrics: async () => 'hob_devices 3\n' },
    copies: { make: async () => '/nonexistent' },
  })
  parts.watchers.push(api)
  const { port } = await api.listen({ host: '127.0.0.1', port: 0, accept: () => true })
  const url = `http://127.0.0.1:${port}`
  const headersOf = headersAt(url, ids)
  const clients = await askAt({ url, ids, headersOf })({ method: 'GET', path: '/api/v1/mqtt/clients', who: 'admin' })
  for (const { clientId, id } of (clients.json as { items: { clientId: string; id: string }[] }).items)
    ids.set(clientId === 'lab-1' ? 'labClient' : 'awayClient', id)
  return {
    url,
    clock,
    get document() {
      return api.document() as OpenApiDocument
    },
    ...{ ids, passed, complaints, logged, condition, health },
    publish: (topic, payload) => parts.broker.publish({ topic, payload, cause: parts.causes.root('device', 'test') }),
    ask: askAt({ url, ids, headersOf }),
    headersOf,
    async close() {
      const isServed = api.close()
      await closeParts(parts)
      await isServed
      await storage.close()
    },
  }
}
