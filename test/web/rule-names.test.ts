import { describe, expect, it } from 'vitest'
import { isNamed, namesIn, thingName, valueName } from '../../web/lib/state/rule-names.ts'

const device = { id: 'd', slug: 'climate', name: 'Climate' }
const value = { value: 1, unit: '', at: null, changedAt: null, confirmed: true, every: null }
const named = (
  slug: string,
  names: string[],
  category: 'diagnostic' | null = null,
  of = device,
  commands: string[] = [],
) => ({
  device: of,
  facts: { slug, category, commands: commands.map(name => ({ name, values: {} })) },
  values: Object.fromEntries(names.map(name => [name, value])),
})

const warmth = named('climate_air', ['temperature'])
const chip = named('climate_chip', ['temperature'], 'diagnostic')
const signal = named('climate_signal', ['signal_strength'], 'diagnostic')
const lamp = named('lamp', ['on', 'brightness'], null, { id: 'l', slug: 'lamp', name: 'Lamp' })
const plug = { id: 'p', slug: 'plug', name: 'Plug' }
const relay = named('plug_relay', ['on'], null, plug, ['turn_on'])
const reset = named('plug_reset', [], 'diagnostic', plug, ['press'])
const power = named('plug_power', ['power'], null, plug)
const all = [relay, reset, power, warmth, chip, signal, lamp]

describe('names in rules', () => {
  it('are as short as they mean one thing; what people use goes first', () => {
    expect(valueName(warmth, 'temperature', all)).toBe('climate.temperature')
    expect(valueName(chip, 'temperature', all)).toBe('climate.chip.temperature')
    expect(valueName(signal, 'signal_strength', all)).toBe('climate.signal_strength')
    expect(valueName(lamp, 'on', all)).toBe('lamp.on')
    expect(thingName(lamp, all)).toBe('lamp')
    expect(thingName(warmth, all)).toBe('climate.air')
    expect(thingName(relay, all)).toBe('plug')
    expect(thingName(power, all)).toBe('plug.power')
    expect(thingName(relay, [...all, { ...relay, facts: { ...relay.facts, slug: 'plug_other' } }])).toBe('plug.relay')
  })

  it('are found in a text whole, by value or by thing', () => {
    const names = namesIn('on: { when: climate.temperature > 3 }\ndo: { turn_on: lamp }')
    const told = (entity: (typeof all)[number], of: string) => isNamed(entity, of, { names, all })
    expect(told(warmth, 'temperature')).toBe(true)
    expect(told(chip, 'temperature')).toBe(false)
    expect(told(lamp, 'brightness')).toBe(true)
    expect(told(signal, 'signal_strength')).toBe(false)
  })
})
