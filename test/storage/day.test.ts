import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/storage/database.ts'
import { askHistory, pageOfHistory } from '../../server/storage/operations/recorded.ts'
import { DAY, type Scalar, type SeriesAsk } from '../../server/series/index.ts'
import { dayOf, kindOfDevice, writeDays } from './support/year.ts'
import { openHouse, type RecordedHouse, type Thing } from '../history/support/house.ts'

const seed = Number(process.env['HOB_SEED'] ?? 20_261_125)
const START = Date.UTC(2026, 2, 1)
const DEVICES = 10

/** One day written straight into chunks, and the same day as devices tell it. */
describe(`a day of ${DEVICES} devices, written and recorded (seed ${seed})`, () => {
  const written = openDatabase(':memory:', 'history')
  let house: RecordedHouse

  beforeAll(async () => {
    await writeDays(written, { seed, devices: DEVICES, from: START, days: 1 })
    house = await openHouse({ folder: null })
    const things: Thing[] = Array.from({ length: DEVICES }, (_, device) => {
      const name = kindOfDevice(device)
      return house.thing(`device${device}`, { class: name, type: name === 'on' ? 'bool' : 'number' })
    })
    const all = things.flatMap((thing, device) =>
      dayOf({ seed, device, start: START }).map(sample => ({ thing, ...sample })),
    )
    all.sort((a, b) => a.at - b.at)
    let next = 0
    for (const { thing, at, value } of all) {
      house.clock.advance(at - house.clock.now())
      thing.says(value as Scalar)
      // What the hub does by itself, it does between messages.
      if (++next % 500 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await house.pass(DAY + 600_000 - (house.clock.now() - START))
  })
  afterAll(async () => {
    written.raw.close()
    await house.close()
  })

  const HOUR = 3_600_000
  const asks: Record<string, Partial<SeriesAsk>> = {
    'an hour, every change': { from: START + 5 * HOUR, to: START + 6 * HOUR, points: 2_000 },
    'an hour in bands': { from: START + 5 * HOUR, to: START + 6 * HOUR, points: 50 },
    'the day': { points: 2_000 },
    'the day in five minutes': { grain: '5m' },
    'the day in hours': { grain: 'hour' },
  }

  it.each(Object.entries(asks))('answer alike: %s', async (_name, how) => {
    for (let device = 0; device < DEVICES; device++) {
      const kind = kindOfDevice(device) === 'on' ? 'bool' : 'number'
      const now = START + DAY + HOUR
      const ask: SeriesAsk = { kind, from: START, to: START + DAY, now, points: 500, grain: 'auto', ...how }
      const answer = askHistory(written, { series: device + 1, ask })
      expect(answer.at.length).toBeGreaterThan(23)
      const id = (await house.storage.history.load()).series.find(({ entity }) => entity === `device${device}`)!.id
      expect(await house.storage.history.ask(id, ask)).toEqual(answer)
    }
  })

  it('export alike: every change, exactly', async () => {
    const wanted = dayOf({ seed, device: 3, start: START })
    const ask = { from: START, to: START + DAY, limit: 100_000 }
    const { at, value } = pageOfHistory(written, { series: 4, ask })
    expect(at).toEqual(wanted.map(sample => sample.at))
    expect(value).toEqual(wanted.map(sample => sample.value))
    const { series } = await house.storage.history.load()
    const id = series.find(({ entity }) => entity === 'device3')!.id
    expect(await house.storage.history.page(id, ask)).toMatchObject({ at, value })
  })
})
