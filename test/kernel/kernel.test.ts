import { describe, expect, it } from 'vitest'
import {
  createCauses,
  createDurableWait,
  createUlids,
  HobError,
  isHobError,
  isSlug,
  parseJson,
  payloadText,
  toPayload,
  toSlug,
  uniqueSlug,
} from '#kernel'
import { createTestClock } from '../support/clock.ts'

describe('ids', () => {
  it('grow and never repeat within a millisecond, nor when the clock goes back', () => {
    let now = 1_000
    const next = createUlids(
      () => now,
      length => new Uint8Array(length).fill(31),
    )
    const ids = Array.from({ length: 2_000 }, next)
    now = 500
    ids.push(next())
    now = 2_000
    ids.push(next())
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  it('begin with the time, as ulid/spec has it', () => {
    const next = createUlids(
      () => 1_469_918_176_385,
      length => new Uint8Array(length),
    )
    expect(next().slice(0, 10)).toBe('01ARYZ6S41')
  })
})

describe('slugs', () => {
  it.each([
    ['Hall lamp', 'hall_lamp'],
    ['Küche 1', 'kueche_1'],
    ['  Señor--Ñ  ', 'senor_n'],
    ['1st floor', 'device_1st_floor'],
    ['日本', 'device'],
    ['Straße', 'strasse'],
    ['x'.repeat(300), 'x'.repeat(48)],
  ])('%j becomes %s', (name, slug) => {
    expect(toSlug(name, 'device')).toBe(slug)
    expect(isSlug(slug)).toBe(true)
  })

  it('get a number when taken', () => {
    const taken = new Set(['lamp', 'lamp_2'])
    expect(uniqueSlug('lamp', slug => taken.has(slug))).toBe('lamp_3')
    expect(uniqueSlug('plug', slug => taken.has(slug))).toBe('plug')
  })

  it.each(['', 'A', '1a', 'a-b', 'a.b', '_a', 'a'.repeat(65)])('%j is none', text => expect(isSlug(text)).toBe(false))
})

describe('causes', () => {
  it('chain, and remember that a rule stands in the chain', () => {
    let n = 0
    const causes = createCauses(() => `id${++n}`)
    const root = causes.root('device', 'plug')
    const rule = causes.child(root, 'rule', 'porch')
    const after = causes.child(rule, 'device', 'lamp')
    expect(root).toMatchObject({ parent: null, depth: 0, byRule: false })
    expect(rule).toMatchObject({ parent: root.id, depth: 1, byRule: true, from: root })
    expect(after).toMatchObject({ parent: rule.id, depth: 2, byRule: true, kind: 'device', who: 'lamp' })
  })
})

describe('parseJson', () => {
  it.each([
    ['{"a":[1,"x",null]}', { a: [1, 'x', null] }],
    ['"text"', 'text'],
    ['', undefined],
    ['{', undefined],
    ['['.repeat(33) + ']'.repeat(33), undefined],
    [`"${'['.repeat(100)}"`, '['.repeat(100)],
  ])('%j', (text, value) => expect(parseJson(text)).toEqual(value))

  it('drops keys that reach a prototype', () => {
    const value = parseJson('{"__proto__":{"x":1},"constructor":1,"ok":{"prototype":2,"y":3}}')
    expect(value).toEqual({ ok: { y: 3 } })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('payloads', () => {
  it('are text when they are well-formed UTF-8, else binary', () => {
    expect(payloadText(toPayload('21.4 °C'))).toBe('21.4 °C')
    expect(payloadText(Uint8Array.of(0xff, 0xfe))).toBeUndefined()
    expect(payloadText(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined()
  })
})

describe('HobError', () => {
  it('is told by its code', () => {
    const error = new HobError('area.fault', 'what happened', { pointer: '/x' })
    expect(isHobError(error)).toBe(true)
    expect(isHobError(error, 'area.fault')).toBe(true)
    expect(isHobError(error, 'area.other')).toBe(false)
    expect(isHobError(new Error('x'))).toBe(false)
    expect(error.facts).toEqual({ pointer: '/x' })
  })
})

describe('waiting for a batch', () => {
  it('resolves in order, and at once for what is durable already', async () => {
    const listeners: ((batch: number) => void)[] = []
    const commits = { durable: 0, onDurable: (listener: (batch: number) => void) => void listeners.push(listener) }
    const wait = createDurableWait(commits)
    const done: number[] = []
    const both = Promise.all([wait(1).then(() => done.push(1)), wait(2).then(() => done.push(2))])
    commits.durable = 1
    for (const listener of listeners) listener(1)
    await wait(1)
    expect(done).toEqual([1])
    for (const listener of listeners) listener(2)
    await both
    expect(done).toEqual([1, 2])
  })
})

describe('the test clock', () => {
  it('runs timers in order of due time and lets them be cancelled', () => {
    const clock = createTestClock(0)
    const ran: string[] = []
    clock.after(20, () => ran.push('late'))
    clock.after(10, () => clock.after(5, () => ran.push('nested')))
    const cancel = clock.after(1, () => ran.push('never'))
    cancel()
    clock.advance(19)
    expect(ran).toEqual(['nested'])
    clock.jump(3_600_000)
    clock.advance(1)
    expect(ran).toEqual(['nested', 'late'])
    expect(clock.now()).toBe(3_600_020)
    expect(clock.pending).toBe(0)
  })
})
