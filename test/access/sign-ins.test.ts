import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Access } from '../../server/access/index.ts'
import { MAX_SESSIONS, SESSION_TIME } from '../../server/access/sessions.ts'
import { LINK_TIME } from '../../server/access/sign-ins.ts'
import { cause, from, openStage, PASSWORD, type Stage } from './support/stage.ts'

let stage: Stage
let access: Access
let ended: string[]

beforeEach(async () => {
  stage = await openStage()
  ;({ access } = stage)
  ended = []
  access.onRevoked(grant => void ended.push(grant))
})
afterEach(() => stage.storage.close())

const HOUR = 3_600_000
const signIn = (name = 'anna', password = PASSWORD, browser = from()) =>
  access.signIns.withPassword({ name, password }, browser)
const who = (secret: string, at = access) => at.signIns.bySecret(secret, '192.0.2.1')?.principal.who
const claim = (code: string, over: object = {}) =>
  access.signIns.claim({ code, name: 'anna', password: PASSWORD, ...over }, from(), cause)
const recover = (recoveryCode: string, password = 'a new password', name = 'anna') =>
  access.signIns.recover({ name, recoveryCode, password }, from(), cause)

describe('a session', () => {
  beforeEach(() => stage.addUser('anna'))

  it('is known by its secret alone, which is nowhere stored', async () => {
    const { secret, principal } = await signIn()
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(who(secret)).toBe('anna')
    expect(principal.grant).toBe(access.signIns.sessions(principal.user!)[0]!.id)
    expect([who(''), who(`${secret}A`), who(principal.grant!)]).toEqual([undefined, undefined, undefined])
    const stored = JSON.stringify(await stage.storage.access.load())
    expect(stored).not.toContain(secret)
    expect(JSON.stringify(access.signIns.sessions(principal.user!))).not.toContain('hash')
  })

  it('is a new one with each sign-in', async () => {
    const secrets = [(await signIn()).secret, (await signIn()).secret]
    expect(new Set(secrets).size).toBe(2)
    expect(secrets.map(secret => who(secret))).toEqual(['anna', 'anna'])
  })

  it('ends 90 days after its last use, to the hour, and tells so', async () => {
    const { secret, principal, expiresAt } = await signIn()
    expect(expiresAt - stage.clock.now()).toBe(90 * 24 * HOUR)
    stage.clock.advance(HOUR - 1)
    expect(access.signIns.bySecret(secret, '192.0.2.1')).toMatchObject({ isRenewed: false, expiresAt })
    stage.clock.advance(SESSION_TIME - HOUR)
    expect(access.signIns.bySecret(secret, '192.0.2.7')).toMatchObject({
      isRenewed: true,
      expiresAt: stage.clock.now() + SESSION_TIME,
    })
    expect(access.signIns.sessions(principal.user!)).toMatchObject([{ address: '192.0.2.7', userAgent: 'Browser' }])
    stage.clock.advance(SESSION_TIME - 1)
    expect(ended).toEqual([])
    stage.clock.advance(1)
    expect(ended).toEqual([principal.grant])
    expect(who(secret)).toBeUndefined()
    expect(access.signIns.sessions(principal.user!)).toEqual([])
  })

  it('survives a restart with its end, and is swept when that passed meanwhile', async () => {
    const { secret } = await signIn()
    expect(who(secret, await stage.reopen())).toBe('anna')
    stage.clock.jump(SESSION_TIME)
    const late = await stage.reopen()
    expect(who(secret, late)).toBeUndefined()
    await stage.addUser('ben', 'guest')
    expect((await stage.storage.access.load()).sessions).toEqual([])
  })

  it('ends when it is told to, by its own user alone', async () => {
    const { secret, principal } = await signIn()
    await expect(access.signIns.end(principal.grant!, 'SOMEBODY')).rejects.toMatchObject({
      code: 'access.unknown_session',
    })
    await access.signIns.end(principal.grant!, principal.user!)
    expect(who(secret)).toBeUndefined()
    expect(ended).toEqual([principal.grant])
    expect(who(secret, await stage.reopen())).toBeUndefined()
    await expect(access.signIns.end(principal.grant!, principal.user!)).rejects.toMatchObject({
      code: 'access.unknown_session',
    })
  })

  it('ends with the password, other than the one that changed it', async () => {
    const [own, other] = [await signIn(), await signIn()]
    const change = (old: string, to: string) =>
      access.signIns.changePassword(
        { user: own.principal.user!, session: own.principal.grant!, from: old, to },
        from(),
        cause,
      )
    await expect(change('wrong', 'a new password')).rejects.toMatchObject({ code: 'access.wrong_password' })
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ code: 'access.weak_password' })
    expect([who(own.secret), who(other.secret)]).toEqual(['anna', 'anna'])
    await change(PASSWORD, 'a new password')
    expect([who(own.secret), who(other.secret)]).toEqual(['anna', undefined])
    await expect(signIn()).rejects.toMatchObject({ code: 'access.bad_credentials' })
    await access.resetPassword('anna', 'yet another password', cause)
    expect(who(own.secret)).toBeUndefined()
    expect(ended).toEqual([other.principal.grant, own.principal.grant])
  })

  it('ends when its user is switched off, and so do streams of the tokens of that user', async () => {
    await stage.addUser('ben', 'admin')
    const { secret, principal } = await signIn('ben')
    const { token } = await access.addToken({ user: 'ben', scopes: ['read'], areas: null, expiresAt: null }, cause)
    await access.setDisabled('ben', true, cause)
    expect(ended).toEqual([principal.grant, token.id])
    expect(who(secret)).toBeUndefined()
    await expect(signIn('ben')).rejects.toMatchObject({ code: 'access.bad_credentials' })
    expect(await access.setDisabled('ben', false, cause)).toMatchObject({ disabled: false })
    expect(who(secret)).toBeUndefined()
    expect((await signIn('ben')).principal.who).toBe('ben')
    await expect(access.setDisabled('anna', true, cause)).rejects.toMatchObject({ code: 'access.last_owner' })
  })

  it('gives way when a user has too many: the one unused for longest', async () => {
    const sessions = []
    for (let n = 0; n < MAX_SESSIONS + 1; n++) {
      sessions.push(await access.signIns.withLink(access.signIns.newLink('anna').code, from()))
      stage.clock.advance(1_000)
    }
    expect(ended).toEqual([sessions[0]!.principal.grant])
    expect(access.signIns.sessions(sessions[0]!.principal.user!)).toHaveLength(MAX_SESSIONS)
  })

  it('keeps only the beginning of what a browser calls itself', async () => {
    const { principal } = await signIn('anna', PASSWORD, { address: '192.0.2.1', userAgent: 'x'.repeat(10_000) })
    expect(access.signIns.sessions(principal.user!)[0]!.userAgent).toHaveLength(200)
  })
})

describe('the claim', () => {
  it('makes the owner, signs in, and gives the recovery code', async () => {
    expect(access.signIns.isClaimed()).toBe(false)
    const { secret, recoveryCode } = await claim(access.signIns.newClaim())
    expect(access.users()).toMatchObject([{ name: 'anna', role: 'owner', disabled: false }])
    expect(who(secret)).toBe('anna')
    expect(recoveryCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(JSON.stringify(await stage.storage.access.load())).not.toContain(recoveryCode)
    expect(access.signIns.isClaimed()).toBe(true)
  })

  it('takes its code once, and only the newest', async () => {
    const old = access.signIns.newClaim()
    const code = access.signIns.newClaim()
    await expect(claim(old)).rejects.toMatchObject({ code: 'access.bad_code' })
    await claim(code)
    await expect(claim(code, { name: 'eve' })).rejects.toMatchObject({ code: 'access.already_claimed' })
    expect(() => access.signIns.newClaim()).toThrow(/has an owner already/)
  })

  it('is won by one of several who have the link', async () => {
    const code = access.signIns.newClaim()
    const names = ['anna', 'eve', 'mallory']
    const results = await Promise.allSettled(names.map(name => claim(code, { name })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(access.users()).toHaveLength(1)
  })

  it.each([
    [{ password: 'short' }, 'access.weak_password'],
    [{ name: '#' }, 'access.bad_name'],
    [{ name: 'ben' }, 'access.name_taken'],
  ])('with %j is refused and can be tried again', async (over, fault) => {
    await stage.addUser('ben', 'admin')
    const code = access.signIns.newClaim()
    await expect(claim(code, over)).rejects.toMatchObject({ code: fault })
    expect((await claim(code)).principal.role).toBe('owner')
  })

  it('reads a code as people write it', async () => {
    const code = access.signIns.newClaim()
    const written = code
      .toLowerCase()
      .replace(/0/g, 'o')
      .replace(/1/g, 'l')
      .replace(/(.{4})/g, '$1-')
    expect((await claim(` ${written} `)).principal.who).toBe('anna')
  })

  it('ends with a restart, and with an owner made on the command line', async () => {
    const code = access.signIns.newClaim()
    const again = await stage.reopen()
    await expect(again.signIns.claim({ code, name: 'anna', password: PASSWORD }, from(), cause)).rejects.toMatchObject({
      code: 'access.bad_code',
    })
    await stage.addUser('anna')
    await expect(claim(code, { name: 'eve' })).rejects.toMatchObject({ code: 'access.already_claimed' })
  })
})

describe('recovery', () => {
  let recoveryCode: string
  let session: string
  beforeEach(async () => {
    ;({ recoveryCode, secret: session } = await claim(access.signIns.newClaim()))
  })

  it('sets a new password, ends all sessions, and gives the next code', async () => {
    const { secret, recoveryCode: next } = await recover(recoveryCode)
    expect([who(session), who(secret)]).toEqual([undefined, 'anna'])
    await expect(signIn()).rejects.toMatchObject({ code: 'access.bad_credentials' })
    expect((await signIn('anna', 'a new password')).principal.who).toBe('anna')
    await expect(recover(recoveryCode)).rejects.toMatchObject({ code: 'access.bad_credentials' })
    expect((await recover(next.toLowerCase())).recoveryCode).not.toBe(next)
  })

  it('works once, also when it is tried twice at the same moment, and after a restart', async () => {
    const both = await Promise.allSettled([
      recover(recoveryCode, 'first password'),
      recover(recoveryCode, 'second one!'),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { recoveryCode: next } = both.find(each => each.status === 'fulfilled')!.value
    const again = await stage.reopen()
    const third = again.signIns.recover({ name: 'anna', recoveryCode: next, password: 'third password' }, from(), cause)
    expect((await third).principal.who).toBe('anna')
  })

  it('says the same for a wrong code, an unknown user and one without a code', async () => {
    await stage.addUser('ben', 'admin')
    const says = { code: 'access.bad_credentials', message: 'user name or recovery code is wrong' }
    await expect(recover('0'.repeat(26))).rejects.toMatchObject(says)
    await expect(recover(recoveryCode, 'a new password', 'eve')).rejects.toMatchObject(says)
    await expect(recover(recoveryCode, 'a new password', 'ben')).rejects.toMatchObject(says)
    await expect(recover('nobody', 'a new password', 'ben')).rejects.toMatchObject(says)
    expect(who(session)).toBe('anna')
  })

  it('opens nothing for a user who is switched off', async () => {
    await stage.addUser('ben', 'owner' as const)
    await access.setDisabled('anna', true, cause)
    await expect(recover(recoveryCode)).rejects.toMatchObject({ code: 'access.bad_credentials' })
  })
})

describe('a sign-in link', () => {
  beforeEach(() => stage.addUser('anna'))

  it('signs its user in once', async () => {
    const { code, expiresAt } = access.signIns.newLink('anna')
    expect(expiresAt).toBe(stage.clock.now() + 900_000)
    const { secret } = await access.signIns.withLink(code, from())
    expect(who(secret)).toBe('anna')
    await expect(access.signIns.withLink(code, from())).rejects.toMatchObject({ code: 'access.bad_code' })
  })

  it('ends after 15 minutes, with a restart, and with its user', async () => {
    const late = access.signIns.newLink('anna').code
    stage.clock.advance(LINK_TIME)
    await expect(access.signIns.withLink(late, from())).rejects.toMatchObject({ code: 'access.bad_code' })
    const { code } = access.signIns.newLink('anna')
    const again = await stage.reopen()
    await expect(again.signIns.withLink(code, from())).rejects.toMatchObject({ code: 'access.bad_code' })
    await stage.addUser('ben', 'guest')
    const bens = access.signIns.newLink('ben').code
    await access.setDisabled('ben', true, cause)
    await expect(access.signIns.withLink(bens, from())).rejects.toMatchObject({ code: 'access.bad_code' })
    expect(() => access.signIns.newLink('nobody')).toThrow(/no user "nobody"/)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['another password', () => access.resetPassword('anna', 'another horse', cause)],
    ['all sessions', () => access.signIns.endAll(access.users()[0]!.id)],
  ])('ends with %s, and that of others does not', async (_what, end) => {
    await stage.addUser('ben', 'guest')
    const [annas, bens] = ['anna', 'ben'].map(name => access.signIns.newLink(name).code)
    await end()
    await expect(access.signIns.withLink(annas!, from())).rejects.toMatchObject({ code: 'access.bad_code' })
    expect((await access.signIns.withLink(bens!, from())).principal.who).toBe('ben')
  })

  it('is one of a hundred at most', async () => {
    const first = access.signIns.newLink('anna').code
    for (let n = 0; n < 99; n++) access.signIns.newLink('anna')
    expect((await access.signIns.withLink(first, from())).principal.who).toBe('anna')
    const second = access.signIns.newLink('anna').code
    for (let n = 0; n < 100; n++) access.signIns.newLink('anna')
    await expect(access.signIns.withLink(second, from())).rejects.toMatchObject({ code: 'access.bad_code' })
  })
})

describe('guessing', () => {
  const wait = { code: 'access.too_many_tries', facts: { retryAfter: 1 } }
  beforeEach(() => stage.addUser('anna', 'admin'))

  it.each<[string, () => Promise<unknown>]>([
    ['passwords', () => signIn('anna', 'wrong')],
    ['users', () => signIn('nobody', 'wrong')],
    ['recovery codes', () => recover('0'.repeat(26))],
    ['claim codes', () => claim('0'.repeat(26), { name: 'eve' })],
    ['links', () => access.signIns.withLink('0'.repeat(26), from())],
  ])('%s is slowed from the eleventh try on, for all ways in', async (_what, guess) => {
    access.signIns.newClaim()
    const faults = await Promise.allSettled(Array.from({ length: 10 }, guess))
    for (const fault of faults) expect(fault).toMatchObject({ reason: { code: /^access\.bad_/ } })
    await expect(guess()).rejects.toMatchObject(wait)
    await expect(signIn()).rejects.toMatchObject(wait)
    expect((await signIn('anna', PASSWORD, from('192.0.2.2'))).principal.who).toBe('anna')
    stage.clock.advance(1_000)
    expect((await signIn()).principal.who).toBe('anna')
  })

  it('does not count what is refused before it is looked at', async () => {
    const code = access.signIns.newClaim()
    for (let n = 0; n < 30; n++) {
      await expect(claim(code, { name: 'eve', password: 'x' })).rejects.toMatchObject({ code: 'access.weak_password' })
    }
    expect((await claim(code, { name: 'eve' })).principal.who).toBe('eve')
  })
})

describe("the hub's name in its cookies", () => {
  it('is short, its own, and the same after a restart', async () => {
    expect(access.instance()).toMatch(/^[0-9a-hjkmnp-tv-z]{8}$/)
    expect((await stage.reopen()).instance()).toBe(access.instance())
  })
})
