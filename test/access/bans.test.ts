import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_BANS } from '../../server/access/bans.ts'
import type { Access } from '../../server/access/index.ts'
import type { Identity, Login } from '../../server/broker/index.ts'
import { cause, openStage, type Stage } from './support/stage.ts'

let stage: Stage
let access: Access
let password: string

const nobody = { user: null, clientId: null, address: null, until: null } as const

beforeEach(async () => {
  stage = await openStage()
  ;({ access } = stage)
  ;({ password } = await access.addClient(
    { name: 'Lab', kind: 'software', publish: [], subscribe: ['#'], full: false },
    cause,
  ))
})
afterEach(() => stage.storage.close())

function comes({ clientId = 'lab-1', address = '192.0.2.1', secret = password } = {}): string {
  const login: Login = {
    clientId,
    username: 'c-lab',
    password: Buffer.from(secret),
    protocol: 5,
    willTopic: null,
    peer: { address, port: 1, transport: 'tcp' },
  }
  const identity = access.permissions.identify(login) as Identity
  return identity.kind === 'refused' ? identity.reason : identity.kind
}

describe('a ban', () => {
  it.each([
    ['a user', { user: 'c-lab' }, ['banned', 'banned', 'banned']],
    ['one client of a user', { user: 'c-lab', clientId: 'lab-1' }, ['banned', 'member', 'banned']],
    ['an address', { address: '192.0.2.1' }, ['banned', 'banned', 'member']],
    ['another user', { user: 'c-other' }, ['member', 'member', 'member']],
    ["another user's client of the same name", { user: 'c-other', clientId: 'lab-1' }, ['member', 'member', 'member']],
  ])('of %s keeps out whom it names, and ends their connections', async (_whom, target, outcomes) => {
    const { who, until } = await access.addBan({ ...nobody, ...target }, cause)
    expect({ who, until }).toEqual({ who: 'test', until: null })
    const { until: _until, ...meant } = { ...nobody, ...target }
    expect(stage.banned).toEqual([meant])
    expect([comes(), comes({ clientId: 'lab-2' }), comes({ address: '192.0.2.2' })]).toEqual(outcomes)
  })

  it('of an address says so whatever the login is; one of a user only to its right login', async () => {
    await access.addBan({ ...nobody, address: '192.0.2.1' }, cause)
    await access.addBan({ ...nobody, user: 'c-lab' }, cause)
    expect(comes({ secret: 'wrong' })).toBe('banned')
    expect(comes({ secret: 'wrong', address: '192.0.2.2' })).toBe('bad_credentials')
  })

  it('keeps SCRAM out, too', async () => {
    await access.addBan({ ...nobody, address: '192.0.2.1' }, cause)
    const login = { clientId: 'lab-1', username: null, password: null, protocol: 5, willTopic: null } as const
    const exchange = access.permissions.authenticate!('SCRAM-SHA-256', {
      ...login,
      peer: { address: '192.0.2.1', port: 1, transport: 'tcp' },
    })
    expect(await exchange!.next(null)).toMatchObject({ kind: 'done', identity: { reason: 'banned' } })
  })

  it('ends at its time, over a restart as well, and is on disk with its cause', async () => {
    const until = stage.clock.now() + 3_600_000
    const ban = await access.addBan({ ...nobody, user: 'c-lab', until }, cause)
    access = await stage.reopen()
    expect(access.bans()).toEqual([ban])
    expect(comes()).toBe('banned')
    stage.clock.advance(3_599_999)
    expect(comes()).toBe('banned')
    stage.clock.advance(1)
    expect(comes()).toBe('member')
    expect(access.bans()).toEqual([])
    // Written before what follows it.
    await access.addBan({ ...nobody, user: 'c-other' }, cause)
    expect((await stage.reopen()).bans()).toHaveLength(1)
  })

  it('is lifted, for good', async () => {
    const { id } = await access.addBan({ ...nobody, user: 'c-lab' }, cause)
    await access.removeBan(id, cause)
    expect(comes()).toBe('member')
    expect((await stage.reopen()).bans()).toEqual([])
    await expect(access.removeBan(id, cause)).rejects.toMatchObject({ code: 'access.unknown_ban' })
  })

  it('takes the place of one on the same', async () => {
    const first = await access.addBan({ ...nobody, user: 'c-lab' }, cause)
    const until = stage.clock.now() + 1_000
    const second = await access.addBan({ ...nobody, user: 'c-lab', until }, cause)
    expect(second.id).toBe(first.id)
    expect(access.bans()).toEqual([second])
    expect((await stage.reopen()).bans()).toEqual([second])
  })

  it.each([
    ['nobody', {}],
    ['a client id without its user', { clientId: 'lab-1' }],
    ['a client id at an address', { clientId: 'lab-1', address: '192.0.2.1' }],
    ['a user and an address at once', { user: 'c-lab', address: '192.0.2.1' }],
    ['the past', { user: 'c-lab', until: 1 }],
  ])('of %s is none', async (_what, target) => {
    await expect(access.addBan({ ...nobody, ...target }, cause)).rejects.toMatchObject({ code: 'access.bad_ban' })
    expect(access.bans()).toEqual([])
  })

  it(`is one of ${MAX_BANS} at most`, async () => {
    const until = stage.clock.now() + 1_000
    const all = Array.from({ length: MAX_BANS }, (_, i) => access.addBan({ ...nobody, user: `u${i}`, until }, cause))
    await Promise.all(all)
    const another = () => access.addBan({ ...nobody, user: 'one more' }, cause)
    await expect(another()).rejects.toMatchObject({ code: 'access.too_many_bans' })
    stage.clock.advance(1_000)
    expect((await another()).user).toBe('one more')
  })
})
