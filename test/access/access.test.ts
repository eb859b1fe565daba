import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Door, GuestConnection } from '#devices'
import type { Access } from '../../server/access/index.ts'
import { MAX_REVOKED, proofOf } from '../../server/access/credentials.ts'
import { hashPassword, NOBODYS_PASSWORD } from '../../server/access/secrets.ts'
import type { Identity, Login } from '../../server/broker/index.ts'
import type { Storage } from '../../server/storage/index.ts'
import type { TestClock } from '../support/clock.ts'
import { cause, from, openStage, PASSWORD, type Stage } from './support/stage.ts'

let stage: Stage
let clock: TestClock
let storage: Storage
let access: Access
let knocks: string[]
let isOpen: boolean
let connected: { user: string; clientId: string; address: string }[]
let seats: GuestConnection[]

const door: Door = {
  admit: () => {
    if (!isOpen) return 'closed'
    return { user: 'guest-1', open: connection => void seats.push(connection), accept() {}, closed() {} }
  },
  refused: ({ username, clientId }, reason) => void knocks.push(`${username ?? '-'} ${clientId} ${reason}`),
  welcomed() {},
}

beforeEach(async () => {
  knocks = []
  isOpen = false
  connected = []
  seats = []
  stage = await openStage({ door: () => door, connected: user => connected.filter(each => each.user === user) })
  ;({ clock, storage, access } = stage)
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

const addAnna = (role: 'owner' | 'guest' = 'owner') => stage.addUser('anna', role)
const addClient = (over: object = {}) =>
  access.addClient(
    { name: 'Node RED', kind: 'software', publish: ['home/+/set'], subscribe: ['home/#'], full: false, ...over },
    cause,
  )

describe('users', () => {
  it('sign in with their password and no other', async () => {
    await addAnna()
    const signIn = (name: string, password: string) => access.signIns.withPassword({ name, password }, from())
    const refused = { code: 'access.bad_credentials', message: 'user name or password is wrong' }
    const { principal } = await signIn('anna', PASSWORD)
    expect(principal).toMatchObject({ kind: 'user', who: 'anna', role: 'owner' })
    expect(principal.rights.scopes()).toEqual(['admin', 'rules', 'control', 'read'])
    await expect(signIn('anna', 'wrong horse')).rejects.toMatchObject(refused)
    await expect(signIn('ben', PASSWORD)).rejects.toMatchObject(refused)
    await access.resetPassword('anna', 'another horse', cause)
    await expect(signIn('anna', PASSWORD)).rejects.toMatchObject(refused)
    expect((await signIn('anna', 'another horse')).principal.who).toBe('anna')
  })

  it('are stored with argon2id as it is recommended, and shown without it', async () => {
    const shown = await addAnna()
    expect(shown).not.toHaveProperty('password')
    const { users } = await storage.access.load()
    expect(users[0]!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  })

  it('that are not there cost a guesser as much as those that are: the same computation', async () => {
    const parts = (phc: string) => phc.split('$').map((part, i) => (i < 4 ? part : part.length))
    expect(parts(NOBODYS_PASSWORD)).toEqual(parts(await hashPassword(PASSWORD)))
  })

  it.each(['', '#', '+', 'a/b', 'a\0', '$SYS', 'x'.repeat(65), ' anna', '../etc', 'a\nb', 'hob', 'Unknown'])(
    'are not named %j',
    async name => {
      await expect(access.addUser({ name, role: 'user', password: PASSWORD }, cause)).rejects.toMatchObject({
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
    expect(access.byToken(secret)).toMatchObject({ kind: 'token', who: token.id })
    expect(access.byToken(secret)!.rights.scopes()).toEqual(['control', 'read'])
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
    const gone: string[] = []
    await addAnna()
    access.onRevoked(each => void gone.push(each))
    const hour = 3_600_000
    const timed = await addToken({ expiresAt: clock.now() + hour })
    const later = await addToken({ expiresAt: clock.now() + 2 * hour })
    const removed = await addToken({ expiresAt: clock.now() + hour })
    await access.removeToken(removed.token.id, cause)
    expect(gone).toEqual([removed.token.id])
    clock.advance(hour - 1)
    expect(gone).toHaveLength(1)
    clock.advance(1)
    expect(gone.slice(1)).toEqual([timed.token.id])
    clock.jump(hour)
    clock.advance(60_000)
    expect(gone.slice(2)).toEqual([later.token.id])
  })

  it('end at their time also when the hub was started in between', async () => {
    await addAnna()
    const { token } = await addToken({ expiresAt: clock.now() + 1_000 })
    const gone: string[] = []
    const again = await stage.reopen()
    again.onRevoked(each => void gone.push(each))
    clock.advance(1_000)
    expect(gone).toEqual([token.id])
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
    expect(knocks).toEqual([
      '- c no_login',
      'c-node_red c wrong_password',
      'c-node_red c wrong_password',
      '# c unknown_user',
      ' c unknown_user',
    ])
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
    access = await stage.reopen()
    expect(identify('c-node_red', password).kind).toBe('member')
    await access.removeClient('c-node_red', cause)
    expect(stage.disconnected).toEqual(['c-node_red'])
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
    expect(knocks.at(-1)).toBe('c-node_red c too_many')
    expect(identify('c-node_red', password, '192.0.2.2').kind).toBe('member')
    clock.advance(5_000)
    expect(identify('c-node_red', password).kind).toBe('member')
  })

  it('slow an address without locking out the house behind it: who was in there before is counted for itself', async () => {
    const house = []
    for (let i = 0; i < 100; i++) house.push(await addClient({ name: `Device ${i}` }))
    for (const { client, password } of house) expect(identify(client.username, password).kind).toBe('member')
    for (let n = 0; n < 30; n++) identify('c-nobody', 'wrong')
    expect(identify('c-nobody', 'wrong')).toEqual({ kind: 'refused', reason: 'unavailable' })
    for (const { client, password } of house) expect(identify(client.username, password).kind).toBe('member')
    // Nor is it a way to guess without end.
    const { username } = house[0]!.client
    for (let n = 0; n < 10; n++) identify(username, 'wrong')
    expect(identify(username, house[0]!.password)).toEqual({ kind: 'refused', reason: 'unavailable' })
    expect(identify(house[1]!.client.username, house[1]!.password).kind).toBe('member')
  })

  it('are not needed where anonymous clients were allowed by flag', async () => {
    access = await stage.reopen({ allowAnonymous: true })
    expect(identify(null, null)).toMatchObject({ kind: 'member', user: 'anonymous' })
    expect(identify('who', 'ever')).toMatchObject({ kind: 'refused' })
  })
})

describe('devices', () => {
  const at = (clientId: string, username: string | null, password: string | null, address = '192.0.2.1') =>
    access.permissions.identify({ ...login(username, password, address), clientId }) as Identity
  const visit = (clientId: string, username: string | null, password: string | null) => {
    const { peer, ...shown } = { ...login(username, password), clientId }
    const hasPassword = (password ?? '') !== ''
    return { ...shown, address: peer.address, hasPassword, proof: proofOf(shown) }
  }
  const rights = { kind: 'device', publish: ['oven/#'], subscribe: ['oven/set'] } as const
  async function grant(clientId: string, username: string | null, password: string | null) {
    const user = access.logins.grant(visit(clientId, username, password), rights)
    await access.logins.keep(user, '01KJM7QA00000000000000DEV1', cause)
    return user
  }
  const REFUSED = { kind: 'refused', reason: 'not_authorised' }

  it('log in with what they brought along, also after a restart, and keep to their topics', async () => {
    const user = await grant('esp-1', 'mqtt', 'secret')
    expect(at('esp-1', 'mqtt', 'Secret').kind).toBe('refused')
    access = await stage.reopen()
    const identity = at('esp-1', 'mqtt', 'secret')
    expect(identity).toMatchObject({ kind: 'member', user, limits: { maxPacketSize: 262_144, maxRetained: 500 } })
    if (identity.kind !== 'member') return expect.unreachable()
    expect(['oven/state', 'stove/state'].map(identity.rules.mayPublish)).toEqual([true, false])
    expect(access.logins.topicsOf(user)).toMatchObject({ publish: ['oven/#'], subscribe: ['oven/set'] })
    expect(access.clients()).toMatchObject([{ user, username: 'mqtt', clientId: 'esp-1', origin: 'own' }])
    expect(JSON.stringify(await storage.access.load())).not.toContain('secret')
  })

  it('may share user name and password; each is known by its client id', async () => {
    const one = await grant('esp-1', 'mqtt', 'secret')
    const other = await grant('esp-2', 'mqtt', 'secret')
    expect(at('esp-1', 'mqtt', 'secret')).toMatchObject({ kind: 'member', user: one })
    expect(at('esp-2', 'mqtt', 'secret')).toMatchObject({ kind: 'member', user: other })
    expect(at('esp-3', 'mqtt', 'secret')).toEqual(REFUSED)
    expect(knocks).toEqual(['mqtt esp-3 used_twice'])
  })

  it('are one connection each: a copy is refused while the first is there, a reconnect is not', async () => {
    const user = await grant('esp-1', 'mqtt', 'secret')
    connected = [{ user, clientId: 'esp-1', address: '192.0.2.1' }]
    expect(at('esp-1', 'mqtt', 'secret').kind).toBe('member')
    expect(at('esp-1', 'mqtt', 'secret', '192.0.2.2')).toEqual(REFUSED)
    expect(at('esp-9', 'mqtt', 'secret')).toEqual(REFUSED)
    expect(knocks).toEqual(['mqtt esp-1 used_twice', 'mqtt esp-9 used_twice'])
    connected = []
    expect(at('esp-9', 'mqtt', 'secret', '192.0.2.2')).toMatchObject({ kind: 'member', user })
    connected = [{ user, clientId: 'esp-9', address: '192.0.2.2' }]
    expect(at('esp-1', 'mqtt', 'secret')).toEqual(REFUSED)
  })

  it('without a password are known by their client id alone', async () => {
    const user = await grant('esp-1', null, null)
    expect(access.clients()).toMatchObject([{ origin: 'none' }])
    expect(at('esp-1', null, null)).toMatchObject({ kind: 'member', user })
    expect(at('esp-1', null, '')).toMatchObject({ kind: 'member', user })
    expect(at('esp-2', null, null)).toEqual(REFUSED)
    expect(at('esp-1', null, 'x')).toEqual(REFUSED)
    expect(knocks).toEqual(['- esp-2 no_login', '- esp-1 no_login'])
  })

  it('cannot take user name and client id of another', async () => {
    await grant('esp-1', 'mqtt', 'secret')
    await addClient()
    for (const name of ['mqtt', 'c-node_red']) {
      const taken = () => access.logins.grant(visit('esp-1', name, 'other'), rights)
      expect(taken).toThrow(expect.objectContaining({ code: 'pairing.login_taken' }))
    }
  })

  it('lose everything with their credential, and are told apart from strangers until the next start', async () => {
    const user = await grant('esp-1', 'mqtt', 'secret')
    await expect(access.removeClient(user, cause)).rejects.toMatchObject({ code: 'access.unknown_client' })
    await access.logins.revoke(user, cause)
    expect(stage.disconnected).toEqual([user])
    expect(at('esp-1', 'mqtt', 'secret')).toEqual(REFUSED)
    expect(at('esp-1', 'mqtt', 'guess').kind).toBe('refused')
    access = await stage.reopen()
    expect(at('esp-1', 'mqtt', 'secret').kind).toBe('refused')
    expect(knocks).toEqual(['mqtt esp-1 revoked', 'mqtt esp-1 unknown_user', 'mqtt esp-1 unknown_user'])
  })

  it('that were revoked are remembered up to two hundred', async () => {
    for (let n = 0; n <= MAX_REVOKED; n++) await access.logins.revoke(await grant(`esp-${n}`, 'mqtt', 'x'), cause)
    at('esp-0', 'mqtt', 'x', '192.0.2.10')
    at('esp-1', 'mqtt', 'x', '192.0.2.11')
    expect(knocks).toEqual(['mqtt esp-0 unknown_user', 'mqtt esp-1 revoked'])
  })
})

describe('while the pairing window is open', () => {
  const GUEST = { kind: 'confined', user: 'guest-1', limits: { maxPacketSize: 4_194_304, maxRetained: 0 } }

  it('strangers are guests, whatever they show, and their wrong guesses are not counted', async () => {
    isOpen = true
    for (let n = 0; n < 20; n++) expect(identify('mqtt', `guess ${n}`)).toMatchObject(GUEST)
    expect(identify(null, null)).toMatchObject(GUEST)
    expect(knocks).toEqual([])
  })

  it('known logins are who they are, and nobody guesses those that the hub made', async () => {
    const { password } = await addClient()
    isOpen = true
    expect(identify('c-node_red', password)).toMatchObject({ kind: 'member', user: 'c-node_red' })
    expect(identify('c-node_red', 'guess')).toEqual({ kind: 'refused', reason: 'bad_credentials' })
  })

  it('a guest becomes a member with the credential it is given', () => {
    isOpen = true
    const identity = identify('mqtt', 'secret')
    if (identity.kind !== 'confined') return expect.unreachable()
    const happened: unknown[] = []
    const connection = {
      promote: (member: unknown) => happened.push(member),
      close: (why: unknown) => happened.push(why),
    }
    identity.sink.open({ login: login('mqtt', 'secret'), ...connection })
    const visitor = { ...login('mqtt', 'secret'), address: '192.0.2.1', hasPassword: true, proof: 'p' }
    const user = access.logins.grant(visitor, { kind: 'gateway', publish: ['z/#'], subscribe: [] })
    seats[0]!.promote(user)
    seats[0]!.close()
    expect(happened).toMatchObject([{ kind: 'member', user, limits: { maxRetained: 20_000 } }, 'not_authorised'])
  })
})
