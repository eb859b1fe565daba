import { beforeEach, describe, expect, it } from 'vitest'
import { createUlids, type Cause } from '#kernel'
import { createEngine, type Engine, type RunInfo } from '#rules'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { createHouse, type House } from './support/house.ts'
import { createDisk, createFakeStore, type Disk, type FakeStore } from './support/store.ts'

const START = Date.UTC(2026, 2, 1, 20)
const THINGS = {
  balcony: { component: 'sensor', values: { temperature: 20 } },
  hall_motion: { component: 'binary_sensor', values: { occupancy: false } },
  hall_lamp: { component: 'light', area: 'hall', values: { on: false, brightness: null } },
  attic: { component: 'sensor', values: { temperature: null } },
}

let clock: TestClock
let house: House
let disk: Disk
let store: FakeStore
let engine: Engine
let runs: RunInfo[]
let newId: () => string
const user: Cause = {
  id: '01KJM7QA000000000000000000',
  parent: null,
  kind: 'user',
  who: 'anna',
  depth: 0,
  byRule: false,
}

async function boot(): Promise<void> {
  house = createHouse({ clock, newId, things: THINGS, onEvent: event => engine.event(event) })
  store = createFakeStore(disk)
  runs = []
  engine = createEngine({
    clock,
    causes: house.causes,
    newId,
    random: length => new Uint8Array(length),
    store,
    world: house.world,
    log: {
      debug() {},
      info: (_facts, text) => void house.effects.push({ effect: { log: text }, cause: user }),
      warn() {},
      error() {},
    },
    paused: false,
    onRun: run => void runs.push(run),
  })
  await engine.open()
}

/** kill -9 and a start: what was not flushed is lost. */
async function kill(downFor = 0): Promise<void> {
  engine.close()
  clock.advance(downFor)
  await boot()
}

beforeEach(async () => {
  clock = createTestClock(START)
  let n = 0
  newId = createUlids(
    () => START,
    length => new Uint8Array(length).fill(n++ % 7),
  )
  disk = createDisk()
  await boot()
})

const save = (text: string, slug = 'rule') => engine.save({ slug, text, ifVersion: null }, user)
const effects = () => house.effects.map(({ effect }) => effect)
const pass = (milliseconds: number) => {
  clock.advance(milliseconds)
  house.settle()
  store.flush()
}

describe('a topic trigger', () => {
  it('fires with captures and typed payloads', async () => {
    await save(
      'on: {topic: tele/+dev/SENSOR, as: json}\ndo:\n  publish: home/{{ dev | lower }}/t\n  payload: {t: "{{ payload.t | round(1) }}", raw: "{{ msg.text }}"}\n',
    )
    house.message('tele/KITCHEN/SENSOR', '{"t":21.44}')
    house.message('tele/KITCHEN/SENSOR', 'no json')
    expect(effects()).toEqual([{ publish: 'home/kitchen/t', payload: '{"t":21.4,"raw":"{\\"t\\":21.44}"}' }])
  })

  it('passes the message on unchanged when there is no payload', async () => {
    await save('on: a/b\ndo: {publish: c/d, retain: true, qos: 1}\n')
    house.message('a/b', 'as it is')
    expect(effects()).toEqual([{ publish: 'c/d', payload: 'as it is', qos: 1, retain: true }])
  })

  it('leaves retained replays alone unless asked', async () => {
    await save('on: {topic: a}\ndo: {log: plain}\n', 'one')
    await save('on: {topic: a, retained: fire}\ndo: {log: asked}\n', 'two')
    house.message('a', 'x', { replayed: true })
    expect(effects()).toEqual([{ log: 'asked' }])
  })

  it('does not hear what its own rule says, and a ring of rules ends', async () => {
    await save('on: {topic: a}\ndo: {publish: a, payload: again}\n', 'self')
    await save('on: {topic: b}\ndo: {publish: c}\n', 'one')
    await save('on: {topic: c}\ndo: {publish: b}\n', 'two')
    house.message('a', 'x')
    house.message('b', 'x')
    expect(effects().filter(effect => 'publish' in effect && effect.publish === 'a')).toHaveLength(1)
    expect(effects().length).toBeLessThan(20)
  })
})

describe('a when trigger', () => {
  it('fires at the change from false to true, and again only after false', async () => {
    await save('on: {when: balcony.temperature < 5}\ndo: {turn_on: hall_lamp, with: {brightness: 60%}}\n')
    for (const temperature of [4, 3, 6, 2]) house.report({ 'balcony.temperature': temperature })
    expect(effects()).toEqual([1, 2].map(() => ({ command: 'turn_on', of: 'hall_lamp', values: { brightness: 60 } })))
  })

  it('does not fire from unknown', async () => {
    await save('on: {when: attic.temperature < 5}\ndo: {log: cold}\n')
    house.report({ 'attic.temperature': 3 })
    expect(effects()).toEqual([])
    house.report({ 'attic.temperature': 8 })
    house.report({ 'attic.temperature': null })
    house.report({ 'attic.temperature': 3 })
    expect(effects()).toEqual([])
    house.report({ 'attic.temperature': 8 })
    house.report({ 'attic.temperature': 3 })
    expect(effects()).toEqual([{ log: 'cold' }])
  })

  it('counts `for`, also over kill -9, and starts anew after a break', async () => {
    await save('on: {when: hall_motion.occupancy, for: 5min}\ndo: {log: long}\n')
    house.report({ 'hall_motion.occupancy': true })
    pass(4 * 60_000)
    house.report({ 'hall_motion.occupancy': false })
    house.report({ 'hall_motion.occupancy': true })
    store.flush()
    expect(disk.deadlines.size).toBe(1)
    pass(5 * 60_000 - 1)
    expect(effects()).toEqual([])
    pass(1)
    expect(effects()).toEqual([{ log: 'long' }])
    expect(disk.deadlines.size).toBe(0)
  })

  it('needs every condition to be known and true', async () => {
    await save(
      'on: {when: hall_motion.occupancy}\nif: [balcony.temperature > 5, attic.temperature > 5]\ndo: {log: both}\n',
    )
    house.report({ 'hall_motion.occupancy': true })
    expect(effects()).toEqual([])
    house.report({ 'attic.temperature': 9, 'hall_motion.occupancy': false })
    house.report({ 'hall_motion.occupancy': true })
    expect(effects()).toEqual([{ log: 'both' }])
  })
})

describe('a wait', () => {
  const TEXT = 'on: {topic: go}\nmode: single\ndo:\n  - log: before\n  - wait: 90s\n  - log: after {{ payload }}\n'

  it('ends at its time, once, also over kill -9', async () => {
    await save(TEXT)
    house.message('go', 'first')
    store.flush()
    pass(30_000)
    await kill(10_000)
    pass(49_999)
    expect(effects()).toEqual([])
    pass(1)
    expect(effects()).toEqual([{ log: 'after first' }])
    await kill()
    pass(600_000)
    expect(effects()).toEqual([])
    expect(disk.runs.size).toBe(0)
  })

  it('whose end passed while the hub was down ends at the start', async () => {
    await save(TEXT)
    house.message('go', 'x')
    store.flush()
    await kill(3_600_000)
    pass(0)
    expect(effects()).toEqual([{ log: 'after x' }])
  })

  it('goes on with the text it began with', async () => {
    await save(TEXT)
    house.message('go', 'x')
    await save(TEXT.replace('after', 'changed'))
    await kill()
    pass(90_000)
    expect(effects()).toEqual([{ log: 'after x' }])
  })

  it('is listed while it waits and has a trace when it ended', async () => {
    await save(TEXT)
    house.message('go', 'x')
    expect(await engine.runs({ slug: 'rule', limit: 10 })).toMatchObject([
      { state: 'waiting', dueAt: START + 90_000, version: 1 },
    ])
    pass(90_000)
    const [run] = await engine.runs({ slug: 'rule', limit: 10 })
    expect(run).toMatchObject({ state: 'done', dueAt: null })
    expect((await engine.run(run!.id))!.trace).toMatchObject([
      { path: 'on[0]' },
      { path: 'do[0]' },
      { path: 'do[1]', wait: 90_000 },
      { path: 'do[2]', log: 'after x' },
    ])
    expect(runs.map(({ state }) => state)).toEqual(['waiting', 'done'])
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
    await save(text(mode))
    for (const payload of ['1', '2', '3']) house.message('go', payload)
    for (let i = 0; i < 4; i++) pass(10_000)
    expect(effects()).toEqual(logged.map(log => ({ log })))
    expect(disk.runs.size).toBe(0)
  })
})

describe('schedules', () => {
  it('fire at local times, and every so often', async () => {
    await save('on: {at: "22:30"}\ndo: {log: night}\n', 'at')
    await save('on: {every: 30min}\ndo: {log: tick}\n', 'every')
    pass(90 * 60_000)
    // 20:00 UTC is 21:00 in Berlin.
    expect(
      effects()
        .map(effect => ('log' in effect ? effect.log : ''))
        .toSorted(),
    ).toEqual(['night', 'tick', 'tick', 'tick'])
  })

  it('make up for a missed moment that is not too old, once', async () => {
    await save('on: {at: "21:05"}\ndo: {log: late}\n')
    store.flush()
    await kill(10 * 60_000)
    store.flush()
    expect(effects()).toEqual([{ log: 'late' }])
    await kill(60_000)
    expect(effects()).toEqual([])
  })

  it('leave out a moment that is older', async () => {
    await save('on: {at: "21:05"}\ndo: {log: late}\n')
    store.flush()
    await kill(20 * 60_000)
    expect(effects()).toEqual([])
  })
})

describe('saving', () => {
  it('refuses a faulty text with all faults and changes nothing', async () => {
    await save('on: {topic: a}\ndo: {log: old}\n')
    await expect(save('on: {when: hall_motin.occupancy}\ndo: {turn_on: hall_lmp}\n')).rejects.toMatchObject({
      code: 'rules.faulty',
      facts: {
        faults: [
          { id: 'unknown-device', line: 1 },
          { id: 'unknown-device', line: 2 },
        ],
      },
    })
    house.message('a', 'x')
    expect(effects()).toEqual([{ log: 'old' }])
  })

  it('refuses a stale version', async () => {
    await engine.save({ slug: 'rule', text: 'on: {topic: a}\ndo: {log: x}\n', ifVersion: 0 }, user)
    await expect(
      engine.save({ slug: 'rule', text: 'on: {topic: a}\ndo: {log: y}\n', ifVersion: 0 }, user),
    ).rejects.toMatchObject({ code: 'rules.stale_version' })
  })

  it('keeps rules that did not change running, and stops removed ones', async () => {
    const rule = (word: string) =>
      `rules:\n  one: {on: {topic: go}, mode: single, do: [{wait: 10s}, {log: one}]}\n  two: {on: {topic: go}, do: {log: ${word}}}\n`
    await save(rule('a'))
    house.message('go', 'x')
    await save(rule('b'))
    house.message('go', 'x')
    pass(10_000)
    expect(effects()).toEqual([{ log: 'a' }, { log: 'b' }, { log: 'one' }])
    await engine.remove({ slug: 'rule', ifVersion: null }, user)
    house.message('go', 'x')
    expect(effects()).toHaveLength(3)
  })

  it('obeys both switches', async () => {
    await save('on: {topic: a}\ndo: {log: x}\n')
    const off = engine.enable('rule', false, user)
    store.flush()
    expect((await off).rules[0]).toMatchObject({ active: false })
    house.message('a', 'x')
    expect(effects()).toEqual([])
  })

  it('rests a rule whose device is gone, and wakes it when it is back', async () => {
    await save('on: {when: balcony.temperature < 5}\ndo: {log: cold}\n')
    house.remove('balcony')
    expect(engine.file('rule')!.rules[0]).toMatchObject({ active: false, problems: [{ id: 'unknown-device' }] })
    house.add('balcony', THINGS.balcony)
    expect(engine.file('rule')!.rules[0]).toMatchObject({ active: true, problems: [] })
    house.report({ 'balcony.temperature': 1 })
    expect(effects()).toEqual([{ log: 'cold' }])
  })
})

describe('restored values', () => {
  it('hold new starts until the device speaks, at most 30 s', async () => {
    house.add('cellar', { component: 'sensor', values: { temperature: 3 }, confirmed: false })
    await save('on: {topic: go}\nif: cellar.temperature < 5\ndo: {log: cold}\n')
    house.message('go', 'x')
    expect(effects()).toEqual([])
    pass(30_000)
    expect(effects()).toEqual([{ log: 'cold' }])
  })
})
