import { describe, expect, it } from 'vitest'
import type { DeviceJson } from '#api'
import { createHouseModel, type HouseModel } from './model/house-model.ts'
import { createDemoClock } from './clock.ts'
import { createHabits } from './habits.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const zone = 'Europe/Berlin'
/** Midnight in Berlin. */
const MIDNIGHT = Date.UTC(2026, 5, 14, 22)
const model = createHouseModel({ seed: 'test', zone })

/** A day of a curve, a minute apart. */
function day<T>(read: (at: number) => T, start = MIDNIGHT): T[] {
  return Array.from({ length: 24 * 60 }, (_, minute) => read(start + minute * MINUTE))
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
const hours = <T>(list: readonly T[], from: number, to: number) => list.slice(from * 60, to * 60)

describe('the model of a house', () => {
  it('follows from its seed', () => {
    const shape = ({ outdoor, isMoving, washingMachine }: HouseModel) =>
      day(at => [outdoor(at), isMoving('hall', at), washingMachine(at)])
    expect(shape(createHouseModel({ seed: 'test', zone }))).toEqual(shape(model))
    expect(shape(createHouseModel({ seed: 'other', zone }))).not.toEqual(shape(model))
  })

  it('is warmer in the afternoon than at night, and in June than in January', () => {
    const june = day(model.outdoor)
    expect(mean(hours(june, 13, 17))).toBeGreaterThan(mean(hours(june, 2, 6)) + 3)
    expect(mean(june)).toBeGreaterThan(mean(day(model.outdoor, Date.UTC(2026, 0, 14, 23))) + 10)
  })

  it('keeps its rooms at what people like, the bedroom coolest', () => {
    for (const room of ['hall', 'living_room', 'kitchen', 'bedroom', 'bathroom'] as const) {
      const curve = day(at => model.temperature(room, at))
      expect(Math.min(...curve)).toBeGreaterThan(15)
      expect(Math.max(...curve)).toBeLessThan(26)
    }
    expect(mean(day(at => model.temperature('bedroom', at)))).toBeLessThan(
      mean(day(at => model.temperature('living_room', at))),
    )
  })

  it('has steam in the bathroom after the showers', () => {
    const moist = day(at => model.humidity('bathroom', at))
    expect(Math.max(...hours(moist, 6, 9))).toBeGreaterThan(mean(hours(moist, 13, 17)) + 12)
    expect(Math.max(...moist)).toBeLessThanOrEqual(98)
  })

  it('is dark at night and bright at noon', () => {
    const light = day(model.daylight)
    expect(Math.max(...hours(light, 0, 3))).toBe(0)
    expect(mean(hours(light, 11, 14))).toBeGreaterThan(5_000)
    expect(Math.min(...light)).toBe(0)
  })

  it('sees movement in bursts, more in the evening than at night', () => {
    const moves = day(at => model.isMoving('living_room', at))
    const share = (list: readonly boolean[]) => list.filter(Boolean).length / list.length
    expect(share(hours(moves, 18, 22))).toBeGreaterThan(0.2)
    expect(share(hours(moves, 0, 5))).toBeLessThan(0.1)
    const changes = moves.filter((moving, i) => i > 0 && moving !== moves[i - 1]).length
    expect(changes).toBeGreaterThan(20)
  })

  it('washes twice a day with one hot phase after the other', () => {
    const watts = day(model.washingMachine)
    const starts = watts.filter((power, i) => power > 10 && (watts[i - 1] ?? 0) < 10).length
    expect(starts).toBe(2)
    expect(Math.max(...watts)).toBeGreaterThan(1_900)
    expect(watts.filter(power => power > 10)).toHaveLength(2 * 95)
  })

  it('opens the front door for a short while, some times a day', () => {
    const open = Array.from({ length: 24 * 360 }, (_, i) => model.isFrontDoorOpen(MIDNIGHT + i * 10_000))
    const openings = open.filter((isOpen, i) => isOpen && open[i - 1] !== true).length
    expect(openings).toBeGreaterThan(3)
    expect(openings).toBeLessThan(30)
    expect(open.filter(Boolean).length * 10).toBeLessThan(openings * 130)
  })

  it('knows what the clock on the wall says when it is put back', () => {
    const night = createHouseModel({ seed: 'test', zone })
    const noon = (at: number) => night.daylight(at)
    // 12:36 in Berlin, the day before and after the clocks go back.
    const clouds = [Date.UTC(2026, 9, 24, 10, 36), Date.UTC(2026, 9, 25, 11, 36)].map(noon)
    expect(Math.min(...clouds)).toBeGreaterThan(3_000)
  })
})

describe('the clock of the demo', () => {
  const START = Date.UTC(2026, 2, 1, 20)

  it('does what falls due in skipped time, in its order and at its time', () => {
    const clock = createDemoClock(START)
    const done: [string, number][] = []
    const note = (what: string) => () => void done.push([what, (clock.now() - START) / MINUTE])
    clock.after(3 * MINUTE, note('later'))
    clock.after(MINUTE, () => {
      note('soon')()
      clock.after(MINUTE, note('then'))
    })
    const cancel = clock.after(2 * MINUTE, note('never'))
    cancel()
    clock.skip(4 * MINUTE)
    expect(done.map(([what]) => what)).toEqual(['soon', 'then', 'later'])
    for (const [i, [, at]] of done.entries()) expect(at).toBeCloseTo(i + 1, 2)
    expect(clock.now()).toBe(START + 4 * MINUTE)
  })

  it('brings what is left so much nearer', async () => {
    const clock = createDemoClock(START)
    const isDone = new Promise(resolve => void clock.after(HOUR, () => resolve('done')))
    clock.skip(HOUR - 1)
    expect(await isDone).toBe('done')
  })

  it('stands until it is told to run', async () => {
    const clock = createDemoClock(START)
    const pause = () => new Promise<void>(resolve => void clock.after(5, resolve))
    await pause()
    expect(clock.now()).toBe(START)
    clock.run()
    await pause()
    expect(clock.now()).toBeGreaterThan(START)
  })
})

describe('the habits of its people', () => {
  const names = ['Bedroom ceiling', 'Bathroom fan', 'Hall lamp', 'Living room lamp', 'Desk strip', 'Bedside lamp']
  const devices = names.map(name => ({ name, entities: [{ id: name }] }) as DeviceJson)

  it('come once a day, whatever the step, and leave everything off at night', () => {
    const habits = createHabits(devices, { zone, from: MIDNIGHT })
    const on = new Map<string, boolean>()
    let count = 0
    for (let now = MIDNIGHT; now < MIDNIGHT + 48 * HOUR; now += 7 * MINUTE)
      for (const { entity, command } of habits.due(now)) {
        on.set(entity, command.command === 'turn_on')
        count++
      }
    expect(count).toBe(30)
    expect([...on.keys()].toSorted()).toEqual(names.toSorted())
    expect([...on.values()]).not.toContain(true)
  })

  it('need their devices', () => {
    const habits = createHabits([], { zone, from: MIDNIGHT })
    expect(() => habits.due(MIDNIGHT + 7 * HOUR)).toThrow('the demo house has no device "Bedroom ceiling"')
  })
})
