import { beforeEach, describe, expect, it } from 'vitest'
import { START, TestHub } from './support/hub.ts'

const THINGS = {
  hall_motion: { component: 'binary_sensor', values: { occupancy: false } },
  hall_lux: { component: 'sensor', values: { illuminance: 41 } },
  hall_lamp: { component: 'light', values: { on: false } },
  attic: { component: 'sensor', values: { temperature: null } },
}

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: THINGS }).boot()
})

const misses = (rule = 'rule') => hub.engine.nearMisses(rule)

describe('a near miss', () => {
  it('tells the condition that did not hold, with its values and their age', async () => {
    await hub.save('on: {when: hall_motion.occupancy}\nif: [hall_lux.illuminance < 40]\ndo: {turn_on: hall_lamp}\n')
    hub.report({ 'hall_motion.occupancy': true })
    expect(misses()).toMatchObject([
      {
        at: START,
        trigger: 'on[0]',
        reason: 'if',
        text: 'hall_lux.illuminance < 40 was false',
        condition: {
          path: 'if[0]',
          holds: false,
          parts: [{ sides: [{ text: 'hall_lux.illuminance', value: 41 }, { value: 40 }] }],
          values: [{ name: 'hall_lux.illuminance', value: 41, age: 60_000 }],
        },
        message: null,
      },
    ])
  })

  it('tells the value that nobody knows', async () => {
    await hub.save('on: a/b\nif: attic.temperature < 5\ndo: {log: x}\n')
    hub.message('a/b', 'hello')
    expect(misses()).toMatchObject([
      {
        reason: 'unknown',
        text: 'attic.temperature < 5 was unknown',
        condition: { values: [{ name: 'attic.temperature', value: null }] },
        message: { topic: 'a/b', payload: 'hello', client: 'client' },
      },
    ])
  })

  it('tells what a payload that is wanted otherwise has', async () => {
    await hub.save(
      'on:\n  - {topic: json, as: json}\n  - {topic: number, as: number}\n  - {topic: bool, as: bool}\n  - {topic: text, as: text}\ndo: {log: x}\n',
    )
    for (const [topic, payload] of [
      ['json', '{"a": 1, b: 2}'],
      ['number', 'warm'],
      ['bool', 'maybe'],
      ['text', Uint8Array.of(255)],
    ] as const)
      hub.message(topic, payload)
    expect(misses().map(({ trigger, reason, text }) => `${trigger} ${reason} ${text}`)).toEqual([
      'on[3] payload not text: the payload is no UTF-8',
      'on[2] payload neither true nor false',
      'on[1] payload not a number',
      'on[0] payload not JSON: byte 10',
    ])
  })

  it.each<[string, string, string, () => void]>([
    [
      'a retained message',
      'on: {topic: a/b}\ndo: {log: x}\n',
      'retained',
      () => hub.message('a/b', '', { replayed: true }),
    ],
    [
      'an unchanged payload',
      'on: {topic: a/b, changed: true}\ndo: {log: x}\n',
      'unchanged',
      () => [1, 1].forEach(each => hub.message('a/b', String(each))),
    ],
    [
      'an open run',
      'on: a/b\nmode: single\ndo: [{wait: 1h}]\n',
      'busy',
      () => [1, 2].forEach(each => hub.message('a/b', String(each))),
    ],
    [
      'as many runs as may be',
      'on: a/b\nmode: parallel\nmax: 2\ndo: [{wait: 1h}]\n',
      'full',
      () => [1, 2, 3].forEach(each => hub.message('a/b', String(each))),
    ],
    [
      'a queue that is full',
      'on: a/b\nmode: queue\nmax: 2\ndo: [{wait: 1h}]\n',
      'full',
      () => [1, 2, 3, 4].forEach(each => hub.message('a/b', String(each))),
    ],
    ['its own message', 'on: {topic: a}\ndo: {publish: a, payload: x}\n', 'own', () => hub.message('a', '')],
    [
      'what it did itself',
      'on: [{topic: a}, {when: hall_lamp.on}]\ndo: {turn_on: hall_lamp}\n',
      'own',
      () => {
        hub.house.obeys = true
        hub.message('a', '')
      },
    ],
  ])('is %s', async (_what, text, reason, act) => {
    await hub.save(text)
    act()
    expect(misses()).toMatchObject([{ reason, count: 1 }])
  })

  it('is none where a name stands on two levels that differ', async () => {
    await hub.save('on: home/+x/+x\ndo: {log: x}\n')
    hub.message('home/a/b', '')
    hub.message('home/a/a', '')
    expect(hub.logged).toEqual(['x'])
    expect(misses()).toEqual([])
  })

  it('is counted when it is the same again, and looked at once a second', async () => {
    await hub.save('on: a/b\nif: hall_lux.illuminance < 40\ndo: {log: x}\n')
    for (let i = 0; i < 50; i++) hub.message('a/b', String(i))
    expect(misses()).toMatchObject([{ count: 50, at: START, lastAt: START, message: { payload: '0' } }])
    hub.pass(1_000)
    hub.message('a/b', 'later')
    expect(misses()).toMatchObject([{ count: 51, lastAt: START + 1_000, message: { payload: 'later' } }])
  })

  it('is kept 20 times, the newest first', async () => {
    await hub.save('on:\n  - {topic: a, as: number}\n  - {topic: b, as: number}\ndo: {log: x}\n')
    for (let i = 0; i < 15; i++) for (const topic of ['a', 'b']) hub.message(topic, `${topic}${i}`)
    expect(misses()).toHaveLength(20)
    expect(misses()[0]).toMatchObject({ message: { payload: 'b14' } })
    expect(misses()[19]).toMatchObject({ message: { payload: 'a5' } })
  })

  it('is asked for by the id of a rule', async () => {
    await hub.save('rules:\n  one: {on: a/b, if: hall_lamp.on, do: {log: x}}\n')
    hub.message('a/b', '')
    expect(misses('rule/one')).toHaveLength(1)
    expect(() => misses('rule/two')).toThrow('there is no rule "rule/two"')
  })
})

describe('rules that start each other', () => {
  it('without a device between them end after 16 causes', async () => {
    await hub.save('on: {topic: b}\ndo: {publish: c}\n', 'one')
    await hub.save('on: {topic: c}\ndo: {publish: b}\n', 'two')
    hub.message('b', 'x')
    expect(hub.effects).toHaveLength(16)
    expect(hub.warnings).toEqual(['a chain of rules that start each other was cut'])
    expect(misses('one')).toMatchObject([{ reason: 'chain' }])
  })

  it('through a device end as well', async () => {
    hub.house.obeys = true
    await hub.save('on: {when: hall_lamp.on}\ndo: {turn_off: hall_lamp}\n', 'off')
    await hub.save('on: {when: not hall_lamp.on}\ndo: {turn_on: hall_lamp}\n', 'on')
    hub.report({ 'hall_lamp.on': true })
    expect(hub.effects.length).toBeLessThan(20)
    expect(hub.warnings).toHaveLength(1)
  })

  it('too often make the rule rest: a minute, then two, up to an hour', async () => {
    await hub.save(
      'on: {topic: go}\ndo: [{publish: work/1}, {publish: work/2}, {publish: work/3}, {publish: work/4}]\n',
      'boss',
    )
    await hub.save('on: work/+n\ndo: {log: x}\n', 'worker')
    const rush = () => Array.from({ length: 10 }, () => hub.message('go', ''))
    const restsUntil = () => hub.engine.file('worker')!.rules[0]!.pausedUntil
    rush()
    expect(hub.logged).toHaveLength(30)
    expect(restsUntil()).toBe(START + 60_000)
    expect(misses('worker')).toMatchObject([{ reason: 'limit', count: 10 }])
    hub.pass(59_999)
    rush()
    expect(hub.logged).toHaveLength(30)
    hub.pass(1)
    rush()
    expect(hub.logged).toHaveLength(60)
    expect(restsUntil()).toBe(START + 180_000)
    for (let i = 0; i < 8; i++) {
      hub.pass(restsUntil()! - hub.clock.now())
      rush()
    }
    expect(restsUntil()! - hub.clock.now()).toBe(3_600_000)
    expect(hub.warnings).toHaveLength(10)
    hub.pass(2 * 3_600_000)
    rush()
    expect(restsUntil()! - hub.clock.now()).toBe(60_000)
  })

  it('are not counted when clients start them', async () => {
    await hub.save('on: a/b\ndo: {log: x}\n')
    for (let i = 0; i < 100; i++) hub.message('a/b', '')
    expect(hub.logged).toHaveLength(100)
  })
})
