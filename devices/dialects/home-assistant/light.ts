import { commandsFor } from '../../components/commands.ts'
import {
  hsToRgb,
  kelvinToMired,
  miredToKelvin,
  rgbToHs,
  rgbToText,
  rgbToXy,
  textToRgb,
  xyToRgb,
  type Rgb,
} from '../../components/color.ts'
import type { Intent, Values } from '../../components/definition.ts'
import { on } from '../../components/on-off.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Outgoing, Reading } from '../dialect.ts'
import { isJsonObject, type Json } from '#kernel'
import { numberOf, textOf } from '../fields.ts'
import { entityOf, type Config, type EntityKey } from './config.ts'
import { onOff } from './simple.ts'

// Light, schemas basic and json (Home Assistant MQTT discovery 2026.1). Brightness becomes per cent, colour
// temperature kelvin, every colour `#rrggbb`.

const PERCENT: ValueSpec = { type: 'number', unit: '%', min: 0, max: 100 }

function temperatureSpec(config: Config): ValueSpec {
  const [minMired, maxMired] = [config.number('min_mireds'), config.number('max_mireds')]
  const min = config.number('min_kelvin') ?? (maxMired === null || maxMired <= 0 ? 2000 : miredToKelvin(maxMired))
  const max = config.number('max_kelvin') ?? (minMired === null || minMired <= 0 ? 6535 : miredToKelvin(minMired))
  return { type: 'number', unit: 'K', min, max }
}

const toPercent = (value: number, scale: number) => Math.max(0, Math.min(100, Math.round((value / scale) * 100)))
const fromPercent = (percent: number, scale: number) =>
  percent <= 0 ? 0 : Math.max(1, Math.round((percent / 100) * scale))

function effectSpec(config: Config): ValueSpec {
  const options = config.texts('effect_list')
  return options.length > 0 ? { type: 'enum', options } : { type: 'text' }
}

/** Reads one feature of a basic light from its own topic. */
function featureReading(config: Config, feature: string, decode: (text: string) => Scalar | undefined): Reading[] {
  const filter = config.filter(`${feature}_state_topic`)
  if (filter === null) return []
  const value = feature === 'brightness' || feature === 'color_temp' || feature === 'effect' ? feature : 'color'
  const render = config.render(`${feature}_value_template`)
  return [
    {
      filter,
      isCommandTopic: filter === config.text(`${feature}_command_topic`),
      decode(message, context) {
        const text = render(message, context)
        if (text === null || text === '') return null
        const decoded = decode(text)
        return decoded === undefined ? null : { [value]: decoded }
      },
    },
  ]
}

const numbersOf = (text: string) => text.split(',').map(part => numberOf(part.trim()))

function rgbText(text: string): string | undefined {
  const [red, green, blue] = numbersOf(text)
  return typeof red === 'number' && typeof green === 'number' && typeof blue === 'number'
    ? rgbToText([red, green, blue])
    : undefined
}

function hsText(text: string): string | undefined {
  const [hue, saturation] = numbersOf(text)
  return typeof hue === 'number' && typeof saturation === 'number' ? rgbToText(hsToRgb(hue, saturation)) : undefined
}

function xyText(text: string): string | undefined {
  const [x, y] = numbersOf(text)
  return typeof x === 'number' && typeof y === 'number' ? rgbToText(xyToRgb(x, y)) : undefined
}

interface Feature {
  readonly name: string
  readonly value: 'brightness' | 'color_temp' | 'color' | 'effect'
  readonly spec: ValueSpec
  readonly decode: (text: string) => Scalar | undefined
  /** What a command template may name, `value` first. */
  readonly encode: (value: Scalar) => Record<string, number | string>
}

const COLOR: ValueSpec = { type: 'text' }
const WHITE: Rgb = [255, 255, 255]
const rgbOf = (value: Scalar): Rgb => (typeof value === 'string' ? textToRgb(value) : undefined) ?? WHITE

function basicFeatures(config: Config): Feature[] {
  const scale = config.number('brightness_scale') ?? 255
  const isKelvin = config.bool('color_temp_kelvin')
  const number = (of: (value: number) => number) => (text: string) => {
    const value = numberOf(text)
    return value === null ? undefined : of(value)
  }
  const all: Feature[] = [
    {
      name: 'brightness',
      value: 'brightness',
      spec: PERCENT,
      decode: number(value => toPercent(value, scale)),
      encode: value => ({ value: fromPercent(Number(value), scale) }),
    },
    {
      name: 'color_temp',
      value: 'color_temp',
      spec: temperatureSpec(config),
      decode: text => {
        const value = numberOf(text)
        return value === null || value <= 0 ? undefined : isKelvin ? Math.round(value) : miredToKelvin(value)
      },
      encode: value => ({ value: isKelvin ? Math.round(Number(value)) : kelvinToMired(Number(value)) }),
    },
    {
      name: 'rgb',
      value: 'color',
      spec: COLOR,
      decode: rgbText,
      encode: value => {
        const [red, green, blue] = rgbOf(value)
        return { value: `${red},${green},${blue}`, red, green, blue }
      },
    },
    {
      name: 'hs',
      value: 'color',
      spec: COLOR,
      decode: hsText,
      encode: value => {
        const [hue, sat] = rgbToHs(rgbOf(value))
        return { value: `${hue},${sat}`, hue, sat }
      },
    },
    {
      name: 'xy',
      value: 'color',
      spec: COLOR,
      decode: xyText,
      encode: value => {
        const [x, y] = rgbToXy(rgbOf(value))
        return { value: `${x},${y}`, x, y }
      },
    },
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

function basicLight(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const filter = config.filter('state_topic')
  const words = { on: config.word('payload_on', 'ON'), off: config.word('payload_off', 'OFF') }
  const read = onOff(config.render('state_value_template'), words)
  const features = basicFeatures(config)
  const settable = features.filter(({ name }) => config.topic(`${name}_command_topic`) !== null)
  const commands = new Map(settable.map(feature => [feature.name, config.command(`${feature.name}_command_template`)]))
  const { delivery } = config
  const onType = config.word('on_command_type', 'last')
  const power: Reading[] =
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
  const encode = ({ verb, values }: Intent): Outgoing[] => {
    if (verb === 'turn_off') return [{ topic, payload: words.off, ...delivery }]
    const styles = settable.flatMap(feature => {
      const value = values[feature.value]
      if (value === undefined || value === null) return []
      return [
        {
          topic: config.topic(`${feature.name}_command_topic`)!,
          payload: commands.get(feature.name)!(feature.encode(value)),
          ...delivery,
        },
      ]
    })
    const turnOn = { topic, payload: words.on, ...delivery }
    if (onType === 'brightness' && styles.length > 0) return styles
    return onType === 'first' ? [turnOn, ...styles] : [...styles, turnOn]
  }
  const reported = new Set(
    features.filter(({ name }) => config.filter(`${name}_state_topic`) !== null).map(({ value }) => value),
  )
  const isOptimistic = config.bool('optimistic')
  return entityOf(config, who, {
    values: { on, ...Object.fromEntries(features.map(({ value, spec }) => [value, spec])) },
    readings: [...power, ...features.flatMap(({ name, decode }) => featureReading(config, name, decode))],
    commands: commandsFor('light', Object.fromEntries(settable.map(({ value, spec }) => [value, spec]))),
    encode,
    assumed: [
      ...(filter === null || isOptimistic ? ['on'] : []),
      ...settable.filter(({ value }) => !reported.has(value) || isOptimistic).map(({ value }) => value),
    ],
  })
}

/** Colour modes of a json light, the old flags included. */
function colorModes(config: Config): ReadonlySet<string> {
  const modes = new Set(config.texts('supported_color_modes'))
  for (const [flag, mode] of [
    ['color_temp', 'color_temp'],
    ['rgb', 'rgb'],
    ['hs', 'hs'],
    ['xy', 'xy'],
  ] as const) {
    if (config.bool(flag)) modes.add(mode)
  }
  return modes
}

function jsonColor(color: Json | undefined): string | undefined {
  if (!isJsonObject(color)) return undefined
  const part = (key: string) => numberOf(color[key])
  const [r, g, b, h, s, x, y] = ['r', 'g', 'b', 'h', 's', 'x', 'y'].map(part)
  if (typeof r === 'number' && typeof g === 'number' && typeof b === 'number') return rgbToText([r, g, b])
  if (typeof h === 'number' && typeof s === 'number') return rgbToText(hsToRgb(h, s))
  return typeof x === 'number' && typeof y === 'number' ? rgbToText(xyToRgb(x, y)) : undefined
}

function jsonLight(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const filter = config.filter('state_topic')
  const modes = colorModes(config)
  const scale = config.number('brightness_scale') ?? 255
  const isKelvin = config.bool('color_temp_kelvin')
  const hasColor = ['rgb', 'rgbw', 'rgbww', 'hs', 'xy'].some(mode => modes.has(mode))
  const isDimmable = config.bool('brightness') || [...modes].some(mode => mode !== 'onoff')
  const values: Record<string, ValueSpec> = {
    ...(isDimmable ? { brightness: PERCENT } : {}),
    ...(modes.has('color_temp') ? { color_temp: temperatureSpec(config) } : {}),
    ...(hasColor ? { color: COLOR } : {}),
    ...(config.bool('effect') ? { effect: effectSpec(config) } : {}),
  }
  const decode: Reading['decode'] = ({ json }): Values | null => {
    if (!isJsonObject(json)) return null
    const found: Record<string, Scalar> = {}
    if (json['state'] === null) found['on'] = null
    else if (json['state'] === 'ON' || json['state'] === 'OFF') found['on'] = json['state'] === 'ON'
    const [brightness, temperature] = [numberOf(json['brightness']), numberOf(json['color_temp'])]
    if (values['brightness'] !== undefined && brightness !== null) found['brightness'] = toPercent(brightness, scale)
    const mode = textOf(json['color_mode'])
    if (
      values['color_temp'] !== undefined &&
      temperature !== null &&
      temperature > 0 &&
      (mode === null || mode === 'color_temp')
    ) {
      found['color_temp'] = isKelvin ? Math.round(temperature) : miredToKelvin(temperature)
    }
    const color = mode === 'color_temp' ? undefined : jsonColor(json['color'])
    if (hasColor && color !== undefined) found['color'] = color
    const effect = textOf(json['effect'])
    if (values['effect'] !== undefined && effect !== null) found['effect'] = effect
    return Object.keys(found).length === 0 ? null : found
  }
  const encodeColor = (value: Scalar) => {
    const rgb = rgbOf(value)
    if (modes.has('hs') && !modes.has('rgb')) {
      const [h, s] = rgbToHs(rgb)
      return { h, s }
    }
    if (modes.has('xy') && !modes.has('rgb')) {
      const [x, y] = rgbToXy(rgb)
      return { x, y }
    }
    return { r: rgb[0], g: rgb[1], b: rgb[2] }
  }
  const encode = ({ verb, values: asked }: Intent): Outgoing[] => {
    const { brightness, color_temp: temperature, color, effect, transition } = asked
    const payload = {
      state: verb === 'turn_on' ? 'ON' : 'OFF',
      ...(typeof brightness === 'number' ? { brightness: fromPercent(brightness, scale) } : {}),
      ...(typeof temperature === 'number'
        ? { color_temp: isKelvin ? Math.round(temperature) : kelvinToMired(temperature) }
        : {}),
      ...(typeof color === 'string' ? { color: encodeColor(color) } : {}),
      ...(typeof effect === 'string' ? { effect } : {}),
      ...(typeof transition === 'number' ? { transition } : {}),
    }
    return [{ topic, payload: JSON.stringify(payload), ...config.delivery }]
  }
  return entityOf(config, who, {
    values: { on, ...values },
    readings: filter === null ? [] : [{ filter, isCommandTopic: filter === topic, decode }],
    commands: commandsFor('light', values, ['transition']),
    encode,
    assumed: filter === null || config.bool('optimistic') ? ['on', ...Object.keys(values)] : [],
  })
}

/** A light of any schema but `template`, which no firmware of this stage sends. */
export function light(config: Config, who: EntityKey): EntityDescription | null {
  const schema = config.word('schema', 'basic')
  if (schema === 'json') return jsonLight(config, who)
  return schema === 'basic' ? basicLight(config, who) : null
}
