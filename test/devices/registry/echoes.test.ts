import { beforeEach, describe, expect, it } from 'vitest'
import type { Cause } from '#kernel'
import type { Entity, Scalar } from '../../../devices/index.ts'
import { createHouse, type House } from '../support/house.ts'

let house: House
let lamp: Entity

const LAMP = {
  ...{ unique_id: 'lamp', name: null, schema: 'json', state_topic: 'lamp/state', command_topic: 'lamp/set' },
  ...{ brightness: true, brightness_scale: 100, supported_color_modes: ['brightness'] },
  device: { identifiers: ['lamp'], name: 'Lamp' },
}

beforeEach(async () => {
  house = await createHouse()
  house.tell('homeassistant/light/lamp/config', JSON.stringify(LAMP))
  await house.adoptAll()
  lamp = house.registry.entities()[0]!
})

const tell = (on: boolean, brightness: number) =>
  house.tell('lamp/state', JSON.stringify({ state: on ? 'ON' : 'OFF', brightness }))
const ask = (who: string, command: string, values: Record<string, Scalar> = {}) => {
  const cause: Cause = { id: who, parent: null, kind: 'user', who, depth: 0, byRule: false }
  house.registry.command(lamp.id, { command, values }, cause)
}
/** Who is behind each value; `-` is the lamp itself. */
const behind = () =>
  ['on', 'brightness'].map(name => {
    const { kind, who } = lamp.values.get(name)!.changedBy!
    return kind === 'user' ? who : '-'
  })

describe('an answer', () => {
  it.each<[string, [boolean, number], [string, Record<string, Scalar>], [boolean, number], string[]]>([
    ['what was asked', [false, 10], ['turn_on', { brightness: 40 }], [true, 40], ['anna', 'anna']],
    ['nearly that', [false, 10], ['turn_on', { brightness: 40 }], [true, 38], ['anna', 'anna']],
    ['what it brings along', [false, 10], ['turn_on', {}], [true, 60], ['anna', 'anna']],
    ['the first half of it', [false, 10], ['turn_on', { brightness: 40 }], [true, 10], ['anna', '-']],
    ['a step on the way', [true, 10], ['turn_on', { brightness: 40 }], [true, 25], ['-', 'anna']],
    ['a step the other way', [true, 10], ['turn_on', { brightness: 40 }], [true, 5], ['-', '-']],
    ['a step too far', [true, 10], ['turn_on', { brightness: 40 }], [true, 60], ['-', '-']],
    ['half of it right, half wrong', [false, 10], ['turn_on', { brightness: 40 }], [true, 90], ['-', '-']],
    ['the opposite', [true, 10], ['turn_on', { brightness: 40 }], [false, 10], ['-', '-']],
    ['something else', [true, 10], ['turn_off', {}], [true, 60], ['-', '-']],
  ])('%s', (_name, before, [command, values], report, causes) => {
    tell(...before)
    ask('anna', command, values)
    tell(...report)
    expect(behind()).toEqual(causes)
  })

  it('is known until the command would have expired, also when another replaced it', () => {
    tell(false, 10)
    ask('anna', 'turn_on', { brightness: 90 })
    ask('ben', 'turn_off')
    house.clock.advance(9_999)
    tell(true, 90)
    expect(behind()).toEqual(['anna', 'anna'])
    tell(false, 10)
    ask('anna', 'turn_on', { brightness: 90 })
    ask('ben', 'turn_off')
    house.clock.advance(10_000)
    tell(true, 90)
    expect(behind()).toEqual(['-', '-'])
  })

  it('is not what a hand does again, when it was so before it was asked', () => {
    tell(true, 10)
    ask('anna', 'turn_on')
    tell(false, 10)
    house.clock.advance(3_000)
    tell(true, 10)
    expect(behind()).toEqual(['-', '-'])
  })

  it('is known by the rest of what was asked, when a hand was at a part of it', () => {
    tell(true, 10)
    ask('anna', 'turn_on', { brightness: 40 })
    tell(false, 10)
    tell(true, 40)
    expect(behind()).toEqual(['anna', 'anna'])
  })

  it('comes after that of a command before, which is no hand', () => {
    tell(true, 10)
    ask('ben', 'turn_off')
    ask('anna', 'turn_on')
    tell(false, 10)
    tell(true, 10)
    expect(behind()).toEqual(['anna', '-'])
  })

  it('is taken once: what comes back later is a hand', () => {
    tell(false, 10)
    ask('anna', 'turn_on')
    ask('ben', 'turn_off')
    tell(true, 10)
    tell(false, 10)
    tell(true, 10)
    expect(behind()).toEqual(['-', '-'])
  })

  it.each([
    [16, 'anna'],
    [17, '-'],
  ])('is known of 16 commands that ended: after %i others of %s', (others, who) => {
    tell(true, 1)
    ask('anna', 'turn_on', { brightness: 90 })
    for (let n = 0; n < others; n++) ask('ben', 'turn_on', { brightness: 5 + n * 4 })
    tell(true, 90)
    expect(behind()[1]).toBe(who)
  })
})
