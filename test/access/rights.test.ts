import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDurableWait } from '#kernel'
import { Rights, type Right } from '../../server/access/index.ts'
import { cause, from, openStage, PASSWORD, type Stage } from './support/stage.ts'

const ALL: readonly Right[] = ['read', 'control', 'edit', 'rules', 'admin']
const lamp = { id: 'LAMP', area: { id: 'HALL' } }
const fan = { id: 'FAN', area: { id: 'ATTIC' } }
const loose = { id: 'METER', area: null }
const held = (rights: Rights, thing: typeof lamp | typeof loose) =>
  ALL.filter(right => rights.may(right, thing)).join(' ')

const hall = (may: 'see' | 'control' | 'edit' | 'manage') => [{ area: 'HALL', may }]

describe('rights', () => {
  it.each([
    ['see', 'read'],
    ['control', 'read control'],
    ['edit', 'read control edit rules'],
    ['manage', 'read control edit rules admin'],
  ] as const)('in the house, to %s: %s, on everything', (action, wanted) => {
    const rights = Rights.inHouse(action)
    expect([lamp, fan, loose].map(thing => held(rights, thing))).toEqual([wanted, wanted, wanted])
    expect(ALL.filter(right => rights.mayInHouse(right)).join(' ')).toBe(wanted)
  })

  it.each([
    ['see', 'read'],
    ['control', 'read control'],
    ['edit', 'read control edit'],
    ['manage', 'read control edit rules admin'],
  ] as const)('in an area, to %s: %s, and nothing elsewhere', (action, wanted) => {
    const rights = Rights.inHouse(null, hall(action))
    expect([lamp, fan, loose].map(thing => held(rights, thing))).toEqual([wanted, '', ''])
    expect(ALL.filter(right => rights.mayInHouse(right))).toEqual([])
    expect([rights.mayIn('read', 'HALL'), rights.mayIn('read', 'ATTIC'), rights.mayIn('read', null)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('in the house and more in an area add up', () => {
    const rights = Rights.inHouse('see', hall('edit'))
    expect([lamp, fan, loose].map(thing => held(rights, thing))).toEqual(['read control edit', 'read', 'read'])
    expect(rights.scopes()).toEqual(['control', 'read'])
  })

  it('are bounded for a token by its scopes and by its areas, never widened', () => {
    const owner = Rights.inHouse('manage')
    expect(held(owner.limited(['control'], null), loose)).toBe('read control')
    expect([lamp, fan, loose].map(thing => held(owner.limited(['admin'], ['HALL']), thing))).toEqual([
      'read control edit rules admin',
      '',
      '',
    ])
    const user = Rights.inHouse(null, hall('control'))
    expect(held(user.limited(['admin'], ['HALL', 'ATTIC']), lamp)).toBe('read control')
    expect(held(user.limited(['admin'], ['HALL', 'ATTIC']), fan)).toBe('')
    expect(held(user.limited([], null), lamp)).toBe('')
  })

  it('of a token hold a scope when some place gives all of it', () => {
    const rights = Rights.inHouse('see', hall('control'))
    expect((['read', 'control', 'rules', 'admin'] as const).map(scope => rights.includesScope(scope))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('a role by area', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.storage.close())

  it('is given to nobody when it goes while the password is hashed', async () => {
    const { slug } = await stage.access.addAreaRole({ name: 'Kids', house: null, areas: [] }, cause)
    const added = stage.access.addUser({ name: 'kid', role: 'user', areaRole: slug, password: PASSWORD }, cause)
    await Promise.all([
      expect(added).rejects.toMatchObject({ code: 'access.unknown_role' }),
      stage.access.removeAreaRole(slug, cause),
    ])
    expect(stage.access.users()).toEqual([])
  })

  it('that is not there lets do nothing', async () => {
    const user = await stage.addUser('anna', 'guest')
    const found = (await stage.storage.access.load()).users[0]!
    const whenDurable = createDurableWait(stage.storage.access)
    await whenDurable(
      stage.storage.access.write({ op: 'access.user.put', user: { ...found, areaRole: 'gone' }, cause }),
    )
    const again = await stage.reopen()
    const { principal } = await again.signIns.withPassword({ name: user.name, password: PASSWORD }, from())
    expect(principal.rights.scopes()).toEqual([])
  })
})
