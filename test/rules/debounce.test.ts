import { beforeEach, describe, expect, it } from 'vitest'
import { START, TestHub } from './support/hub.ts'

const RULE = 'on: {topic: knob/+name, debounce: 2s}\ndo: {log: "{{ name }} {{ payload }}"}\n'

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: {} }).boot()
})

describe('`debounce`', () => {
  it('fires once the topic has been quiet, with the last message', async () => {
    await hub.save(RULE)
    for (const level of ['1', '2', '3']) {
      hub.message('knob/left', level)
      hub.pass(1_999)
    }
    expect(hub.logged).toEqual([])
    hub.pass(1)
    expect(hub.logged).toEqual(['left 3'])
    hub.pass(60_000)
    expect(hub.logged).toEqual(['left 3'])
  })

  it('waits for each topic by itself', async () => {
    await hub.save(RULE)
    hub.message('knob/left', '1')
    hub.pass(1_500)
    hub.message('knob/right', '2')
    hub.pass(500)
    expect(hub.logged).toEqual(['left 1'])
    hub.pass(1_500)
    expect(hub.logged).toEqual(['left 1', 'right 2'])
  })

  it('looks at conditions when it fires, at the time it fires', async () => {
    await hub.save('on: {topic: a, debounce: 2s}\nif: time >= 21:00:02\ndo: {log: "{{ payload }}"}\n')
    hub.message('a', 'x')
    hub.pass(2_000)
    expect(hub.logged).toEqual(['x'])
  })

  it('begins with a message that fits, and goes on with none that does not', async () => {
    await hub.save('on: {topic: a, as: number, debounce: 2s}\ndo: {log: "{{ payload }}"}\n')
    hub.message('a', '7')
    hub.pass(1_000)
    hub.message('a', 'seven')
    hub.pass(1_000)
    expect(hub.logged).toEqual(['7'])
  })

  it('does not count its own messages', async () => {
    await hub.save('on: {topic: a, debounce: 2s}\ndo: [{log: heard}, {publish: a, payload: mine}]\n')
    hub.message('a', 'x')
    hub.pass(60_000)
    expect(hub.logged).toEqual(['heard'])
  })

  it('survives kill -9 and ends at its time, once', async () => {
    await hub.save(RULE)
    hub.message('knob/left', '1')
    hub.pass(1_000)
    await hub.kill({ downFor: 500 })
    hub.pass(499)
    expect(hub.logged).toEqual([])
    hub.pass(1)
    expect(hub.logged).toEqual(['left 1'])
    await hub.kill()
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
    expect(hub.disk.runs.size).toBe(0)
  })

  it('whose time passed while the hub was down ends at the start', async () => {
    await hub.save(RULE)
    hub.message('knob/left', '1')
    await hub.kill({ downFor: 3_600_000 })
    hub.pass(0)
    expect(hub.logged).toEqual(['left 1'])
  })

  it('writes a busy topic once a second, and what it writes last is the last message', async () => {
    await hub.save(RULE)
    for (let i = 0; i < 50; i++) {
      hub.message('knob/left', String(i))
      hub.pass(100)
    }
    const puts = () => hub.store.log.filter(({ op }) => op === 'rules.run.put').length
    expect(puts()).toBeLessThanOrEqual(6)
    hub.pass(1_000)
    const [row] = hub.disk.runs.values()
    expect(row).toMatchObject({ dueAt: START + 4_900 + 2_000, continuation: { quiet: { locals: { payload: 49 } } } })
    hub.pass(1_000)
    expect(hub.logged).toEqual(['left 49'])
  })

  it('of less than a second is not written', async () => {
    await hub.save(RULE.replace('2s', '900ms'))
    hub.message('knob/left', '1')
    hub.pass(900)
    expect(hub.logged).toEqual(['left 1'])
    expect(hub.store.log.filter(({ op }) => op === 'rules.run.put' || op === 'rules.run.remove')).toEqual([])
  })

  it.each([
    ['switched off', (text: string) => `${text}enabled: false\n`],
    ['changed', (text: string) => text.replace('log: "', 'log: "new ')],
  ])('is void when its rule is %s', async (_what, change) => {
    await hub.save(RULE)
    hub.message('knob/left', '1')
    await hub.save(change(RULE))
    hub.pass(10_000)
    expect(hub.logged).toEqual([])
    expect(hub.disk.runs.size).toBe(0)
  })

  it('goes on when another rule of the file changes', async () => {
    const text = (word: string) =>
      `rules:\n  one: {on: {topic: a, debounce: 2s}, do: {log: one}}\n  two: {on: {topic: b}, do: {log: ${word}}}\n`
    await hub.save(text('x'))
    hub.message('a', '')
    hub.pass(1_000)
    await hub.save(text('y'))
    await hub.kill()
    hub.pass(1_000)
    expect(hub.logged).toEqual(['one'])
  })

  it('waits for at most 1,000 topics of a rule', async () => {
    await hub.save(RULE)
    for (let i = 0; i < 1_001; i++) hub.house.message(`knob/${i}`, 'x')
    hub.pass(2_000)
    expect(hub.logged).toHaveLength(1_000)
    expect(hub.engine.nearMisses('rule')).toMatchObject([{ reason: 'crowded', count: 1 }])
  })
})
