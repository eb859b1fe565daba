import { describe, expect, it } from 'vitest'
import type { KnownEntry } from '../../server/access/index.ts'
import { createCauses, createUlids } from '#kernel'
import { openDatabase } from '../../server/storage/database.ts'
import { AUDIT_STEP, checkAudit, createAudit, findAudit, MAX_AUDIT } from '../../server/storage/operations/audit.ts'

function openLog() {
  const database = openDatabase(':memory:', 'hub')
  const audit = createAudit(database)
  const causes = createCauses(
    createUlids(
      () => 1_000,
      length => new Uint8Array(length),
    ),
  )
  const fill = database.raw.transaction((count: number) => {
    for (let i = 0; i < count; i++)
      audit.add({
        cause: causes.root('user', i % 2 === 0 ? 'anna' : 'ben'),
        action: 'sign_in',
        object: 'U',
        detail: { i },
      })
  })
  return {
    ...database,
    fill,
    check: (known: KnownEntry | null = null) => checkAudit(database, known),
    find: findAudit.bind(null, database),
  }
}

describe('the audit log', () => {
  it('is whole as long as nobody touches it, from the empty one on', () => {
    const log = openLog()
    expect(log.check()).toEqual({ entries: 0, last: null, brokenAt: null })
    log.fill(12)
    expect(log.check()).toMatchObject({ entries: 12, last: { seq: 12 }, brokenAt: null })
  })

  it.each([
    ['another detail', "update audit set detail = '{}' where seq = 5", 5],
    ['another person', `update audit set cause = replace(cause, 'anna', 'eve') where seq = 7`, 7],
    ['another time', 'update audit set at = 0 where seq = 1', 1],
    ['an entry that is gone', 'delete from audit where seq = 6', 6],
    ['an end that is gone', 'delete from audit where seq > 10', 11],
    ['all gone', 'delete from audit', 1],
    ['an entry with another number', 'update audit set seq = case seq when 3 then -3 else seq end', 3],
  ])('tells %s', (_what, statement, brokenAt) => {
    const log = openLog()
    log.fill(12)
    log.raw.exec(statement)
    expect(log.check()).toMatchObject({ entries: 12, brokenAt })
  })

  it('that was written anew, whole, does not hold what somebody wrote down', () => {
    const log = openLog()
    log.fill(12)
    const { last: known } = log.check()
    expect(log.check(known)).toMatchObject({ brokenAt: null })
    log.fill(3)
    expect(log.check(known)).toMatchObject({ entries: 15, brokenAt: null })
    const anew = openLog()
    anew.fill(1)
    anew.fill(14)
    expect(anew.check()).toMatchObject({ entries: 15, brokenAt: null })
    expect(anew.check(known)).toMatchObject({ brokenAt: 12 })
    expect(openLog().check(known)).toMatchObject({ entries: 0, brokenAt: 1 })
  })

  it('lets go of the oldest, and the chain stays whole', () => {
    const log = openLog()
    log.fill(MAX_AUDIT + AUDIT_STEP + 10)
    expect(log.check()).toMatchObject({ entries: MAX_AUDIT + 10, brokenAt: null })
    log.raw.exec(`update audit set action = 'x' where seq = ${AUDIT_STEP + 1}`)
    expect(log.check().brokenAt).toBe(AUDIT_STEP + 1)
  })

  it('is told by page, action and person', () => {
    const log = openLog()
    log.fill(9)
    const seqs = (query: Partial<Parameters<typeof log.find>[0]>) =>
      log.find({ limit: 3, ...query }).map(({ seq }) => seq)
    expect(seqs({})).toEqual([9, 8, 7])
    expect(seqs({ before: 7 })).toEqual([6, 5, 4])
    expect(seqs({ who: 'ben' })).toEqual([8, 6, 4])
    expect(seqs({ action: 'sign_' })).toEqual([9, 8, 7])
    expect(seqs({ action: 'sign_out' })).toEqual([])
    expect(seqs({ action: '%' })).toEqual([9, 8, 7])
  })
})
