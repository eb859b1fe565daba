import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Access } from '../../server/access/index.ts'
import { cause, from, openStage, type Stage } from './support/stage.ts'

const HOUR = 3_600_000

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

/** A pass that works from an hour from now, for an hour. */
const add = (over: object = {}) => {
  const now = stage.clock.now()
  const window = { from: now + HOUR, until: now + 2 * HOUR }
  return access.addPass({ name: 'Sitter', entities: ['LAMP'], may: 'control', ...window, ...over }, cause)
}
const enter = (secret: string) => access.signIns.withPass(secret, from())
const rightsOf = (secret: string) => access.signIns.bySecret(secret, '192.0.2.1')?.principal.rights

describe('a guest pass', () => {
  it('lets in within its window, to its entities alone', async () => {
    const { secret } = await add()
    await expect(enter(secret)).rejects.toMatchObject({ code: 'access.pass_not_yet' })
    stage.clock.advance(HOUR)
    const { secret: session, principal, expiresAt } = await enter(secret)
    expect(expiresAt).toBe(stage.clock.now() + HOUR)
    expect(principal).toMatchObject({ kind: 'pass', user: null, role: 'guest' })
    const rights = rightsOf(session)!
    const lamp = { id: 'LAMP', area: { id: 'HALL' } }
    expect([rights.may('read', lamp), rights.may('control', lamp), rights.may('edit', lamp)]).toEqual([
      true,
      true,
      false,
    ])
    expect(rights.may('read', { id: 'FAN', area: { id: 'HALL' } })).toBe(false)
    expect([rights.mayIn('read', 'HALL'), rights.mayInHouse('read')]).toEqual([false, false])
  })

  it('that may see does not control', async () => {
    const { secret } = await add({ from: 0, may: 'see' })
    const rights = rightsOf((await enter(secret)).secret)!
    const lamp = { id: 'LAMP', area: null }
    expect([rights.may('read', lamp), rights.may('control', lamp)]).toEqual([true, false])
  })

  it('ends what it let in to the moment, over a restart as well', async () => {
    const { secret } = await add({ from: 0 })
    const { secret: session, principal } = await enter(secret)
    stage.clock.advance(2 * HOUR - 1)
    expect([rightsOf(session) !== undefined, ended]).toEqual([true, []])
    const again = await stage.reopen()
    expect(again.signIns.bySecret(session, '192.0.2.1')).toBeDefined()
    stage.clock.advance(1)
    expect(ended).toEqual([principal.grant])
    expect([access, again].map(each => each.signIns.bySecret(session, '192.0.2.1'))).toEqual([undefined, undefined])
    await expect(enter(secret)).rejects.toMatchObject({ code: 'access.bad_code' })
  })

  it('is taken back with all that it let in, and no other', async () => {
    const [one, other] = [await add({ from: 0 }), await add({ from: 0 })]
    const sessions = [await enter(one.secret), await enter(one.secret), await enter(other.secret)]
    await access.removePass(one.pass.id, cause)
    expect(ended.toSorted()).toEqual([sessions[0]!.principal.grant, sessions[1]!.principal.grant].toSorted())
    expect(sessions.map(({ secret }) => rightsOf(secret) !== undefined)).toEqual([false, false, true])
    await expect(access.removePass(one.pass.id, cause)).rejects.toMatchObject({ code: 'access.unknown_pass' })
  })

  it('is known by its secret, which is nowhere stored and slowed when guessed', async () => {
    const { secret } = await add({ from: 0 })
    expect(secret).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(JSON.stringify([await stage.storage.access.load(), access.passes()])).not.toContain(secret)
    for (let n = 0; n < 10; n++) await expect(enter(`guess ${n}`)).rejects.toMatchObject({ code: 'access.bad_code' })
    await expect(enter(secret)).rejects.toMatchObject({ code: 'access.too_many_tries' })
  })

  it('begins twenty sessions an hour, and the others leave nothing in the audit log', async () => {
    const [{ secret }, other] = [await add({ from: 0, until: stage.clock.now() + 9 * HOUR }), await add({ from: 0 })]
    for (let n = 0; n < 20; n++) {
      await enter(secret)
      stage.clock.advance(1_000)
    }
    const query = { limit: 50 }
    const noted = await access.audit.list(query)
    expect(noted.filter(({ action }) => action === 'sign_in')).toHaveLength(20)
    const full = { code: 'access.too_many_tries', facts: { retryAfter: 3_580 } }
    for (let n = 0; n < 20; n++) await expect(enter(secret)).rejects.toMatchObject(full)
    expect(await access.audit.list(query)).toEqual(noted)
    await enter(other.secret)
    stage.clock.advance(3_580_000)
    await enter(secret)
    await expect(enter(secret)).rejects.toMatchObject({ facts: { retryAfter: 1 } })
  })

  it('has a window that ends after it begins, later than now', async () => {
    const now = stage.clock.now()
    for (const window of [
      { from: now + HOUR, until: now + HOUR },
      { from: 0, until: now },
    ])
      await expect(add(window)).rejects.toMatchObject({ code: 'access.bad_window' })
  })

  it('is one of a hundred; one that is over makes room', async () => {
    for (let n = 0; n < 99; n++) await add()
    await add({ until: stage.clock.now() + 3 * HOUR })
    await expect(add()).rejects.toMatchObject({ code: 'access.too_many_passes' })
    stage.clock.advance(2 * HOUR)
    await add()
    expect(access.passes()).toHaveLength(100)
  })
})
