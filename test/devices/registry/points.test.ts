import { describe, expect, it } from 'vitest'
import { PointRing } from '../../../devices/registry/points.ts'
import { createHouse } from '../support/house.ts'
import { cause, power } from './announced.ts'

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)

describe('a ring of points', () => {
  it.each([0, 1, 7, 8, 9, 16, 17, 119, 120])('holds all of %i points, oldest first', count => {
    const ring = new PointRing()
    for (const n of numbers(count)) ring.add(1_000 * n, n)
    expect(ring.toPoints()).toEqual(numbers(count).map(n => ({ at: 1_000 * n, value: n })))
  })

  it.each([121, 240, 1_000])('holds the last 120 of %i', count => {
    const ring = new PointRing()
    for (const n of numbers(count)) ring.add(n, -n)
    expect(ring.toPoints().map(({ at }) => at)).toEqual(numbers(120, count - 120))
    expect(ring.toPoints().at(-1)).toEqual({ at: count - 1, value: 1 - count })
  })
})

describe('recent points', () => {
  /** A device of 500 sensors, each on a topic of its own. */
  function announcementOf(device: string): string {
    const part = (n: number) => [n, { p: 'sensor', name: `S${n}`, stat_t: `${device}/${n}`, unit_of_meas: 'W' }]
    const cmps = Object.fromEntries(Array.from({ length: 500 }, (_, n) => part(n))) as object
    return JSON.stringify({ dev: { ids: device, name: device }, cmps })
  }

  it('are the numbers of an adopted device, equal ones too, without texts, gaps and replays', async () => {
    const house = await createHouse()
    house.tell(power.topic, power.payload)
    house.tell('plug/power', '1')
    await house.adoptAll()
    const { id } = house.registry.entities()[0]!
    const start = house.clock.now()
    for (const text of ['20', '20', 'None', 'broken', '21.5']) {
      house.clock.advance(1_000)
      house.tell('plug/power', text)
    }
    // The same description again reads the last message once more.
    house.tell(power.topic, power.payload.replace('"Power"', '"Watts"'))
    expect(house.registry.recentPoints(id, 'power')).toEqual([
      { at: start + 1_000, value: 20 },
      { at: start + 2_000, value: 20 },
      { at: start + 5_000, value: 21.5 },
    ])
    expect(house.registry.recentPoints(id, 'energy')).toEqual([])
    expect(house.registry.recentPoints('nobody', 'power')).toEqual([])
  })

  it('go on after a restart from what was recorded', async () => {
    const before = await createHouse()
    before.tell(power.topic, power.payload)
    await before.adoptAll()
    const { id } = before.registry.entities()[0]!
    const points = [
      { entity: id, name: 'power', at: [1, 2], numbers: [30, 31] },
      { entity: 'gone', name: 'power', at: [1], numbers: [9] },
      { entity: id, name: 'energy', at: [1], numbers: [9] },
    ]
    const house = await createHouse({ stored: { ...before.stored(), points } })
    house.tell('plug/power', '32')
    expect(house.registry.recentPoints(id, 'power').map(({ value }) => value)).toEqual([30, 31, 32])
  })

  it('are kept of 5,000 values, and make room when a device is forgotten', async () => {
    const house = await createHouse()
    const devices = Array.from({ length: 11 }, (_, i) => `dev_${i}`)
    for (const device of devices) house.tell(`homeassistant/device/${device}/config`, announcementOf(device))
    await house.adoptAll()
    for (const device of devices) for (let n = 0; n < 500; n++) house.tell(`${device}/${n}`, '5')
    const kept = () =>
      house.registry.entities().filter(({ id }) => house.registry.recentPoints(id, 'value').length > 0).length
    expect(house.registry.entities()).toHaveLength(5_500)
    expect(kept()).toBe(5_000)
    await house.registry.forget('dev_0', cause)
    for (const device of devices) for (let n = 0; n < 500; n++) house.tell(`${device}/${n}`, '6')
    expect(kept()).toBe(5_000)
  })
})
