import { commandsFor } from '../../components/commands.ts'
import { rgbToHs, rgbToText } from '../../components/color.ts'
import type { Intent, Values } from '../../components/definition.ts'
import { on } from '../../components/on-off.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Outgoing, Reading, ReadingContext } from '../dialect.ts'
import { numberOf } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import { entityOf, type Config, type EntityKey } from './config.ts'
import { BRIGHTNESS, brightnessIn, COLOR, effectSpec, rgbOf, temperatureOf } from './light-values.ts'
import { onOff } from './simple.ts'

// Light, schema template (Home Assistant MQTT discovery 2026.1): one state topic that a template for each value looks
// at, and a command that is rendered whole. Brightness goes from 0 to 255.

const SCALE = 255

type Read = (message: Incoming, context: ReadingContext) => Scalar | undefined

/** What a template gives, as a value; undefined when the config has no such template. */
function reader(config: Config, key: string, decode: (text: string) => Scalar | undefined): Read | undefined {
  if (config.text(key) === null) return undefined
  const render = config.render(key)
  return (message, context) => {
    const text = render(message, context)
    if (text === null || text === '') return undefined
    return text === 'None' ? null : decode(text)
  }
}

const number = (of: (value: number) => number | undefined) => (text: string) => {
  const value = numberOf(text)
  return value === null ? undefined : of(value)
}

/** The colour of three templates, of which each gives a part from 0 to 255. */
function colorReader(config: Config): Read | undefined {
  const parts = ['red', 'green', 'blue'].map(name =>
    reader(
      config,
      `${name}_template`,
      number(part => part),
    ),
  )
  if (parts.includes(undefined)) return undefined
  return (message, context) => {
    const [red, green, blue] = parts.map(read => read!(message, context))
    if (typeof red !== 'number' || typeof green !== 'number' || typeof blue !== 'number') return undefined
    return rgbToText([red, green, blue])
  }
}

function readersOf(config: Config): Readonly<Record<string, Read | undefined>> {
  return {
    on: config.text('state_template') === null ? undefined : onOff(config.render('state_template'), ON_OFF),
    brightness: reader(config, 'brightness_template', number(brightnessIn(SCALE).toPercent)),
    color_temp: reader(config, 'color_temp_template', number(temperatureOf(config).toKelvin)),
    color: colorReader(config),
    effect: reader(config, 'effect_template', text => text),
  }
}

const ON_OFF = { on: 'on', off: 'off' }

/** The names that command templates may use; those that are not asked for are not defined. */
function namesOf(config: Config, { verb, values }: Intent): Record<string, boolean | number | string> {
  const { brightness, color_temp: warmth, color, effect, transition } = values
  const names: Record<string, boolean | number | string> = { state: verb === 'turn_on' }
  if (typeof brightness === 'number') names['brightness'] = brightnessIn(SCALE).fromPercent(brightness)
  if (typeof warmth === 'number') names['color_temp'] = temperatureOf(config).fromKelvin(warmth)
  if (typeof color === 'string') {
    const rgb = rgbOf(color)
    const [hue, sat] = rgbToHs(rgb)
    Object.assign(names, { red: rgb[0], green: rgb[1], blue: rgb[2], hue, sat })
  }
  if (typeof effect === 'string') names['effect'] = effect
  if (typeof transition === 'number') names['transition'] = transition
  return names
}

/** @throws ConfigFault */
export function templateLight(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const [turnOn, turnOff] = ['command_on_template', 'command_off_template'].map(key => {
    config.needed(key, config.text(key))
    return config.command(key)
  })
  const filter = config.filter('state_topic')
  const readers = readersOf(config)
  const specs: Record<string, ValueSpec> = {
    brightness: BRIGHTNESS,
    color_temp: temperatureOf(config).spec,
    color: COLOR,
    effect: effectSpec(config),
  }
  // What no template reads can still be set where the device lists what there is to choose.
  const has = (name: string) =>
    readers[name] !== undefined || (name === 'effect' && config.texts('effect_list').length > 0)
  const values = Object.fromEntries(Object.entries(specs).filter(([name]) => has(name)))
  const reading = (state: string): Reading => ({
    filter: state,
    isCommandTopic: state === topic,
    decode(message, context): Values | null {
      const told = Object.entries(readers).flatMap(([name, read]) => {
        const value = read?.(message, context)
        return value === undefined ? [] : [[name, value] as const]
      })
      return told.length === 0 ? null : Object.fromEntries(told)
    },
  })
  const isAssumed = (name: string) => filter === null || readers[name] === undefined || config.bool('optimistic')
  const { delivery } = config
  return entityOf(config, who, {
    values: { on, ...values },
    readings: filter === null ? [] : [reading(filter)],
    commands: commandsFor('light', values, ['transition']),
    encode: (intent): Outgoing[] => {
      const render = intent.verb === 'turn_on' ? turnOn! : turnOff!
      return [{ topic, payload: render(namesOf(config, intent)), ...delivery }]
    },
    assumed: ['on', ...Object.keys(values)].filter(isAssumed),
  })
}
