import { beforeEach, describe, expect, it } from 'vitest'
import { START, TestHub, USER } from './support/hub.ts'

const THINGS = {
  balcony: { component: 'sensor', values: { temperature: 20 } },
  hall_motion: { component: 'binary_sensor', values: { occupancy: false } },
  hall_lamp: { component: 'light', area: 'hall', values: { on: false, brightness: null } },
  attic: { component: 'sensor', values: { temperature: null } },
}

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: THINGS }).boot()
})

describe('a topic trigger', () => {
  it('fires with captures and typed payloads', async () => {
    await hub.save(
      'on: {topic: tele/+dev/SENSOR, as: json}\ndo:\n  publish: home/{{ dev | lower }}/t\n  payload: {t: "{{ payload.t | round(1) }}", raw: "{{ msg.text }}"}\n',
    )
    hub.message('tele/KITCHEN/SENSOR', '{"t":21.44}')
    hub.message('tele/KITCHEN/SENSOR', 'no json')
    expect(hub.effects).toEqual([{ publish: 'home/kitchen/t', payload: '{"t":21.4,"raw":"{\\"t\\":21.44}"}' }])
  })

  it('passes the message on unchanged when there is no payload', async () => {
    await hub.save('on: a/b\ndo: {publish: c/d, retain: true, qos: 1}\n')
    hub.message('a/b', 'as it is')
    expect(hub.effects).toEqual([{ publish: 'c/d', payload: 'as it is', qos: 1, retain: true }])
  })

  it('leaves retained replays alone unless asked', async () => {
    await hub.save('on: {topic: a}\ndo: {log: plain}\n', 'one')
    await hub.save('on: {topic: a, retained: fire}\ndo: {log: asked}\n', 'two')
    hub.message('a', 'x', { replayed: true })
    expect(hub.effects).toEqual([{ log: 'asked' }])
  })

  it('does not hear what its own rule says, and a ring of rules ends', async () => {
    await hub.save('on: {topic: a}\ndo: {publish: a, payload: again}\n', 'self')
    await hub.save('on: {topic: b}\ndo: {publish: c}\n', 'one')
    await hub.save('on: {topic: c}\ndo: {publish: b}\n', 'two')
    hub.message('a', 'x')
    hub.message('b', 'x')
    expect(hub.effects.filter(effect => 'publish' in effect && effect.publish === 'a')).toHaveLength(1)
    expect(hub.effects.length).toBeLessThan(20)
  })
})

describe('a when trigger', () => {
  it('fires at the change from false to true, and again only after false', async () => {
    await hub.save('on: {when: balcony.temperature < 5}\ndo: {turn_on: hall_lamp, with: {brightness: 60%}}\n')
    for (const temperature of [4, 3, 6, 2]) hub.report({ 'balcony.temperature': temperature })
    expect(hub.effects).toEqual([1, 2].map(() => ({ command: 'turn_on', of: 'hall_lamp', values: { brightness: 60 } })))
  })

  it('does not fire from unknown', async () => {
    await hub.save('on: {when: attic.temperature < 5}\ndo: {log: cold}\n')
    hub.report({ 'attic.temperature': 3 })
    expect(hub.effects).toEqual([])
    hub.report({ 'attic.temperature': 8 })
    hub.report({ 'attic.temperature': null })
    hub.report({ 'attic.temperature': 3 })
    expect(hub.effects).toEqual([])
    hub.report({ 'attic.temperature': 8 })
    hub.report({ 'attic.temperature': 3 })
    expect(hub.effects).toEqual([{ log: 'cold' }])
  })

  it('counts `for`, and starts anew after a break', async () => {
    await hub.save('on: {when: hall_motion.occupancy, for: 5min}\ndo: {log: long}\n')
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(4 * 60_000)
    hub.report({ 'hall_motion.occupancy': false })
    hub.report({ 'hall_motion.occupancy': true })
    expect(hub.disk.deadlines.size).toBe(1)
    hub.pass(5 * 60_000 - 1)
    expect(hub.effects).toEqual([])
    hub.pass(1)
    expect(hub.effects).toEqual([{ log: 'long' }])
    expect(hub.disk.deadlines.size).toBe(0)
  })

  it('needs every condition to be known and true', async () => {
    await hub.save(
      'on: {when: hall_motion.occupancy}\nif: [balcony.temperature > 5, attic.temperature > 5]\ndo: {log: both}\n',
    )
    hub.report({ 'hall_motion.occupancy': true })
    expect(hub.effects).toEqual([])
    hub.report({ 'attic.temperature': 9, 'hall_motion.occupancy': false })
    hub.report({ 'hall_motion.occupancy': true })
    expect(hub.effects).toEqual([{ log: 'both' }])
  })
})

describe('a wait', () => {
  const TEXT = 'on: {topic: go}\nmode: single\ndo:\n  - log: before\n  - wait: 90s\n  - log: after {{ payload }}\n'

  it('ends at its time, once, also over kill -9', async () => {
    await hub.save(TEXT)
    hub.message('go', 'first')
    hub.pass(30_000)
    await hub.kill({ downFor: 10_000 })
    hub.pass(49_999)
    expect(hub.effects).toEqual([])
    hub.pass(1)
    expect(hub.effects).toEqual([{ log: 'after first' }])
    await hub.kill()
    hub.pass(600_000)
    expect(hub.effects).toEqual([])
    expect(hub.disk.runs.size).toBe(0)
  })

  it('whose end passed while the hub was down ends at the start', async () => {
    await hub.save(TEXT)
    hub.message('go', 'x')
    await hub.kill({ downFor: 3_600_000 })
    hub.pass(0)
    expect(hub.effects).toEqual([{ log: 'after x' }])
  })

  it('goes on with the text it began with', async () => {
    await hub.save(TEXT)
    hub.message('go', 'x')
    await hub.save(TEXT.replace('after', 'changed'))
    await hub.kill()
    hub.pass(90_000)
    expect(hub.effects).toEqual([{ log: 'after x' }])
  })

  it('is listed while it waits and has a trace when it ended', async () => {
    await hub.save(TEXT)
    hub.message('go', 'x')
    expect(await hub.engine.runs({ slug: 'rule', limit: 10 })).toMatchObject([
      { state: 'waiting', dueAt: START + 90_000, version: 1 },
    ])
    hub.pass(90_000)
    const [run] = await hub.engine.runs({ slug: 'rule', limit: 10 })
    expect(run).toMatchObject({ state: 'done', dueAt: null })
    expect((await hub.engine.run(run!.id))!.trace).toMatchObject({
      trigger: { path: 'on[0]', kind: 'topic' },
      steps: [
        { path: 'do[0]', did: { text: 'before' } },
        { path: 'do[1]', did: { kind: 'wait', due: START + 90_000, ended: START + 90_000 } },
        { path: 'do[2]', did: { text: 'after x' } },
      ],
    })
    expect(hub.runs.map(({ state }) => state)).toEqual(['running', 'waiting', 'done'])
  })
})

describe('a second trigger during a run', () => {
  const text = (mode: string) => `on: {topic: go}\nmode: ${mode}\ndo:\n  - wait: 10s\n  - log: "{{ payload }}"\n`
  it.each([
    ['single', ['1']],
    ['restart', ['3']],
    ['queue', ['1', '2', '3']],
    ['parallel', ['1', '2', '3']],
  ])('%s', async (mode, logged) => {
    await hub.save(text(mode))
    for (const payload of ['1', '2', '3']) hub.message('go', payload)
    for (let i = 0; i < 4; i++) hub.pass(10_000)
    expect(hub.effects).toEqual(logged.map(log => ({ log })))
    expect(hub.disk.runs.size).toBe(0)
  })
})

describe('schedules', () => {
  it('fire at local times, and every so often', async () => {
    await hub.save('on: {at: "22:30"}\ndo: {log: night}\n', 'at')
    await hub.save('on: {every: 30min}\ndo: {log: tick}\n', 'every')
    hub.pass(90 * 60_000)
    // 20:00 UTC is 21:00 in Berlin.
    expect(hub.effects.map(effect => ('log' in effect ? effect.log : '')).toSorted()).toEqual([
      'night',
      'tick',
      'tick',
      'tick',
    ])
  })

  it('make up for a missed moment that is not too old, once', async () => {
    await hub.save('on: {at: "21:05"}\ndo: {log: late}\n')
    await hub.kill({ downFor: 10 * 60_000 })
    expect(hub.effects).toEqual([{ log: 'late' }])
    await hub.kill({ downFor: 60_000 })
    expect(hub.effects).toEqual([])
  })

  it('leave out a moment that is older', async () => {
    await hub.save('on: {at: "21:05"}\ndo: {log: late}\n')
    await hub.kill({ downFor: 20 * 60_000 })
    expect(hub.effects).toEqual([])
  })
})

describe('saving', () => {
  it('refuses a faulty text with all faults and changes nothing', async () => {
    await hub.save('on: {topic: a}\ndo: {log: old}\n')
    await expect(hub.save('on: {when: hall_motin.occupancy}\ndo: {turn_on: hall_lmp}\n')).rejects.toMatchObject({
      code: 'rules.faulty',
      facts: {
        faults: [
          { id: 'unknown-device', line: 1 },
          { id: 'unknown-device', line: 2 },
        ],
      },
    })
    hub.message('a', 'x')
    expect(hub.effects).toEqual([{ log: 'old' }])
  })

  it('tells what each rule does, and what may stand in its text', async () => {
    const text =
      'on: {when: hall_motion.occupancy}\nmode: restart\ndo: [{turn_on: hall_lamp}, {wait: 5min}, {turn_off: hall_lamp}]\n'
    const { rules } = await hub.save(text)
    expect(rules[0]!.sentence.text).toBe(
      'When hall_motion.occupancy becomes true: turn on hall_lamp, wait 5 min, turn it off; triggered again meanwhile, it begins anew',
    )
    expect(hub.engine.complete('on: {when: hall_m', 17).items).toMatchObject([{ label: 'hall_motion' }])
  })

  it('refuses a stale version', async () => {
    await hub.engine.save({ slug: 'rule', text: 'on: {topic: a}\ndo: {log: x}\n', ifVersion: 0 }, USER)
    await expect(
      hub.engine.save({ slug: 'rule', text: 'on: {topic: a}\ndo: {log: y}\n', ifVersion: 0 }, USER),
    ).rejects.toMatchObject({ code: 'rules.stale_version' })
  })

  it('keeps rules that did not change running, and stops removed ones', async () => {
    const rule = (word: string) =>
      `rules:\n  one: {on: {topic: go}, mode: single, do: [{wait: 10s}, {log: one}]}\n  two: {on: {topic: go}, do: {log: ${word}}}\n`
    await hub.save(rule('a'))
    hub.message('go', 'x')
    await hub.save(rule('b'))
    hub.message('go', 'x')
    hub.pass(10_000)
    expect(hub.effects).toEqual([{ log: 'a' }, { log: 'b' }, { log: 'one' }])
    await hub.engine.remove({ slug: 'rule', ifVersion: null }, USER)
    hub.message('go', 'x')
    expect(hub.effects).toHaveLength(3)
  })

  it('obeys both switches', async () => {
    await hub.save('on: {topic: a}\ndo: {log: x}\n')
    const off = hub.engine.enable('rule', false, USER)
    hub.pass(0)
    expect((await off).rules[0]).toMatchObject({ active: false })
    hub.message('a', 'x')
    expect(hub.effects).toEqual([])
  })

  it('says of each file that it was saved, switched, removed, or that the house touched its rules', async () => {
    await hub.save('on: {when: balcony.temperature < 5}\ndo: {log: cold}\n', 'frost')
    await hub.save('on: {topic: a}\ndo: {log: x}\n', 'other')
    await expect(hub.save('on: {', 'frost')).rejects.toThrow('nothing was changed')
    const off = hub.engine.enable('other', false, USER)
    hub.pass(0)
    await off
    expect(hub.files.splice(0)).toEqual(['frost', 'other', 'other'])
    hub.house.remove('balcony')
    hub.house.add('balcony', THINGS.balcony)
    expect(hub.files.splice(0)).toEqual(['frost', 'frost'])
    await hub.engine.remove({ slug: 'frost', ifVersion: null }, USER)
    expect(hub.files).toEqual(['frost'])
  })

  it('rests a rule whose device is gone, and wakes it when it is back', async () => {
    await hub.save('on: {when: balcony.temperature < 5}\ndo: {log: cold}\n')
    hub.house.remove('balcony')
    expect(hub.engine.file('rule')!.rules[0]).toMatchObject({ active: false, problems: [{ id: 'unknown-device' }] })
    hub.house.add('balcony', THINGS.balcony)
    expect(hub.engine.file('rule')!.rules[0]).toMatchObject({ active: true, problems: [] })
    hub.report({ 'balcony.temperature': 1 })
    expect(hub.effects).toEqual([{ log: 'cold' }])
  })
})

describe('restored values', () => {
  it('hold new starts until the device speaks, at most 30 s', async () => {
    hub.house.add('cellar', { component: 'sensor', values: { temperature: 3 }, confirmed: false })
    await hub.save('on: {topic: go}\nif: cellar.temperature < 5\ndo: {log: cold}\n')
    hub.message('go', 'x')
    expect(hub.effects).toEqual([])
    hub.pass(30_000)
    expect(hub.effects).toEqual([{ log: 'cold' }])
  })
})
