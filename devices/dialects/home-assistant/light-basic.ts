import { commandsFor } from '../../components/commands.ts'
import { hsToRgb, rgbToHs, rgbToText, rgbToXy, xyToRgb } from '../../components/color.ts'
import type { Intent, KnownValues } from '../../components/definition.ts'
import { on } from '../../components/on-off.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Outgoing, Reading } from '../dialect.ts'
import { numberOf } from '../fields.ts'
import { entityOf, type Config, type EntityKey, type RenderCommand } from './config.ts'
import { BRIGHTNESS, brightnessIn, COLOR, effectSpec, rgbOf, scaleOf, temperatureOf } from './light-values.ts'
import { onOff } from './simple.ts'

// Light, schema basic (Home Assistant MQTT discovery 2026.1): each feature has topics of its own.

interface Feature {
  /** The start of its keys: `brightness` of `brightness_command_topic`. */
  readonly name: string
  readonly value: 'brightness' | 'color_temp' | 'color' | 'effect'
  readonly spec: ValueSpec
  readonly decode: (text: string) => Scalar | undefined
  /** What a command template may name; `value` is what is sent without one. */
  readonly encode: (value: Scalar) => Readonly<Record<string, number | string>>
}

const number = (of: (value: number) => number | undefined) => (text: string) => {
  const value = numberOf(text)
  return value === null ? undefined : of(value)
}

/** A colour that is reported as a list of numbers, of which the first `count` make it. */
function listed(count: number, of: (parts: readonly number[]) => string) {
  return (text: string): string | undefined => {
    const parts = text.split(',', count).map(part => numberOf(part.trim()))
    return parts.length === count && parts.every(part => part !== null) ? of(parts) : undefined
  }
}

const COLORS: readonly Pick<Feature, 'name' | 'decode' | 'encode'>[] = [
  {
    name: 'rgb',
    decode: listed(3, ([red, green, blue]) => rgbToText([red!, green!, blue!])),
    encode: value => {
      const [red, green, blue] = rgbOf(value)
      return { value: `${red},${green},${blue}`, red, green, blue }
    },
  },
  {
    name: 'rgbw',
    decode: listed(3, ([red, green, blue]) => rgbToText([red!, green!, blue!])),
    encode: value => {
      const [red, green, blue] = rgbOf(value)
      return { value: `${red},${green},${blue},0`, red, green, blue, white: 0 }
    },
  },
  {
    name: 'rgbww',
    decode: listed(3, ([red, green, blue]) => rgbToText([red!, green!, blue!])),
    encode: value => {
      const [red, green, blue] = rgbOf(value)
      return { value: `${red},${green},${blue},0,0`, red, green, blue, cold_white: 0, warm_white: 0 }
    },
  },
  {
    name: 'hs',
    decode: listed(2, ([hue, saturation]) => rgbToText(hsToRgb(hue!, saturation!))),
    encode: value => {
      const [hue, sat] = rgbToHs(rgbOf(value))
      return { value: `${hue},${sat}`, hue, sat }
    },
  },
  {
    name: 'xy',
    decode: listed(2, ([x, y]) => rgbToText(xyToRgb(x!, y!))),
    encode: value => {
      const [x, y] = rgbToXy(rgbOf(value))
      return { value: `${x},${y}`, x, y }
    },
  },
]

/** The features that the config has topics for, one for each value: a colour in two notations is one colour. */
function featuresOf(config: Config): Feature[] {
  const brightness = brightnessIn(scaleOf(config))
  const temperature = temperatureOf(config)
  const all: Feature[] = [
    {
      name: 'brightness',
      value: 'brightness',
      spec: BRIGHTNESS,
      decode: number(brightness.toPercent),
      encode: value => ({ value: brightness.fromPercent(Number(value)) }),
    },
    {
      name: 'color_temp',
      value: 'color_temp',
      spec: temperature.spec,
      decode: number(temperature.toKelvin),
      encode: value => ({ value: temperature.fromKelvin(Number(value)) }),
    },
    ...COLORS.map(color => ({ ...color, value: 'color', spec: COLOR }) as const),
    {
      name: 'effect',
      value: 'effect',
      spec: effectSpec(config),
      decode: text => text,
      encode: value => ({ value: typeof value === 'string' ? value : '' }),
    },
  ]
  const present = all.filter(
    ({ name }) => config.topic(`${name}_command_topic`) !== null || config.filter(`${name}_state_topic`) !== null,
  )
  return present.filter((feature, i) => present.findIndex(({ value }) => value === feature.value) === i)
}

function featureReading(config: Config, { name, value, decode }: Feature): Reading[] {
  const filter = config.filter(`${name}_state_topic`)
  if (filter === null) return []
  const render = config.render(`${name}_value_template`)
  return [
    {
      filter,
      isCommandTopic: filter === config.text(`${name}_command_topic`),
      decode(message, context) {
        const text = render(message, context)
        if (text === null || text === '') return null
        const decoded = decode(text)
        return decoded === undefined ? null : { [value]: decoded }
      },
    },
  ]
}

function powerReading(config: Config, topic: string, words: { on: string; off: string }): Reading[] {
  const filter = config.filter('state_topic')
  if (filter === null) return []
  const read = onOff(config.render('state_value_template'), words)
  return [
    {
      filter,
      isCommandTopic: filter === topic,
      decode(message, context) {
        const value = read(message, context)
        return value === undefined ? null : { on: value }
      },
    },
  ]
}

/** A feature that can be set. */
interface Setter {
  readonly value: Feature['value']
  readonly topic: string
  readonly render: RenderCommand
  readonly encode: Feature['encode']
}

function settersOf(config: Config, features: readonly Feature[]): Setter[] {
  return features.flatMap(({ name, value, encode }) => {
    const topic = config.topic(`${name}_command_topic`)
    return topic === null ? [] : [{ value, topic, encode, render: config.command(`${name}_command_template`) }]
  })
}

/** Messages for a command; `on_command_type` says whether on goes first, last, or is said by the brightness alone. */
function encoderOf(config: Config, topic: string, own: { words: { on: string; off: string }; setters: Setter[] }) {
  const { words, setters } = own
  const { delivery } = config
  const type = config.word('on_command_type', 'last')
  const isByBrightness = type === 'brightness' && setters.some(({ value }) => value === 'brightness')
  return ({ verb, values: asked }: Intent, known: KnownValues): Outgoing[] => {
    if (verb === 'turn_off') return [{ topic, payload: words.off, ...delivery }]
    const last = known.get('brightness')?.value
    const full = typeof last === 'number' && last > 0 ? last : 100
    const values = isByBrightness ? { brightness: full, ...asked } : asked
    const styles = setters.flatMap(({ value: name, topic: to, render, encode }) => {
      const value = values[name]
      return value === undefined || value === null ? [] : [{ topic: to, payload: render(encode(value)), ...delivery }]
    })
    if (isByBrightness) return styles
    const turnOn = { topic, payload: words.on, ...delivery }
    return type === 'first' ? [turnOn, ...styles] : [...styles, turnOn]
  }
}

/** @throws ConfigFault */
export function basicLight(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const words = { on: config.word('payload_on', 'ON'), off: config.word('payload_off', 'OFF') }
  const features = featuresOf(config)
  const setters = settersOf(config, features)
  const power = powerReading(config, topic, words)
  const isOptimistic = config.bool('optimistic')
  const isReported = ({ name }: Feature) => config.filter(`${name}_state_topic`) !== null
  const specs = Object.fromEntries(features.map(({ value, spec }) => [value, spec]))
  return entityOf(config, who, {
    values: { on, ...specs },
    readings: [...power, ...features.flatMap(feature => featureReading(config, feature))],
    commands: commandsFor('light', Object.fromEntries(setters.map(({ value }) => [value, specs[value]!]))),
    encode: encoderOf(config, topic, { words, setters }),
    assumed: [
      ...(power.length === 0 || isOptimistic ? ['on'] : []),
      ...features.filter(feature => isOptimistic || !isReported(feature)).map(({ value }) => value),
    ],
  })
}
