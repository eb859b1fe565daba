import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUlids, type Cause } from '#kernel'
import { createAccess, type Access, type Revoked } from '../../server/access/index.ts'
import type { Identity, Login } from '../../server/broker/index.ts'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const cause: Cause = {
  id: '01KJM7QA000000000000000000',
  parent: null,
  kind: 'user',
  who: 'test',
  depth: 0,
  byRule: false,
}

let clock: TestClock
let storage: Storage
let access: Access
let revoked: string[]

function make(allowAnonymous = false): Access {
  let n = 0
  const random = (length: number) => Uint8Array.from({ length }, () => (n = (n * 73 + 41) % 256))
  return createAccess({
    clock,
    newId: createUlids(clock.now, random),
    random,
    store: storage.access,
    log: silent,
    allowAnonymous,
    onCredentialRevoked: user => void revoked.push(user),
  })
}

beforeEach(async () => {
  clock = createTestClock()
  revoked = []
  storage = await openStorage({
    folder: null,
    clock,
    log: silent,
    writeBudget: () => 0,
    onFatal: error => expect.unreachable(error.message),
  })
  access = make()
  await access.open()
})
afterEach(() => storage.close())

const login = (username: string | null, password: string | null, address = '192.0.2.1'): Login => ({
  clientId: 'c',
  username,
  password: password === null ? null : Buffer.from(password),
  protocol: 4,
  willTopic: null,
  peer: { address, port: 1, transport: 'tcp' },
})
const identify = (...args: Parameters<typeof login>) => access.permissions.identify(login(...args)) as Identity

const addAnna = (role: 'owner' | 'guest' = 'owner') =>
  access.addUser({ name: 'anna', role, password: 'correct horse' }, cause)
const addClient = (over: object = {}) =>
  access.addClient(
    { name: 'Node RED', kind: 'software', publish: ['home/+/set'], subscribe: ['home/#'], full: false, ...over },
    cause,
  )

describe('users', () => {
  it('sign in with their password and no other', async () => {
    await addAnna()
    expect(await access.signIn('anna', 'correct horse')).toMatchObject({ who: 'anna', role: 'owner', areas: null })
    await expect(access.signIn('anna', 'wrong horse')).rejects.toMatchObject({ code: 'access.bad_credentials' })
    await expect(access.signIn('ben', 'correct horse')).rejects.toMatchObject({ code: 'access.bad_credentials' })
    await access.resetPassword('anna', 'another horse', cause)
    await expect(access.signIn('anna', 'correct horse')).rejects.toMatchObject({ code: 'access.bad_credentials' })
  })

  it('are stored with argon2id as it is recommended, and shown without it', async () => {
    const shown = await addAnna()
    expect(shown).not.toHaveProperty('password')
    const { users } = await storage.access.load()
    expect(users[0]!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  })

  it.each(['', '#', '+', 'a/b', 'a\0', '$SYS', 'x'.repeat(65), ' anna', '../etc', 'a\nb'])(
    'are not named %j',
    async name => {
      await expect(access.addUser({ name, role: 'user', password: 'correct horse' }, cause)).rejects.toMatchObject({
        code: 'access.bad_name',
      })
    },
  )

  it.each(['short', '1234567890', 'Password123', 'aaaaaaaaaaaa'])('cannot take the password %j', async password => {
    await expect(access.addUser({ name: 'ben', role: 'user', password }, cause)).rejects.toMatchObject({
      code: 'access.weak_password',
    })
  })

  it('have one name each, also when two are made at once', async () => {
    const results = await Promise.allSettled([addAnna(), addAnna(), addAnna()])
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
    expect(access.users()).toHaveLength(1)
  })
})

describe('tokens', () => {
  const addToken = (over: object = {}) =>
    access.addToken({ user: 'anna', scopes: ['read', 'control'], areas: null, expiresAt: null, ...over }, cause)

  it('stand for their user, with their scopes', async () => {
    await addAnna()
    const { secret, token } = await addToken()
    expect(secret).toMatch(/^hob_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(access.byToken(secret)).toMatchObject({ kind: 'token', who: token.id, scopes: ['read', 'control'] })
    expect(access.byToken(`${secret}X`)).toBeUndefined()
    expect(access.byToken('')).toBeUndefined()
    expect(JSON.stringify(await storage.access.load())).not.toContain(secret)
  })

  it('end at their time, and when they are removed', async () => {
    await addAnna()
    const timed = await addToken({ expiresAt: clock.now() + 1_000 })
    clock.advance(999)
    expect(access.byToken(timed.secret)).toBeDefined()
    clock.advance(1)
    expect(access.byToken(timed.secret)).toBeUndefined()
    const other = await addToken()
    await access.removeToken(other.token.id, cause)
    expect(access.byToken(other.secret)).toBeUndefined()
    await expect(access.removeToken(other.token.id, cause)).rejects.toMatchObject({ code: 'access.unknown_token' })
  })

  it('tell who lost its rights: the moment a token ends or is removed, and once', async () => {
    const gone: Revoked[] = []
    await addAnna()
    access.onRevoked(each => void gone.push(each))
    const hour = 3_600_000
    const timed = await addToken({ expiresAt: clock.now() + hour })
    const later = await addToken({ expiresAt: clock.now() + 2 * hour })
    const removed = await addToken({ expiresAt: clock.now() + hour })
    await access.removeToken(removed.token.id, cause)
    expect(gone).toEqual([{ kind: 'token', who: removed.token.id }])
    clock.advance(hour - 1)
    expect(gone).toHaveLength(1)
    clock.advance(1)
    expect(gone.slice(1)).toEqual([{ kind: 'token', who: timed.token.id }])
    clock.jump(hour)
    clock.advance(60_000)
    expect(gone.slice(2)).toEqual([{ kind: 'token', who: later.token.id }])
  })

  it('end at their time also when the hub was started in between', async () => {
    await addAnna()
    const { token } = await addToken({ expiresAt: clock.now() + 1_000 })
    const gone: Revoked[] = []
    const again = make()
    again.onRevoked(each => void gone.push(each))
    await again.open()
    clock.advance(1_000)
    expect(gone).toEqual([{ kind: 'token', who: token.id }])
  })

  it('note their use at most once a minute', async () => {
    await addAnna()
    const { secret, token } = await addToken()
    const used = () => access.tokens().find(each => each.id === token.id)!.lastUsedAt
    access.byToken(secret)
    const first = used()
    clock.advance(59_000)
    access.byToken(secret)
    expect(used()).toBe(first)
    clock.advance(1_000)
    access.byToken(secret)
    expect(used()).toBe(first! + 60_000)
  })

  it('cannot do more than the role of their user', async () => {
    await addAnna('guest')
    await expect(addToken({ scopes: ['admin'] })).rejects.toMatchObject({ code: 'access.role_too_low' })
    await expect(addToken({ user: 'nobody' })).rejects.toMatchObject({ code: 'access.unknown_user' })
  })
})

describe('MQTT credentials', () => {
  it('let a client in as itself, with its own topics', async () => {
    const { client, password } = await addClient()
    expect(client.username).toBe('c-node_red')
    expect(password).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    const identity = identify('c-node_red', password)
    if (identity.kind !== 'member') return expect.unreachable()
    expect(identity).toMatchObject({ user: 'c-node_red', limits: { maxPacketSize: 16_777_216, maxRetained: 20_000 } })
    const { rules } = identity
    expect(['home/lamp/set', 'home/lamp', 'other', '$SYS/x'].map(rules.mayPublish)).toEqual([true, false, false, false])
    expect(['home/lamp', 'other', '$SYS/uptime'].map(rules.mayReceive)).toEqual([true, false, false])
    expect(['#', 'home/#', '$share/g/home/#', '$share//x'].map(rules.maySubscribe)).toEqual([true, true, true, false])
  })

  it('refuse everybody else', async () => {
    const { password } = await addClient()
    const refused = { kind: 'refused', reason: 'bad_credentials' }
    expect(identify(null, null)).toEqual({ kind: 'refused', reason: 'not_authorised' })
    expect(identify('c-node_red', null)).toEqual(refused)
    expect(identify('c-node_red', password.toLowerCase())).toEqual(refused)
    expect(identify('#', password)).toEqual(refused)
    expect(identify('', '')).toEqual(refused)
  })

  it('of full clients reach all topics but those of the broker itself', async () => {
    const { password } = await addClient({ full: true, publish: [], subscribe: [] })
    const identity = identify('c-node_red', password)
    if (identity.kind !== 'member') return expect.unreachable()
    expect(identity.rules.mayPublish('a/b')).toBe(true)
    expect(identity.rules.mayPublish('$SYS/broker/uptime')).toBe(false)
    expect(identity.rules.mayReceive('$SYS/broker/uptime')).toBe(true)
  })

  it('survive a restart, and end with their removal', async () => {
    const { password } = await addClient()
    access = make()
    await access.open()
    expect(identify('c-node_red', password).kind).toBe('member')
    await access.removeClient('c-node_red', cause)
    expect(revoked).toEqual(['c-node_red'])
    expect(identify('c-node_red', password).kind).toBe('refused')
    expect(JSON.stringify(await storage.access.load())).not.toContain(password)
  })

  it.each(['a#', 'a/#/b', ''])('refuse the filter %j', async filter => {
    await expect(addClient({ publish: [filter] })).rejects.toMatchObject({ code: 'access.bad_filter' })
  })

  it('slow an address that tries too often, and only that one', async () => {
    const { password } = await addClient()
    for (let n = 0; n < 10; n++) identify('c-node_red', 'wrong')
    expect(identify('c-node_red', password)).toEqual({ kind: 'refused', reason: 'unavailable' })
    expect(identify('c-node_red', password, '192.0.2.2').kind).toBe('member')
    clock.advance(5_000)
    expect(identify('c-node_red', password).kind).toBe('member')
  })

  it('are not needed where anonymous clients were allowed by flag', () => {
    access = make(true)
    expect(identify(null, null)).toMatchObject({ kind: 'member', user: 'anonymous' })
    expect(identify('who', 'ever')).toMatchObject({ kind: 'refused' })
  })
})
