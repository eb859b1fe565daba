import { binarySensorClasses } from '../../components/binary-sensor-classes.ts'
import { commandsFor } from '../../components/commands.ts'
import { on } from '../../components/on-off.ts'
import { PLAIN_VALUE } from '../../components/sensor.ts'
import { fittingClass, sensorClasses } from '../../components/sensor-classes.ts'
import { normaliseUnit } from '../../components/units.ts'
import type { ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Reading } from '../dialect.ts'
import { numberOf } from '../fields.ts'
import { entityOf, type Config, type EntityKey, type Render } from './config.ts'

// Sensor, binary sensor and switch (Home Assistant MQTT discovery 2026.1).

function sensorSpec(config: Config, deviceClass: string | null): ValueSpec {
  const options = config.texts('options')
  if (options.length > 0) return { type: 'enum', options }
  const unit = config.text('unit_of_measurement')
  const isNumber =
    (deviceClass !== null && sensorClasses.get(deviceClass)?.type === 'number') ||
    (unit !== null && unit !== '') ||
    config.text('state_class') !== null
  if (!isNumber) return { type: 'text' }
  return unit === null || unit === '' ? { type: 'number' } : { type: 'number', unit: normaliseUnit(unit) }
}

/** A text that a sensor reports, as its spec wants it; undefined when it does not fit. */
function sensorValue(text: string, { type, options }: ValueSpec): number | string | null | undefined {
  if (text === 'None' || text === 'unknown' || text === 'unavailable') return null
  // Sketches print a reading that failed as `nan`.
  if (type === 'number') return /^-?nan$/i.test(text) ? null : (numberOf(text) ?? undefined)
  return type === 'enum' && !options!.includes(text) ? undefined : text
}

export function sensor(config: Config, who: EntityKey): EntityDescription {
  const filter = config.needed('state_topic', config.filter('state_topic'))
  const unit = config.text('unit_of_measurement')
  const deviceClass = fittingClass(
    config.text('device_class'),
    unit === null || unit === '' ? undefined : normaliseUnit(unit),
  )
  const spec = sensorSpec(config, deviceClass)
  const name = deviceClass ?? PLAIN_VALUE
  const render = config.render('value_template')
  const reading: Reading = {
    filter,
    decode(message, context) {
      const text = render(message, context)
      if (text === null || text === '') return null
      const value = sensorValue(text, spec)
      if (value !== undefined) return { [name]: value }
      context.warn(`"${text.slice(0, 40)}" is not ${spec.type === 'enum' ? 'one of its options' : 'a number'}`)
      return null
    },
  }
  return entityOf(config, who, { deviceClass, values: { [name]: spec }, readings: [reading] })
}

/** True, false, null for unknown, undefined for anything else. */
export function onOff(render: Render, words: { on: string; off: string }) {
  return (...[message, context]: Parameters<Render>): boolean | null | undefined => {
    const text = render(message, context)
    if (text === null || text === '') return undefined
    if (text === words.on) return true
    if (text === words.off) return false
    if (text === 'None') return null
    context.warn(`"${text.slice(0, 40)}" is neither "${words.on}" nor "${words.off}"`)
    return undefined
  }
}

/** A class that the component knows; an entity of an unknown one counts as without. */
function knownClass(config: Config, classes: { has(name: string): boolean }): string | null {
  const name = config.text('device_class')
  return name !== null && classes.has(name) ? name : null
}

const SWITCH_CLASSES = new Set(['outlet', 'switch'])

export function binarySensor(config: Config, who: EntityKey): EntityDescription {
  const filter = config.needed('state_topic', config.filter('state_topic'))
  const deviceClass = knownClass(config, binarySensorClasses)
  const name = deviceClass === null ? 'on' : binarySensorClasses.get(deviceClass)!
  const read = onOff(config.render('value_template'), {
    on: config.word('payload_on', 'ON'),
    off: config.word('payload_off', 'OFF'),
  })
  const offDelay = config.number('off_delay')
  return entityOf(config, who, {
    deviceClass,
    values: { [name]: on },
    offDelay: offDelay === null || offDelay <= 0 ? null : offDelay * 1000,
    readings: [
      {
        filter,
        decode(message, context) {
          const value = read(message, context)
          return value === undefined ? null : { [name]: value }
        },
      },
    ],
  })
}

export function switchEntity(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const filter = config.filter('state_topic')
  const words = { on: config.word('payload_on', 'ON'), off: config.word('payload_off', 'OFF') }
  const read = onOff(config.render('value_template'), {
    on: config.word('state_on', words.on),
    off: config.word('state_off', words.off),
  })
  const command = config.command('command_template')
  const { delivery } = config
  const readings: Reading[] =
    filter === null
      ? []
      : [
          {
            filter,
            isCommandTopic: filter === topic,
            decode(message, context) {
              const value = read(message, context)
              return value === undefined ? null : { on: value }
            },
          },
        ]
  return entityOf(config, who, {
    deviceClass: knownClass(config, SWITCH_CLASSES),
    values: { on },
    readings,
    commands: commandsFor('switch', {}),
    encode: ({ verb }) => [
      { topic, payload: command({ value: verb === 'turn_on' ? words.on : words.off }), ...delivery },
    ],
    assumed: filter === null || config.bool('optimistic') ? ['on'] : [],
  })
}
