import { isJsonObject, type Json } from '#kernel'
import { commandsFor } from '../../components/commands.ts'
import { hsToRgb, rgbToHs, rgbToText, rgbToXy, xyToRgb } from '../../components/color.ts'
import type { Intent, Values } from '../../components/definition.ts'
import { on } from '../../components/on-off.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Outgoing } from '../dialect.ts'
import { numberOf, textOf, type Fields } from '../fields.ts'
import { entityOf, type Config, type EntityKey } from './config.ts'
import { BRIGHTNESS, brightnessIn, COLOR, effectSpec, rgbOf, scaleOf, temperatureOf } from './light-values.ts'

// Light, schema json (Home Assistant MQTT discovery 2026.1): state and command are objects of one shape, in which
// absent means unchanged.

const COLOR_MODES = ['rgb', 'rgbw', 'rgbww', 'hs', 'xy']

/** Its colour modes; old firmware says them as flags. */
function modesOf(config: Config): ReadonlySet<string> {
  const flags = ['color_temp', 'rgb', 'hs', 'xy'].filter(flag => config.bool(flag))
  return new Set([...config.texts('supported_color_modes'), ...flags])
}

/** `{r,g,b}`, `{h,s}` or `{x,y}` as `#rrggbb`. */
function colorText(color: Json | undefined): string | undefined {
  if (!isJsonObject(color)) return undefined
  const parts = (...keys: string[]) => {
    const found = keys.map(key => numberOf(color[key]))
    return found.every(part => part !== null) ? found : undefined
  }
  const rgb = parts('r', 'g', 'b')
  if (rgb !== undefined) return rgbToText([rgb[0]!, rgb[1]!, rgb[2]!])
  const hs = parts('h', 's')
  if (hs !== undefined) return rgbToText(hsToRgb(hs[0]!, hs[1]!))
  const xy = parts('x', 'y')
  return xy === undefined ? undefined : rgbToText(xyToRgb(xy[0]!, xy[1]!))
}

/** A colour in the notation that the lamp takes. */
function colorFields(value: Scalar, modes: ReadonlySet<string>): Fields {
  const [r, g, b] = rgbOf(value)
  if (modes.has('rgbww')) return { r, g, b, c: 0, w: 0 }
  if (modes.has('rgbw')) return { r, g, b, w: 0 }
  if (modes.has('rgb')) return { r, g, b }
  if (modes.has('hs')) {
    const [h, s] = rgbToHs([r, g, b])
    return { h, s }
  }
  const [x, y] = rgbToXy([r, g, b])
  return { x, y }
}

/** How the lamp's object reads and is written, by the values that it has. */
function schemaOf(config: Config, values: Readonly<Record<string, ValueSpec>>, modes: ReadonlySet<string>) {
  const brightness = brightnessIn(scaleOf(config))
  const temperature = temperatureOf(config)

  /** The style as reported; in colour temperature mode the colour field is only its picture. */
  function readStyle(fields: Fields): Record<string, Scalar | undefined> {
    const mode = textOf(fields['color_mode'])
    const [level, warmth] = [numberOf(fields['brightness']), numberOf(fields['color_temp'])]
    return {
      brightness: level === null ? undefined : brightness.toPercent(level),
      color_temp:
        warmth === null || (mode !== null && mode !== 'color_temp') ? undefined : temperature.toKelvin(warmth),
      color: mode === 'color_temp' ? undefined : colorText(fields['color']),
      effect: textOf(fields['effect']) ?? undefined,
    }
  }

  return {
    decode(fields: Fields): Values | null {
      const found: Record<string, Scalar> = {}
      const { state } = fields
      if (state === null) found['on'] = null
      else if (state === 'ON' || state === 'OFF') found['on'] = state === 'ON'
      for (const [name, value] of Object.entries(readStyle(fields))) {
        if (value !== undefined && Object.hasOwn(values, name)) found[name] = value
      }
      return Object.keys(found).length === 0 ? null : found
    },
    encode({ verb, values: asked }: Intent): string {
      const { brightness: level, color_temp: warmth, color, effect, transition } = asked
      return JSON.stringify({
        state: verb === 'turn_on' ? 'ON' : 'OFF',
        ...(typeof level === 'number' ? { brightness: brightness.fromPercent(level) } : {}),
        ...(typeof warmth === 'number' ? { color_temp: temperature.fromKelvin(warmth) } : {}),
        ...(typeof color === 'string' ? { color: colorFields(color, modes) } : {}),
        ...(typeof effect === 'string' ? { effect } : {}),
        ...(typeof transition === 'number' ? { transition } : {}),
      })
    },
  }
}

/** @throws ConfigFault */
export function jsonLight(config: Config, who: EntityKey): EntityDescription {
  const topic = config.needed('command_topic', config.topic('command_topic'))
  const filter = config.filter('state_topic')
  const modes = modesOf(config)
  const isDimmable = config.bool('brightness') || [...modes].some(mode => mode !== 'onoff')
  const values: Record<string, ValueSpec> = {
    ...(isDimmable ? { brightness: BRIGHTNESS } : {}),
    ...(modes.has('color_temp') ? { color_temp: temperatureOf(config).spec } : {}),
    ...(COLOR_MODES.some(mode => modes.has(mode)) ? { color: COLOR } : {}),
    ...(config.bool('effect') ? { effect: effectSpec(config) } : {}),
  }
  const { decode, encode } = schemaOf(config, values, modes)
  const { delivery } = config
  const reading = (state: string) => ({
    filter: state,
    isCommandTopic: state === topic,
    decode: ({ json }: { readonly json: Json | undefined }) => (isJsonObject(json) ? decode(json) : null),
  })
  return entityOf(config, who, {
    values: { on, ...values },
    readings: filter === null ? [] : [reading(filter)],
    commands: commandsFor('light', values, ['transition']),
    encode: (intent): Outgoing[] => [{ topic, payload: encode(intent), ...delivery }],
    assumed: filter === null || config.bool('optimistic') ? ['on', ...Object.keys(values)] : [],
  })
}
