import { beforeEach, describe, expect, it } from 'vitest'
import { START, TestHub, USER } from './support/hub.ts'
import { restored, THINGS } from './support/hall.ts'

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: THINGS }).boot()
})

describe('a run over a restart', () => {
  const rule = (mode: string, more = '') =>
    `on: {topic: go}\nmode: ${mode}\n${more}do:\n  - log: "begin {{ payload }}"\n  - wait: 10s\n  - log: "end {{ payload }}"\n`

  it.each([
    ['single', ['end 1']],
    ['restart', ['end 3']],
    ['parallel', ['end 1', 'end 2', 'end 3']],
  ])('in mode %s', async (mode, logged) => {
    await hub.save(rule(mode))
    for (const payload of ['1', '2', '3']) hub.message('go', payload)
    hub.pass(4_000)
    await hub.kill({ downFor: 1_000 })
    hub.pass(4_999)
    expect(hub.logged).toEqual([])
    hub.pass(1)
    expect(hub.logged).toEqual(logged)
    expect(hub.disk.runs.size).toBe(0)
  })

  it('in mode queue keeps the order, each beginning when the one before has ended', async () => {
    await hub.save(rule('queue'))
    for (const payload of ['1', '2', '3']) hub.message('go', payload)
    await hub.kill({ downFor: 5_000 })
    hub.pass(60_000)
    expect(hub.logged).toEqual(['end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
  })

  it('begins a queued run whose predecessor is gone', async () => {
    await hub.save(rule('queue'))
    for (const payload of ['1', '2']) hub.message('go', payload)
    const [first] = [...hub.disk.runs.keys()].toSorted()
    hub.disk.runs.delete(first!)
    await hub.kill()
    expect(hub.logged).toEqual(['begin 2'])
  })

  it('refuses a new trigger in mode single, as before the restart', async () => {
    await hub.save(rule('single'))
    hub.message('go', '1')
    await hub.kill()
    hub.message('go', '2')
    hub.pass(60_000)
    expect(hub.logged).toEqual(['end 1'])
  })

  it.each([
    ['run', ['end 1'], 'done'],
    ['stop', [], 'stopped'],
  ])('whose wait ended meanwhile, with `late: %s`', async (late, logged, state) => {
    await hub.save(rule('single', `late: ${late}\n`))
    hub.message('go', '1')
    await hub.kill({ downFor: 20_000 })
    hub.pass(0)
    expect(hub.logged).toEqual(logged)
    expect(await hub.newest()).toMatchObject({ state })
    expect(hub.disk.runs.size).toBe(0)
    if (state === 'stopped') expect((await hub.newest()).trace.reason).toContain('`late` is stop')
  })

  it('whose wait had not ended does not heed `late`', async () => {
    await hub.save(rule('single', 'late: stop\n'))
    hub.message('go', '1')
    await hub.kill({ downFor: 9_999 })
    hub.pass(1)
    expect(hub.logged).toEqual(['end 1'])
  })

  it('keeps captures, texts, bytes and what `let` computed', async () => {
    await hub.save(
      'on: home/+room\nmode: queue\nlet: {t: cellar.temperature, at: time, later: now + 1h, span: 5min, day: date, map: payload}\ndo:\n  - wait: 10s\n  - log: "{{ room }} {{ t }} {{ at }} {{ span }} {{ day }} {{ map.$a }} {{ later - now < 1h }}"\n  - publish: out\n',
    )
    hub.message('home/hall', '{"$a":"$x"}')
    await hub.kill({ things: restored({ temperature: 3 }) })
    hub.pass(10_000)
    expect(hub.effects).toEqual([
      { log: 'hall 20 21:00 5min 2026-03-01 $x true' },
      { publish: 'out', payload: '{"$a":"$x"}' },
    ])
  })

  it('keeps a payload that is no text', async () => {
    await hub.save('on: {topic: a, as: binary}\nmode: queue\ndo: [{wait: 10s}, {publish: out}]\n')
    hub.message('a', Uint8Array.of(0, 255, 128, 7))
    await hub.kill()
    hub.pass(10_000)
    expect(hub.effects).toEqual([{ publish: 'out', payload: new TextDecoder().decode(Uint8Array.of(0, 255, 128, 7)) }])
  })

  it('keeps a payload of up to 64 KiB, and does not start with a larger one', async () => {
    await hub.save('on: {topic: a}\nmode: queue\ndo: [{wait: 10s}, {log: done}]\n')
    hub.message('a', 'x'.repeat(65_537))
    expect(hub.engine.nearMisses('rule')).toMatchObject([
      { reason: 'payload', text: '65537 bytes; a rule that waits keeps at most 65536' },
    ])
    hub.message('a', 'x'.repeat(65_536))
    hub.pass(10_000)
    expect(hub.logged).toEqual(['done'])
  })

  it('goes on after two restarts, and tells the last', async () => {
    await hub.save(rule('single'))
    hub.message('go', '1')
    await hub.kill({ downFor: 1_000 })
    await hub.kill({ downFor: 1_000 })
    hub.pass(8_000)
    const { trace } = await hub.newest()
    expect(trace.steps[1]).toMatchObject({ did: { restartedAt: START + 2_000, ended: START + 10_000 } })
  })

  it('does not go on in a safe start, and does after it', async () => {
    await hub.save(rule('single'))
    hub.message('go', '1')
    hub.paused = true
    await hub.kill()
    hub.pass(60_000)
    hub.message('go', '2')
    expect(hub.logged).toEqual([])
    expect(hub.engine.file('rule')!.rules[0]!.openRuns).toMatchObject([{ state: 'waiting' }])
    hub.paused = false
    await hub.kill()
    hub.pass(0)
    expect(hub.logged).toEqual(['end 1'])
  })
})

describe('a run that can wait', () => {
  const RULE = 'on: {topic: go}\nmode: restart\ndo:\n  - turn_on: hall_lamp\n  - wait: 5min\n  - turn_off: hall_lamp\n'

  it('does nothing before its row is on disk', async () => {
    await hub.save(RULE)
    hub.isFast = false
    hub.message('go', '')
    expect(hub.effects).toEqual([])
    expect(hub.engine.file('rule')!.rules[0]!.openRuns).toMatchObject([{ state: 'running' }])
    hub.store.flush()
    expect(hub.effects).toEqual([{ command: 'turn_on', of: 'hall_lamp' }])
  })

  it('that a power cut hits right after its first step does it again, and the last one', async () => {
    await hub.save(RULE)
    hub.isFast = false
    hub.message('go', '')
    hub.store.flush()
    hub.isFast = true
    await hub.kill()
    hub.pass(5 * 60_000)
    expect(hub.effects).toEqual([
      { command: 'turn_on', of: 'hall_lamp' },
      { command: 'turn_off', of: 'hall_lamp' },
    ])
  })

  it('is not begun when another took its place before', async () => {
    await hub.save(RULE)
    hub.isFast = false
    hub.message('go', '1')
    hub.message('go', '2')
    hub.isFast = true
    hub.pass(0)
    expect(hub.effects).toEqual([{ command: 'turn_on', of: 'hall_lamp' }])
  })
})

describe('`for`', () => {
  const RULE = 'on: {when: hall_motion.occupancy, for: 5min}\ndo: {log: long}\n'

  it('goes on over kill -9, and ends at its time, once', async () => {
    await hub.save(RULE)
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(60_000)
    await hub.kill({ downFor: 60_000, things: restored({ occupancy: true }) })
    hub.pass(3 * 60_000 - 1)
    expect(hub.logged).toEqual([])
    hub.pass(1)
    expect(hub.logged).toEqual(['long'])
    await hub.kill({ things: restored({ occupancy: true }) })
    hub.pass(600_000)
    expect(hub.logged).toEqual([])
  })

  it('that ended while the hub was down fires at once, on the restored value', async () => {
    await hub.save(RULE)
    hub.report({ 'hall_motion.occupancy': true })
    await hub.kill({ downFor: 600_000, things: restored({ occupancy: true }) })
    hub.pass(0)
    expect(hub.logged).toEqual(['long'])
  })

  it('goes on when the restored value is older than it', async () => {
    await hub.save(RULE)
    hub.report({ 'hall_motion.occupancy': true })
    await hub.kill({ things: restored({ occupancy: false }) })
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(5 * 60_000)
    expect(hub.logged).toEqual(['long'])
  })

  it('is void when the device says that it is not so', async () => {
    await hub.save(RULE)
    hub.report({ 'hall_motion.occupancy': true })
    await hub.kill({ things: restored({ occupancy: false }) })
    hub.report({ 'hall_motion.occupancy': false })
    hub.pass(600_000)
    expect(hub.logged).toEqual([])
    expect(hub.disk.deadlines.size).toBe(0)
  })

  it('of less than a second is not written', async () => {
    await hub.save(RULE.replace('5min', '500ms'))
    hub.report({ 'hall_motion.occupancy': true })
    expect(hub.disk.deadlines.size).toBe(0)
    hub.pass(500)
    expect(hub.logged).toEqual(['long'])
  })

  it('goes on counting when another rule of its file changes, or a device comes', async () => {
    const text = (word: string) =>
      `rules:\n  one: {on: {when: hall_motion.occupancy, for: 5min}, do: {log: long}}\n  two: {on: {topic: x}, do: {log: ${word}}}\n`
    await hub.save(text('a'))
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(60_000)
    await hub.save(text('b'))
    hub.house.add('attic', { values: { temperature: 1 } })
    hub.pass(4 * 60_000)
    expect(hub.logged).toEqual(['long'])
  })

  it('is void when its rule is switched off or changed', async () => {
    await hub.save(RULE)
    hub.report({ 'hall_motion.occupancy': true })
    await hub.save(RULE.replace('log: long', 'log: other'))
    hub.pass(600_000)
    expect(hub.logged).toEqual([])
    expect(hub.disk.deadlines.size).toBe(0)
  })
})

describe('a rule whose runs wait', () => {
  const RULE = 'on: {topic: go}\nmode: parallel\ndo: [{wait: 10s}, {log: old}]\n'
  const two = (word: string | null) =>
    `rules:\n  one: {on: {topic: x}, do: {log: x}}\n${word === null ? '' : `  two: {on: {topic: go}, mode: single, do: [{wait: 10s}, {log: ${word}}]}\n`}`

  it('that is changed ends them on the old text, also over a restart', async () => {
    await hub.save(RULE)
    hub.message('go', '')
    await hub.save(RULE.replace('old', 'new'))
    hub.message('go', '')
    await hub.kill()
    expect(hub.engine.file('rule')!.rules[0]!.openRuns.map(({ version }) => version)).toEqual([1, 2])
    hub.pass(10_000)
    expect(hub.logged).toEqual(['old', 'new'])
  })

  it.each([
    ['removed with its file', () => hub.engine.remove({ slug: 'rule', ifVersion: null }, USER)],
    ['taken out of its file', () => hub.save(two(null))],
    ['switched off by its author', () => hub.save(two('old').replace('mode: single', 'mode: single, enabled: false'))],
  ])('that is %s ends them at once', async (_what, act) => {
    await hub.save(two('old'))
    hub.message('go', '')
    await act()
    hub.pass(0)
    expect(hub.disk.runs.size).toBe(0)
    expect(hub.runs.at(-1)).toMatchObject({ state: 'cancelled' })
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
    await hub.kill()
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
  })

  it('that is switched off ends them at once, and tells why', async () => {
    await hub.save(RULE)
    hub.message('go', '')
    const off = hub.engine.enable('rule', false, USER)
    hub.pass(0)
    await off
    expect(await hub.newest()).toMatchObject({ state: 'cancelled', trace: { reason: 'the rule was switched off' } })
  })

  it('whose device goes and comes back commands the new one', async () => {
    await hub.save('on: {topic: go}\nmode: single\ndo: [{wait: 10s}, {turn_on: hall_lamp}]\n')
    hub.message('go', '')
    hub.house.remove('hall_lamp')
    hub.house.add('hall_lamp', THINGS.hall_lamp)
    hub.pass(10_000)
    expect(hub.effects).toEqual([{ command: 'turn_on', of: 'hall_lamp' }])
  })

  it('whose device is gone fails, and tells why', async () => {
    await hub.save('on: {topic: go}\nmode: single\ndo: [{wait: 10s}, {turn_on: hall_lamp}, {log: after}]\n')
    hub.message('go', '')
    hub.house.remove('hall_lamp')
    hub.pass(10_000)
    expect(hub.effects).toEqual([])
    expect(await hub.newest()).toMatchObject({
      state: 'failed',
      trace: { reason: 'there is nothing that takes this any more' },
    })
  })

  it('that was lost with its text is dropped, with a word in the log', async () => {
    await hub.save(RULE)
    hub.message('go', '')
    hub.disk.current.clear()
    await hub.kill()
    hub.pass(60_000)
    expect(hub.logged).toEqual([])
    expect(hub.disk.runs.size).toBe(0)
    expect(hub.warnings).toEqual(['the rule of a waiting run is gone; the run is dropped'])
  })
})
