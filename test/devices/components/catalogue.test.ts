import { describe, expect, it } from 'vitest'
import { isSlug } from '#kernel'
import { components, type ValueSpec } from '../../../devices/index.ts'
import { binarySensorClasses } from '../../../devices/components/binary-sensor-classes.ts'
import { commandsFor } from '../../../devices/components/commands.ts'
import { definitions } from '../../../devices/components/index.ts'
import { classOfUnit, sensorClasses } from '../../../devices/components/sensor-classes.ts'
import { normaliseUnit } from '../../../devices/components/units.ts'
import { sensorKeys } from '../../../devices/dialects/tasmota/sensor-keys.ts'

const catalogue = [...definitions.values()].map(definition => [definition.name, definition] as const)
/** Units that nothing is measured in but that commands are given in. */
const COMMAND_UNITS = ['s', 'K', '%']

describe.each(catalogue)('the component %s', (name, definition) => {
  const values = Object.entries(definition.values)
  const parameters = definition.commands.flatMap(command => Object.entries(command.parameters))

  it('has names that rules can say', () => {
    expect(components.get(name)).toBe(definition)
    for (const word of [name, definition.plural, ...values.map(([value]) => value)]) expect(isSlug(word)).toBe(true)
    for (const command of definition.commands) expect(isSlug(command.name)).toBe(true)
    for (const [parameter] of parameters) expect(isSlug(parameter)).toBe(true)
    expect(definition.plural).not.toBe(name)
  })

  it('has a main value of its own, or none when its values are named by classes', () => {
    if (definition.main === null) expect(definition.commands).toEqual([])
    else expect(Object.keys(definition.values)).toContain(definition.main)
  })

  it.each([...values, ...parameters])('says type, unit and bounds of %s', (_what, spec: ValueSpec) => {
    expect(['bool', 'number', 'text', 'enum', 'list']).toContain(spec.type)
    if (spec.type === 'enum') expect(spec.options!.length).toBeGreaterThan(1)
    if (spec.type !== 'number') expect([spec.unit, spec.min, spec.max]).toEqual([undefined, undefined, undefined])
    if (spec.min !== undefined) expect(spec.min).toBeLessThan(spec.max!)
    if (spec.unit !== undefined) expect(normaliseUnit(spec.unit)).toBe(spec.unit)
  })

  it('lets no number be set without a unit and bounds', () => {
    for (const [, spec] of parameters) {
      if (spec.type !== 'number') continue
      expect(COMMAND_UNITS).toContain(spec.unit)
      expect([typeof spec.min, typeof spec.max]).toEqual(['number', 'number'])
    }
  })

  it('sets values by the types that they have', () => {
    const shared = parameters.filter(([parameter]) => Object.hasOwn(definition.values, parameter))
    expect(shared).toEqual(shared.map(([parameter]) => [parameter, definition.values[parameter]]))
  })

  it('takes each of its commands, knowing nothing yet, and says what to expect in its own values', () => {
    for (const { name: command } of definition.commands) {
      const values = command === 'set' ? { on: true } : {}
      const { verb, expected } = definition.resolve({ command, values }, new Map())
      expect(verb).toMatch(/^turn_(on|off)$/)
      for (const value of Object.keys(expected)) expect(Object.keys(definition.values)).toContain(value)
    }
  })

  it('offers an entity no more than it has, and always its main value', () => {
    const commands = commandsFor(name, {})
    expect(commands.map(command => command.name)).toEqual(definition.commands.map(command => command.name))
    for (const command of commands) {
      for (const parameter of Object.keys(command.parameters)) expect(parameter).toBe(definition.main)
    }
    const settable = Object.fromEntries(values.filter(([value]) => value !== definition.main))
    const named = commandsFor(name, settable).find(command => command.name === 'set')?.parameters ?? {}
    for (const value of Object.keys(settable)) if (definition.commands.length > 0) expect(named).toHaveProperty(value)
  })

  it('can only be read when it has no commands', () => {
    const command = definition.commands[0]?.name ?? 'turn_on'
    const resolve = () => definition.resolve({ command, values: {} }, new Map())
    if (definition.commands.length > 0) expect(resolve).not.toThrow()
    else expect(resolve).toThrow(/can only be read/)
  })
})

describe('classes', () => {
  it.each([...sensorClasses])('of sensors: %s has units in our spelling', (name, { units, type }) => {
    expect(isSlug(name)).toBe(true)
    if (type === 'text') expect(units).toEqual([])
    if (units === 'any') return
    expect(new Set(units).size).toBe(units.length)
    for (const unit of units) expect(normaliseUnit(unit)).toBe(unit)
  })

  it.each(Object.entries(classOfUnit))('the unit %s means %s, which takes it', (unit, name) => {
    expect(sensorClasses.get(name)!.units).toContain(unit)
  })

  it('of binary sensors name values that the component has', () => {
    const { values } = definitions.get('binary_sensor')!
    for (const value of binarySensorClasses.values()) expect(values[value]).toEqual({ type: 'bool' })
  })

  it.each(Object.entries(sensorKeys))('the Tasmota key %s fits its class', (_key, { deviceClass, unit, value }) => {
    if (value !== undefined) expect(isSlug(value)).toBe(true)
    if (deviceClass === null) return
    const { units, type } = sensorClasses.get(deviceClass)!
    expect(type).toBe('number')
    if (unit !== undefined && units !== 'any') expect(units).toContain(unit)
  })
})
