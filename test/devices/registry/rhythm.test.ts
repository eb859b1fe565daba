import { describe, expect, it } from 'vitest'
import { Rhythm } from '../../../devices/registry/rhythm.ts'
import { createHouse } from '../support/house.ts'
import { power } from './announced.ts'

const MINUTE = 60_000

/** The rhythm after reports with these gaps between them, in milliseconds. */
function rhythmOf(gaps: readonly number[], start = 1_000_000): number | null {
  const rhythm = new Rhythm()
  let at = start
  rhythm.report(at)
  for (const gap of gaps) rhythm.report((at += gap))
  return rhythm.milliseconds
}

const every = (gap: number, count: number): number[] => Array.from({ length: count }, () => gap)

describe('the rhythm of reports', () => {
  it.each([
    ['none before the fourth report', every(5 * MINUTE, 2), null],
    ['the gap itself of regular reports', every(5 * MINUTE, 3), 5 * MINUTE],
    ['the middle one of the first three', [40_000, 5 * MINUTE, 8 * 60 * MINUTE], 5 * MINUTE],
    ['said twice, it is one report', every(5 * MINUTE, 6).flatMap(gap => [200, gap - 200]), 5 * MINUTE],
    ['at least a second', every(100, 100), 1_000],
  ])('is %s', (_what, gaps, expected) => expect(rhythmOf(gaps)).toBe(expected))

  it.each([
    ['a burst of 60 reports in three minutes', every(3_000, 60), 0.9, 1],
    ['a night without power', [8 * 60 * MINUTE], 1, 1.6],
    ['two missed reports', [15 * MINUTE], 1, 1.4],
  ])('of five minutes outlasts %s', (_what, gaps, least, most) => {
    const rhythm = rhythmOf([...every(5 * MINUTE, 20), ...gaps])! / (5 * MINUTE)
    expect(rhythm).toBeGreaterThanOrEqual(least)
    expect(rhythm).toBeLessThanOrEqual(most)
  })

  it.each([
    ['from five minutes to ten seconds within an hour', every(10_000, 360), 5 * MINUTE, 10_000],
    ['from ten seconds to five minutes within an hour', every(5 * MINUTE, 12), 10_000, 5 * MINUTE],
  ])('changes %s', (_what, gaps, before, after) => {
    expect(rhythmOf([...every(before, 20), ...gaps])! / after).toBeCloseTo(1, 0)
  })

  it('begins anew where the clock was set back', () => {
    const rhythm = new Rhythm()
    for (const at of [10, 20, 30, 40].map(n => n * MINUTE)) rhythm.report(at)
    rhythm.report(5 * MINUTE)
    rhythm.report(15 * MINUTE)
    expect(rhythm.milliseconds).toBe(10 * MINUTE)
  })

  describe('of what is no number', () => {
    const OPEN = { ...power, topic: 'homeassistant/binary_sensor/door/config' }
    async function door() {
      const house = await createHouse()
      house.tell(
        OPEN.topic,
        '{"name":"Door","uniq_id":"door","stat_t":"door/state","dev_cla":"door","dev":{"ids":"door"}}',
      )
      await house.adoptAll()
      const value = house.registry.entities()[0]!.values.get('open')!
      return (state: string) => {
        house.clock.advance(10 * MINUTE)
        house.tell('door/state', state)
        return value.every
      }
    }

    it('is none while it is told only when it changes', async () => {
      const tell = await door()
      for (let i = 0; i < 40; i++) expect(tell(i % 2 === 0 ? 'ON' : 'OFF')).toBeNull()
    })

    it('is known once it says the same again and again, and forgotten when it stops', async () => {
      const tell = await door()
      for (let i = 0; i < 3; i++) expect(tell('OFF')).toBeNull()
      tell('OFF')
      expect(tell('OFF')).toBe(10 * MINUTE)
      for (let i = 0; i < 5; i++) tell(i % 2 === 0 ? 'ON' : 'OFF')
      expect(tell('OFF')).toBeNull()
    })
  })

  it('is told of values, whether they changed or not, and counts no replays', async () => {
    const house = await createHouse()
    house.tell(power.topic, power.payload)
    await house.adoptAll()
    const { values } = house.registry.entities()[0]!
    for (let i = 0; i < 4; i++) {
      expect(values.get('power')!.every).toBeNull()
      house.tell('plug/power', '20')
      house.tell(power.topic, power.payload.replace('"Power"', `"Power ${i}"`))
      house.clock.advance(30_000)
    }
    expect(values.get('power')!.every).toBe(30_000)
  })
})
