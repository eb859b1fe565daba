import { describe, expect, it } from 'vitest'
import { TestHub } from './support/hub.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const at = (text: string) => Date.parse(text)
const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' })

async function hubAt(text: string): Promise<TestHub> {
  return new TestHub({ things: {}, start: at(text) }).boot()
}

/** When a rule logged, by the clock on the wall in Berlin. */
async function moments(hub: TestHub, how: { step: number; until: number }): Promise<string[]> {
  const seen: string[] = []
  let before = hub.logged.length
  while (hub.clock.now() < how.until) {
    hub.pass(how.step)
    for (; before < hub.logged.length; before++) seen.push(local.format(hub.clock.now()))
  }
  return seen
}

describe('the night of the clock change', () => {
  it('in spring takes a time that is left out at the first instant after it', async () => {
    const hub = await hubAt('2026-03-28T12:00Z')
    await hub.save('on: {at: 02:30}\ndo: {log: x}\n')
    expect(await moments(hub, { step: MINUTE, until: at('2026-03-30T12:00Z') })).toEqual([
      '29/03/2026, 03:00',
      '30/03/2026, 02:30',
    ])
  })

  it('in autumn takes a time that comes twice once, the first time', async () => {
    const hub = await hubAt('2026-10-24T12:00Z')
    await hub.save('on: {at: 02:30}\ndo: {log: "{{ now }}"}\n')
    await moments(hub, { step: MINUTE, until: at('2026-10-26T12:00Z') })
    expect(hub.logged).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'])
  })

  it.each([
    ['2026-03-28T22:00Z', 25 * 4],
    ['2026-10-24T22:00Z', 25 * 4],
  ])('keeps the rhythm of `every` (%s)', async (start, count) => {
    const hub = await hubAt(start)
    await hub.save('on: {every: 15min}\ndo: {log: x}\n')
    hub.pass(25 * HOUR)
    expect(hub.logged).toHaveLength(count)
  })

  it('does not touch a wait', async () => {
    const hub = await hubAt('2026-03-28T23:30Z')
    await hub.save('on: {topic: a}\nmode: single\ndo: [{wait: 3h}, {log: "{{ now }}"}]\n')
    hub.message('a', '')
    hub.pass(3 * HOUR)
    expect(hub.logged).toEqual(['2026-03-29T02:30:00.000Z'])
  })
})

describe('a clock that is set', () => {
  const AT = 'on: {at: "22:30"}\ncatch_up: 10min\ndo: {log: x}\n'

  it('forward over a moment makes up for it, like a start', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save(AT)
    hub.clock.jump(35 * MINUTE)
    hub.pass(MINUTE)
    expect(hub.logged).toEqual(['x'])
    hub.pass(HOUR)
    expect(hub.logged).toEqual(['x'])
  })

  it('forward over a moment longer ago than `catch_up` leaves it out, and tells so', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save(AT)
    hub.clock.jump(50 * MINUTE)
    hub.pass(MINUTE)
    expect(hub.logged).toEqual([])
    expect(hub.engine.nearMisses('rule')).toMatchObject([
      { reason: 'missed', text: 'a moment was missed 21min ago, which is longer than `catch_up`' },
    ])
    hub.pass(DAY)
    expect(hub.logged).toEqual(['x'])
  })

  it('forward by less than a minute is no downtime', async () => {
    const hub = await hubAt('2026-03-01T21:29:30Z')
    await hub.save(AT.replace('10min', 'skip'))
    hub.clock.jump(50_000)
    hub.pass(MINUTE)
    expect(hub.logged).toEqual(['x'])
  })

  it('back by an hour repeats nothing', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save(AT)
    hub.pass(40 * MINUTE)
    expect(hub.logged).toEqual(['x'])
    hub.clock.jump(-HOUR)
    hub.pass(2 * HOUR)
    expect(hub.logged).toEqual(['x'])
    hub.pass(DAY)
    expect(hub.logged).toEqual(['x', 'x'])
  })

  it('back by a day repeats nothing', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save(AT)
    hub.pass(HOUR)
    hub.clock.jump(-DAY)
    hub.pass(DAY)
    expect(hub.logged).toEqual(['x'])
    hub.pass(DAY)
    expect(hub.logged).toEqual(['x', 'x'])
  })

  it('ten years forward and back does not stop the schedule', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save(AT.replace('10min', 'always'))
    hub.clock.jump(3_650 * DAY)
    hub.pass(2 * MINUTE)
    expect(hub.logged).toEqual(['x'])
    hub.clock.jump(-3_650 * DAY)
    hub.pass(DAY)
    expect(hub.logged).toEqual(['x', 'x'])
  })

  it('back does not lengthen a wait, a `for` or a `debounce`; forward ends them', async () => {
    const hub = await new TestHub({
      things: { hall_motion: { component: 'binary_sensor', values: { occupancy: false } } },
    }).boot()
    await hub.save(
      'rules:\n  wait: {on: {topic: a}, mode: single, do: [{wait: 10min}, {log: waited}]}\n  for: {on: {when: hall_motion.occupancy, for: 10min}, do: {log: held}}\n  quiet: {on: {topic: a, debounce: 10min}, do: {log: quiet}}\n',
    )
    hub.message('a', '')
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(5 * MINUTE)
    hub.clock.jump(-5 * HOUR)
    hub.pass(5 * MINUTE)
    expect(hub.logged.toSorted()).toEqual(['held', 'quiet', 'waited'])
    hub.message('a', '')
    hub.clock.jump(5 * HOUR)
    hub.pass(MINUTE)
    expect(hub.logged.toSorted()).toEqual(['held', 'quiet', 'quiet', 'waited', 'waited'])
  })

  it('does not make `every` catch up', async () => {
    const hub = await hubAt('2026-03-01T21:00Z')
    await hub.save('on: {every: 5min}\ndo: {log: x}\n')
    hub.clock.jump(3 * HOUR)
    hub.pass(5 * MINUTE)
    expect(hub.logged.length).toBeLessThanOrEqual(2)
  })
})

describe('a moment that was missed', () => {
  it.each([
    ['10min', 9, ['x']],
    ['10min', 11, []],
    ['skip', 1, []],
    ['always', 20 * 60, ['x']],
  ])('with `catch_up: %s`, %i minutes later', async (catchUp, late, logged) => {
    const hub = await hubAt('2026-03-01T20:00Z')
    await hub.save(`on: {at: "21:05"}\ncatch_up: ${catchUp}\ndo: {log: x}\n`)
    hub.pass(MINUTE)
    await hub.kill({ downFor: 4 * MINUTE + late * MINUTE })
    expect(hub.logged).toEqual(logged)
    await hub.kill({ downFor: MINUTE })
    expect(hub.logged).toEqual([])
  })

  it('is made up for once, the last of several', async () => {
    const hub = await hubAt('2026-03-01T20:00Z')
    await hub.save('on: {at: ["21:05", "21:06", "21:07"]}\ndo: {log: "{{ trigger.planned }}"}\n')
    await hub.kill({ downFor: 10 * MINUTE })
    expect(hub.logged).toEqual([String(at('2026-03-01T20:07Z'))])
  })

  it('of a rule that was switched off or not yet there is not made up for', async () => {
    const hub = await hubAt('2026-03-01T20:06Z')
    await hub.save('on: {at: "21:05"}\ndo: {log: x}\n')
    hub.pass(MINUTE)
    expect(hub.logged).toEqual([])
  })

  it('meets an open run of before the restart', async () => {
    const hub = await hubAt('2026-03-01T20:00Z')
    await hub.save('on: [{at: "21:05"}, {topic: a}]\nmode: single\ndo: [{log: begin}, {wait: 1h}]\n')
    hub.message('a', '')
    await hub.kill({ downFor: 10 * MINUTE })
    expect(hub.logged).toEqual([])
    expect(hub.engine.nearMisses('rule')).toMatchObject([{ reason: 'busy', trigger: 'on[0]' }])
  })
})

describe('the zone of the house', () => {
  it('moves schedules, and makes up for nothing', async () => {
    const hub = await hubAt('2026-03-01T20:00Z')
    await hub.save('on: {at: "21:30"}\ndo: {log: x}\n')
    // 21:00 in Berlin, 22:00 in Helsinki: its 21:30 is past.
    hub.house.setHouse({ zone: 'Europe/Helsinki' })
    hub.pass(HOUR)
    expect(hub.logged).toEqual([])
    expect(hub.engine.file('rule')!.rules[0]!.nextAt).toBe(at('2026-03-02T19:30Z'))
  })
})
