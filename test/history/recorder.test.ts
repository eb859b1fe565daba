import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openHouse, type RecordedHouse } from './support/house.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

let folder: ReturnType<typeof temporaryFolder>
let house: RecordedHouse

beforeEach(async () => {
  folder = temporaryFolder()
  house = await openHouse({ folder: folder.path })
})
afterEach(async () => {
  await house.close()
  expect(house.complaints).toEqual([])
  folder.remove()
})

describe('what is recorded', () => {
  it('is each change with the number of its event, and only changes', async () => {
    const lamp = house.thing('lamp')
    for (const value of [20, 21, 21, 22]) {
      lamp.says(value)
      house.clock.advance(MINUTE)
    }
    expect(await house.course(lamp, {})).toEqual([
      [0, 20],
      [1, 21],
      [3, 22],
    ])
  })

  it('keeps its type: booleans, texts, unknown', async () => {
    const door = house.thing('door', { class: 'door', type: 'bool' })
    const mode = house.thing('mode', { class: 'enum', type: 'enum' })
    for (const [open, text] of [
      [true, 'heat'],
      [false, 'off'],
      [null, null],
    ] as const) {
      door.says(open)
      mode.says(text)
      house.clock.advance(MINUTE)
    }
    expect((await house.course(door, {})).map(([, value]) => value)).toEqual([true, false, null])
    expect((await house.course(mode, {})).map(([, value]) => value)).toEqual(['heat', 'off', null])
  })

  it('of an offline device is a gap until it is there again, with what it said last', async () => {
    const lamp = house.thing('lamp')
    lamp.says(20)
    house.clock.advance(MINUTE)
    lamp.goes(false)
    house.clock.advance(MINUTE)
    lamp.goes(true)
    house.clock.advance(MINUTE)
    lamp.goes(false)
    house.clock.advance(MINUTE)
    lamp.entity.online = null
    lamp.says(21)
    expect(await house.course(lamp, {})).toEqual([
      [0, 20],
      [1, null],
      [2, 20],
      [3, null],
      [4, 21],
    ])
  })

  it('waits in memory for the write budget, and not longer', async () => {
    const lamp = house.thing('lamp')
    lamp.says(20)
    const rows = async () => (await house.storage.history.load()).waiting.bytes
    house.clock.advance(9_000)
    expect(await rows()).toBe(0)
    house.clock.advance(1_000)
    await new Promise(resolve => setImmediate(resolve))
    expect(await rows()).toBeGreaterThan(0)
  })
})

describe('time in which the hub was down', () => {
  it('is a gap from its last sign of life to the first word of the device', async () => {
    let lamp = house.thing('lamp')
    lamp.says(20)
    house.clock.advance(12 * MINUTE)
    house = await house.killed(10 * MINUTE)
    lamp = house.thing('lamp')
    lamp.says(20)
    const course = await house.course(lamp, {})
    // Signs of life come every five minutes.
    expect(course).toEqual([
      [0, 20],
      [10, null],
      [22, 20],
    ])
  })

  it('is a gap from the end when it ended in order', async () => {
    let lamp = house.thing('lamp')
    lamp.says(20)
    house.clock.advance(12 * MINUTE)
    house = await house.restarted(10 * MINUTE)
    lamp = house.thing('lamp')
    lamp.says(20)
    expect((await house.course(lamp, {})).slice(1)).toEqual([
      [12, null],
      [22, 20],
    ])
  })

  it('does not hide what was before when a retained message tells an older time', async () => {
    let lamp = house.thing('lamp')
    const start = house.clock.now()
    lamp.says(20)
    house.clock.advance(10 * MINUTE)
    lamp.says(21)
    house = await house.restarted(10 * MINUTE)
    lamp = house.thing('lamp')
    lamp.says(22, start + 1)
    expect((await house.course(lamp, {})).map(([, value]) => value)).toEqual([20, 21, null, 22])
  })

  it('leaves the last values and the recent course for the restart', async () => {
    const lamp = house.thing('lamp')
    for (let i = 0; i < 200; i++) {
      lamp.says(i)
      if (i === 150) await house.storage.history.roll([])
    }
    lamp.says(20)
    house.thing('door', { class: 'door', type: 'bool' }).says(true)
    house = await house.restarted(MINUTE)
    const { values, points } = await house.storage.devices.load()
    expect(points.map(({ entity, name, numbers }) => [entity, name, numbers.length])).toEqual([
      ['lamp', 'temperature', 120],
    ])
    expect(points[0]!.numbers.slice(-3)).toEqual([198, 199, 20])
    expect(values.map(({ entity, name, value }) => [entity, name, value])).toEqual([
      ['lamp', 'temperature', 20],
      ['door', 'door', true],
    ])
  })
})

describe('a clock that is set', () => {
  it('forward is a gap: nobody recorded meanwhile', async () => {
    const lamp = house.thing('lamp')
    lamp.says(20)
    house.clock.advance(MINUTE)
    lamp.says(21)
    house.clock.jump(HOUR)
    house.clock.advance(MINUTE)
    lamp.says(22)
    expect(await house.course(lamp, {})).toEqual([
      [0, 20],
      [1, 21],
      [1, null],
      [62, 22],
    ])
  })

  it('back for good tells that time anew once it stood for a day, over chunks and statistics', async () => {
    const lamp = house.thing('lamp')
    for (let hour = 0; hour < 60; hour++) {
      lamp.says(hour)
      await house.pass(HOUR)
    }
    house.clock.jump(-50.5 * HOUR)
    lamp.says(999)
    house.clock.advance(DAY)
    house.clock.advance(30 * MINUTE)
    lamp.says(1_000)
    await house.storage.history.roll([])
    const all = await house.course(lamp, { to: house.clock.now() + 40 * HOUR })
    expect(all.map(([, value]) => value).filter(value => value !== null)).toEqual([
      ...Array.from({ length: 34 }, (_, hour) => hour),
      ...[999, 1_000],
    ])
    expect(house.complaints.splice(0)).toHaveLength(1)
  })

  it('to 1970, as without a battery: nothing is recorded until it is right', async () => {
    const lamp = house.thing('lamp')
    lamp.says(20)
    house.clock.advance(MINUTE)
    house.clock.jump(-house.clock.now())
    lamp.says(5)
    house.clock.advance(10 * MINUTE)
    house.clock.jump(Date.UTC(2026, 2, 1, 2) - house.clock.now())
    lamp.says(21)
    expect((await house.course(lamp, {})).map(([, value]) => value)).toEqual([20, null, 21])
  })

  it.each([
    ['back', -8 * DAY],
    ['two years ahead', 730 * DAY],
    ['thirty years ahead', 30 * 365 * DAY],
  ])('far off (%s) and right again costs what came meanwhile, nothing else', async (_name, far) => {
    const long = await openHouse({ folder: null, settings: { retention: { days: 30, classes: {}, entities: {} } } })
    const lamp = long.thing('lamp')
    const ask = { from: long.clock.now(), to: long.clock.now() + 10 * DAY, points: 5_000, resolution: 'hour' as const }
    const counted = async () => {
      const [found] = await long.history.ask(lamp.entity, ask)
      return found!.course.band!.count.reduce((sum, count) => sum + count, 0)
    }
    for (let half = 0; half < 480; half++) {
      lamp.says(half)
      await long.pass(HOUR / 2)
    }
    const { perDay } = await long.history.space()
    expect(await counted()).toBe(480)
    long.clock.jump(far)
    lamp.says(1_000)
    await long.pass(10 * MINUTE)
    long.clock.jump(-far)
    lamp.says(1_001)
    await long.pass(DAY)
    expect(await counted()).toBe(480)
    expect((await long.course(lamp, {})).slice(479)).toEqual([
      [479 * 30, 479],
      [480 * 30, null],
      [480 * 30 + 10, 1_001],
    ])
    expect(perDay).toBeGreaterThan(0)
    expect((await long.history.space()).perDay).toBeGreaterThan(0)
    expect(long.complaints).toEqual([expect.stringContaining('the clock was set far off')])
    await long.close()
  })

  it('ahead for good is believed after a day, and nothing goes before two days more', async () => {
    const lamp = house.thing('lamp')
    for (let day = 0; day < 4; day++) {
      lamp.says(day)
      await house.pass(DAY)
    }
    house.clock.jump(30 * 365 * DAY)
    lamp.says(5)
    const raw = async () => (await house.course(lamp, { resolution: 'raw' })).map(([, value]) => value)
    await house.pass(DAY - HOUR)
    expect(await raw()).toEqual([0, 1, 2, 3])
    await house.pass(DAY + HOUR)
    expect(await raw()).toEqual([0, 1, 2, 3, null, 5])
    lamp.says(6)
    expect(await raw()).toHaveLength(7)
    await house.pass(2 * DAY)
    lamp.says(7)
    expect((await raw()).slice(-2)).toEqual([6, 7])
    expect((await house.history.space()).entities[0]!.changes).toBeLessThan(7)
    expect(house.complaints.splice(0)).toHaveLength(1)
  })

  it('while a change waits to be written does not move the last sign of life', async () => {
    const lamp = house.thing('lamp')
    lamp.says(20)
    await house.pass(2 * HOUR)
    lamp.says(21)
    house.clock.jump(730 * DAY)
    await house.pass(MINUTE)
    expect((await house.storage.history.load()).aliveAt).toBe(Date.UTC(2026, 2, 1, 2, 0, 10))
    house.clock.jump(-730 * DAY)
  })

  it('is forgotten as to days to come that were told of its space', async () => {
    house.thing('lamp').says(20)
    await house.storage.history.roll([], Date.UTC(2036, 2, 1))
    await house.storage.history.roll([])
    expect((await house.storage.history.space()).days.map(({ day }) => day * DAY)).toEqual([Date.UTC(2026, 2, 1)])
  })
})

describe('chunks and statistics', () => {
  it('answer as what waits does', async () => {
    const lamp = house.thing('lamp')
    for (let i = 0; i < 3 * 24 * 12; i++) {
      lamp.says(Math.round(200 + 50 * Math.sin(i / 30)) / 10)
      await house.pass(5 * MINUTE)
    }
    // The house rolled by itself meanwhile.
    const { waiting } = await house.storage.history.load()
    expect(waiting.bytes).toBeLessThan(1_000)
    const raw = await house.course(lamp, {})
    expect(raw.length).toBeGreaterThan(600)
    const hourly = await house.course(lamp, { resolution: 'hour', to: house.clock.now() })
    expect(hourly).toHaveLength(72)
    for (const [minute, mean] of hourly) {
      const within = raw.filter(([at]) => at >= minute && at < minute + 60).map(([, value]) => value as number)
      expect(mean).toBeGreaterThanOrEqual(Math.min(...within) - 1)
      expect(mean).toBeLessThanOrEqual(Math.max(...within) + 1)
    }
  })

  it('stay when changes are too old, and give the space back', async () => {
    const long = await openHouse({
      folder: null,
      settings: { retention: { days: 30, classes: { power: 2 }, entities: { loud: 1 } } },
    })
    const [quiet, power, loud] = [
      long.thing('quiet'),
      long.thing('power', { class: 'power' }),
      long.thing('loud', { class: 'power' }),
    ]
    for (let hour = 0; hour < 24 * 5; hour++) {
      for (const thing of [quiet, power, loud]) thing.says(hour)
      await long.pass(HOUR)
    }
    const changes = async (thing: typeof quiet) => {
      const { entities } = await long.history.space()
      return entities.find(({ entity }) => entity === thing.entity.id)!.changes
    }
    expect(await changes(quiet)).toBeGreaterThan(110)
    expect(await changes(power)).toBeLessThan(60)
    expect(await changes(loud)).toBeLessThan(await changes(power))
    const first = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 2), resolution: 'hour' as const }
    expect(await long.course(loud, first)).toEqual(await long.course(quiet, first))
    await long.close()
  })

  it('of a forgotten device go', async () => {
    const lamp = house.thing('lamp')
    const other = house.thing('other')
    for (const value of [1, 2, 3]) for (const thing of [lamp, other]) thing.says(value)
    await house.storage.history.roll([])
    house.forget('lamp')
    while ((await house.storage.history.load()).series.length > 1) await new Promise(resolve => setImmediate(resolve))
    expect((await house.history.space()).entities.map(({ entity }) => entity)).toEqual(['other'])
  })
})

describe('space', () => {
  it('is shared out among entities, and says when the disk is full', async () => {
    const [loud, quiet] = [house.thing('loud'), house.thing('quiet')]
    for (let i = 0; i < 3 * 24 * 60; i++) {
      loud.says(i % 97)
      if (i % 60 === 0) quiet.says(i)
      await house.pass(MINUTE)
    }
    await house.storage.history.roll([])
    const { used, entities, perDay, fullIn } = await house.history.space()
    expect(entities.map(({ entity }) => entity)).toEqual(['loud', 'quiet'])
    const sum = entities.reduce((bytes, each) => bytes + each.bytes, 0)
    expect(Math.abs(sum - used) / used).toBeLessThan(0.05)
    expect(perDay).toBeGreaterThan(0)
    expect(fullIn).toBeNull()
  })
})

const SUMMER = Date.UTC(2026, 2, 29)

describe('the days of the house', () => {
  it('are 23 and 25 hours long when the clocks change, and compare by the calendar', async () => {
    const lamp = house.thing('lamp')
    house.clock.advance(SUMMER - 9 * DAY - house.clock.now())
    for (let hour = 0; hour < 24 * 10; hour++) {
      lamp.says(hour)
      house.clock.advance(HOUR)
    }
    const days = await house.history.ask(lamp.entity, {
      from: SUMMER - DAY,
      to: SUMMER + DAY,
      points: 10,
      resolution: 'day',
      compare: 'week',
    })
    const { course, compared } = days[0]!
    expect(course.at.map(at => new Date(at).toISOString())).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect(course.band!.count).toEqual([24, 23, 2])
    // The same time by the clock on the wall is an hour later a week before.
    expect(new Date(compared!.to).toISOString()).toBe('2026-03-23T01:00:00.000Z')
    expect(compared!.course.band!.count.slice(0, 2)).toEqual([24, 24])
  })
})
