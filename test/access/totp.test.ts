import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import type { Access } from '../../server/access/index.ts'
import { codeOf, stepOf, toBase32 } from '../../server/access/totp.ts'
import { authenticator } from '../support/authenticator.ts'
import { cause, from, openStage, PASSWORD, type Stage } from './support/stage.ts'

// RFC 6238, appendix B, cut to six digits; the key is RFC 4226's.
const KEY = Buffer.from('12345678901234567890')

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('a code of second %d is %s', (second, code) => {
  expect(codeOf(KEY, Math.floor(second / 30))).toBe(code)
})

it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%j is %j in base 32', (text, wanted) => {
  expect(toBase32(Buffer.from(text))).toBe(wanted)
})

it('takes a code half a minute early or late, no other, and none that was used', () => {
  const now = 30_000 * 1_000
  const fits = (step: number, after = 0) => stepOf(KEY, codeOf(KEY, step), { now, after })
  expect([998, 999, 1_000, 1_001, 1_002].map(step => fits(step))).toEqual([null, 999, 1_000, 1_001, null])
  expect([fits(1_000, 999), fits(1_000, 1_000), fits(1_001, 1_000)]).toEqual([1_000, null, 1_001])
  const spaced = codeOf(KEY, 1_000).replace(/^(...)/, '$1 ')
  expect(stepOf(KEY, spaced, { now, after: 0 })).toBe(1_000)
  for (const code of ['', '28708', `${codeOf(KEY, 1_000)}1`, 'ABCDEF', '☃☃☃☃☃☃'])
    expect(stepOf(KEY, code, { now, after: 0 })).toBeNull()
})

describe('an account with an authenticator app', () => {
  let stage: Stage
  let access: Access
  let user: string
  let app: ReturnType<typeof authenticator>
  let papers: readonly string[]
  const code = (late = 0) => app(stage.clock.now() + late * 30_000)
  const signIn = (given?: string, password = PASSWORD) =>
    access.signIns.withPassword({ name: 'anna', password, ...(given === undefined ? {} : { code: given }) }, from())

  beforeEach(async () => {
    stage = await openStage()
    access = stage.access
    user = (await stage.addUser('anna')).id
    const { signIns } = access
    await expect(signIns.beginSecondFactor(user, 'wrong horse', from())).rejects.toThrow('the password is wrong')
    app = authenticator(await signIns.beginSecondFactor(user, PASSWORD, from()))
    const by = { browser: from(), cause }
    await expect(signIns.confirmSecondFactor(user, '000000', by)).rejects.toMatchObject({ code: 'access.wrong_code' })
    expect(signIns.secondFactor(user)).toBeUndefined()
    papers = await signIns.confirmSecondFactor(user, code(), by)
    stage.clock.advance(30_000)
  })
  afterEach(() => stage.storage.close())

  it('is opened by password and code, not by one of them', async () => {
    await expect(signIn()).rejects.toMatchObject({ code: 'access.code_needed' })
    await expect(signIn('000000')).rejects.toMatchObject({ code: 'access.wrong_code' })
    await expect(signIn(code(), 'wrong horse')).rejects.toMatchObject({ code: 'access.bad_credentials' })
    expect((await signIn(code())).principal.who).toBe('anna')
  })

  it('takes no code twice, also over a restart', async () => {
    const used = code()
    await signIn(used)
    await expect(signIn(used)).rejects.toMatchObject({ code: 'access.wrong_code' })
    access = await stage.reopen()
    await expect(signIn(used)).rejects.toMatchObject({ code: 'access.wrong_code' })
    expect((await signIn(code(1))).principal.who).toBe('anna')
  })

  it('takes each of ten recovery codes once', async () => {
    expect(new Set(papers).size).toBe(10)
    await signIn(papers[3]!.toLowerCase())
    await expect(signIn(papers[3])).rejects.toMatchObject({ code: 'access.wrong_code' })
    expect(access.signIns.secondFactor(user)).toBe(9)
  })

  it('slows who guesses codes', async () => {
    // Two were wrong above.
    for (let i = 0; i < 8; i++) await expect(signIn('000000')).rejects.toMatchObject({ code: 'access.wrong_code' })
    await expect(signIn('000000')).rejects.toMatchObject({ code: 'access.too_many_tries' })
  })

  it('slows who guesses codes from many addresses, by the account', async () => {
    const guess = (n: number) =>
      access.signIns.withPassword({ name: 'anna', password: PASSWORD, code: '000000' }, from(`198.51.100.${n}`))
    for (let n = 0; n < 10; n++) await expect(guess(n)).rejects.toMatchObject({ code: 'access.wrong_code' })
    await expect(guess(10)).rejects.toMatchObject({ code: 'access.too_many_tries' })
    stage.clock.advance(1_000)
    expect((await signIn(code())).principal.who).toBe('anna')
  })

  it('is opened by the password alone when it is taken off', async () => {
    await access.signIns.endSecondFactor(user, PASSWORD, { browser: from(), cause })
    expect((await signIn()).principal.who).toBe('anna')
  })

  it('is opened by the password alone when an administrator took it off', async () => {
    await access.removeSecondFactor('anna', cause)
    expect((await signIn()).principal.who).toBe('anna')
  })

  it('leaves no key and no code in the audit log, and who failed', async () => {
    await expect(signIn('000000')).rejects.toMatchObject({ code: 'access.wrong_code' })
    await expect(
      access.signIns.withPassword({ name: 'secret-typed-here', password: 'x' }, from('192.0.2.7')),
    ).rejects.toMatchObject({ code: 'access.bad_credentials' })
    await signIn(code())
    const told = await access.audit.list({ limit: 5 })
    expect(told.map(({ action, cause: { who }, detail }) => [action, who, detail['address'] ?? null])).toEqual([
      ['sign_in', 'anna', '192.0.2.1'],
      ['sign_in.failed', 'unknown', '192.0.2.7'],
      ['sign_in.failed', 'anna', '192.0.2.1'],
      ['second_factor.put', 'test', null],
      ['sign_in.failed', 'anna', '192.0.2.1'],
    ])
    expect(JSON.stringify(told)).not.toMatch(/secret-typed-here|"000000"|correct horse/)
    expect(await access.audit.check(null)).toMatchObject({ brokenAt: null })
  })
})
