import { describe, expect, it } from 'vitest'
import { nameOf, toCharts, type Told } from '../../web/lib/history/charts.ts'
import { allShown, findShown, MOST_SHOWN, mostTelling, valuesOf } from '../../web/lib/history/shown.ts'
import { toCourse } from '../../web/lib/history/course.ts'
import { Entity } from '../../web/lib/live/entity.svelte.ts'
import { HOUSE } from '../browser/house.ts'

const house = HOUSE.map(json => new Entity(json))
const refsOf = (shown: readonly { ref: string }[]) => shown.map(({ ref }) => ref)

describe('what is shown', () => {
  it('begins with the air of the rooms, power, what opens, lights and motion', () => {
    expect(mostTelling(house).map(nameOf)).toEqual([
      'Living room climate Temperature',
      'Kitchen climate Temperature',
      'Bedroom climate Temperature',
      'Weather',
      'Dishwasher Power',
      'Balcony door',
      'Garden door',
      'Sofa lamp',
      'Island',
      'Motion',
    ])
  })

  it('is never nothing while the house says anything', () => {
    const odd = house.filter(({ deviceClass }) => deviceClass === 'carbon_dioxide')
    expect(mostTelling(odd)).toHaveLength(1)
    expect(mostTelling([])).toEqual([])
  })

  it('is named in addresses, so that it is found again', () => {
    const refs = refsOf(allShown(house))
    expect(new Set(refs).size).toBe(refs.length)
    expect(refs).toContain('sofa_lamp.living_room_sofa_lamp')
    expect(refs).toContain('sofa_lamp.living_room_sofa_lamp.brightness')
    const some = refs.slice(3, 6).toReversed()
    expect(refsOf(findShown(house, ['gone', ...some, some[0]!]))).toEqual(some)
    expect(findShown(house, refs)).toHaveLength(MOST_SHOWN)
  })

  it('of a device is what it is about, and what is about itself when there is nothing else', () => {
    const battery = house.filter(({ deviceClass }) => deviceClass === 'battery')
    const motion = house.filter(({ name }) => name === 'Motion')
    expect(refsOf(valuesOf([...battery, ...motion]))).toEqual(refsOf(allShown(motion)))
    expect(refsOf(valuesOf(battery))).toEqual(refsOf(allShown(battery)))
  })
})

describe('charts', () => {
  const told = (entity: Entity, value: string, more: Partial<Told> = {}): Told => ({
    ...allShown([entity]).find(each => each.value === value)!,
    kind: 'number',
    unit: entity.values[value]!.unit,
    isCounter: false,
    days: 90,
    source: 'raw',
    course: toCourse({ at: [], values: [], width: 0 }),
    before: null,
    ...more,
  })
  const all = (deviceClass: string) => house.filter(each => each.deviceClass === deviceClass)

  it('stand by unit, counters and states apart', () => {
    const { charts, states } = toCharts([
      ...all('temperature').map(each => told(each, 'temperature')),
      ...all('humidity').map(each => told(each, 'humidity')),
      ...all('energy').map(each => told(each, 'energy', { isCounter: true })),
      ...all('door').map(each => told(each, 'open', { kind: 'bool' })),
    ])
    expect(charts.map(({ title, unit, isCounted }) => [title, unit, isCounted])).toEqual([
      ['Temperature', '°C', false],
      ['Humidity', '%', false],
      ['Energy', 'kWh', true],
    ])
    expect(states.map(({ label }) => label)).toEqual(['Balcony door', 'Garden door', 'Front door'])
  })

  it('name lines as shortly as tells them apart', () => {
    const labels = (values: Told[]) => toCharts(values).charts[0]!.lines.map(({ label }) => label)
    expect(labels(all('temperature').map(each => told(each, 'temperature')))).toEqual([
      'Living room',
      'Kitchen',
      'Bedroom',
      'Garden',
    ])
    const lamp = house.find(({ name }) => name === 'Sofa lamp')!
    expect(labels([told(lamp, 'brightness'), ...all('humidity').map(each => told(each, 'humidity'))])).toEqual([
      'Sofa lamp',
      'Living room climate',
      'Kitchen climate',
      'Humidity',
    ])
  })
})
