import { beforeEach, describe, expect, it } from 'vitest'
import { TestHub } from './support/hub.ts'
import { restored, THINGS } from './support/hall.ts'

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: THINGS }).boot()
})

describe('retained messages', () => {
  it('start who asked for them: at a start of the hub and when the rule comes, not when the house changes', async () => {
    hub.retained.set('home/mode', 'night')
    await hub.save('on: {topic: home/+x, retained: fire}\ndo: {log: "{{ payload }}"}\n')
    await hub.save('on: {topic: home/+x}\ndo: {log: never}\n', 'other')
    expect(hub.logged).toEqual(['night'])
    hub.house.add('attic', { values: { temperature: 1 } })
    hub.pass(0)
    expect(hub.logged).toEqual(['night'])
    await hub.kill()
    expect(hub.logged).toEqual(['night'])
  })
})

describe('a rule that breaks', () => {
  it('takes no other with it, and leaves a word in the log', async () => {
    for (const slug of ['a', 'c']) await hub.save(`on: x/y\ndo: {log: ${slug}}\n`, slug)
    await hub.save('on: x/y\ndo: [{publish: broken, payload: x}, {log: b}]\n', 'b')
    const { publish } = hub.house.world
    hub.house.world.publish = message => {
      if (message.topic === 'broken') throw new TypeError('a bug')
      publish(message)
    }
    hub.message('x/y', '')
    expect(hub.logged).toEqual(['a', 'c'])
    expect(await hub.newest('b')).toMatchObject({
      state: 'failed',
      trace: { reason: 'a step broke; the log of the hub tells more' },
    })
    expect(hub.warnings[0]).toMatch(/^a step broke .*"rule":"b".*a bug/)
  })
})

describe('restored values', () => {
  const RULE = 'on: {topic: go}\nif: cellar.temperature < 5\ndo: {log: cold}\n'
  const cold = restored({ temperature: 3 })

  it('hold a new start until the device speaks', async () => {
    await hub.save(RULE)
    await hub.kill({ things: cold })
    hub.message('go', '')
    hub.pass(10_000)
    expect(hub.logged).toEqual([])
    hub.report({ 'cellar.temperature': 4 })
    expect(hub.logged).toEqual(['cold'])
  })

  it('hold it for 30 s at most', async () => {
    await hub.save(RULE)
    await hub.kill({ things: cold })
    hub.message('go', '')
    hub.pass(29_999)
    expect(hub.logged).toEqual([])
    hub.pass(1)
    expect(hub.logged).toEqual(['cold'])
  })

  it('are looked at as they are when the device has spoken', async () => {
    await hub.save(RULE)
    await hub.kill({ things: cold })
    hub.message('go', '')
    hub.report({ 'cellar.temperature': 12 })
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
    expect(hub.engine.nearMisses('rule')).toMatchObject([{ reason: 'if' }])
  })

  it('do not hold rules that read others', async () => {
    await hub.save(RULE.replace('cellar.temperature < 5', 'not hall_lamp.on'))
    await hub.kill({ things: cold })
    hub.message('go', '')
    expect(hub.logged).toEqual(['cold'])
  })

  it('hold `start`, which comes once', async () => {
    await hub.save('on: {start: true}\nif: cellar.temperature < 5\ndo: {log: started}\n')
    await hub.kill({ things: cold })
    expect(hub.logged).toEqual([])
    hub.report({ 'cellar.temperature': 4 })
    hub.report({ 'cellar.temperature': 3 })
    hub.pass(60_000)
    expect(hub.logged).toEqual(['started'])
  })

  it('hold 100 starts of one rule, and no start of a rule that was changed', async () => {
    await hub.save(RULE.replace('log: cold', 'log: "{{ payload }}"'))
    await hub.kill({ things: cold })
    for (let i = 0; i < 101; i++) hub.message('go', String(i))
    expect(hub.engine.nearMisses('rule')).toMatchObject([{ reason: 'crowded', count: 1 }])
    await hub.save(RULE)
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
  })
})
