import { commandsFor } from '../../components/commands.ts'
import { hsToRgb, kelvinToMired, miredToKelvin, rgbToText, textToRgb } from '../../components/color.ts'
import type { Intent, Values } from '../../components/definition.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { EntityDescription, Outgoing } from '../dialect.ts'
import { numberOf, textOf, type Fields } from '../fields.ts'
import type { TasmotaConfig } from './config.ts'
import { entity, stateReadings } from './entity.ts'
import { powerOf, powerReadings, switchPower, type Power } from './power.ts'
import { relayName } from './relays.ts'

/** One lamp as the device drives it. */
interface Lamp {
  readonly power: Power
  /** The command and report of its brightness: `Dimmer`, `Dimmer2`, `Channel3`; null when it has none. */
  readonly dimmer: string | null
  readonly hasWarmth: boolean
  readonly hasColor: boolean
}

/** Half seconds that `Speed2` goes up to. */
const SLOWEST = 40

/**
 * The lamps behind the entries of `rl` that are 2: with SetOption68 each is a dimmer; colour and white are two
 * lamps when `lk` is 0; otherwise one lamp takes all channels.
 */
function lampsOf(config: TasmotaConfig): Lamp[] {
  const indices = config.relays.flatMap((kind, index) => (kind === 2 ? [index] : []))
  const type = config.lightType
  const isSplit = type >= 4 && !config.isLinked && indices.length > 1
  return indices.map((index, at) => {
    const power = powerOf(config, index)
    if (config.option(68)) return { power, dimmer: `Channel${at + 1}`, hasWarmth: false, hasColor: false }
    const plain = { power, dimmer: at === 0 ? 'Dimmer' : `Dimmer${at + 1}`, hasWarmth: false, hasColor: false }
    if (at === 0) {
      if (type === 0) return { ...plain, dimmer: null }
      return {
        ...plain,
        dimmer: isSplit ? 'Dimmer1' : 'Dimmer',
        hasColor: type >= 3,
        hasWarmth: (type === 2 || type === 5) && !isSplit,
      }
    }
    return { ...plain, hasWarmth: isSplit && at === 1 && type === 5 }
  })
}

function dimmerOf(fields: Fields, dimmer: string): number | null {
  const told = numberOf(fields[dimmer] ?? (dimmer === 'Dimmer1' ? fields['Dimmer'] : undefined))
  const channel = /^Channel(\d)$/.exec(dimmer)
  const list = fields['Channel']
  if (told === null && channel !== null && Array.isArray(list)) return numberOf(list[Number(channel[1]) - 1])
  return told
}

function colorOf(fields: Fields): string | null {
  const [hue, saturation] = (textOf(fields['HSBColor']) ?? '').split(',').map(Number)
  if (hue === undefined || saturation === undefined || !Number.isFinite(hue + saturation)) return null
  return rgbToText(hsToRgb(hue, saturation))
}

function readLamp(lamp: Lamp, fields: Fields): Values | null {
  const told: Record<string, Scalar> = {}
  const on = lamp.power.read(fields)
  if (on !== null) told['on'] = on
  const brightness = lamp.dimmer === null ? null : dimmerOf(fields, lamp.dimmer)
  if (brightness !== null) told['brightness'] = Math.max(0, Math.min(100, brightness))
  const mired = lamp.hasWarmth ? numberOf(fields['CT']) : null
  if (mired !== null && mired > 0) told['color_temp'] = miredToKelvin(mired)
  const color = lamp.hasColor ? colorOf(fields) : null
  if (color !== null) told['color'] = color
  return Object.keys(told).length > 0 ? told : null
}

/** `Dimmer 50`, `CT 300`, `Color2 255,136,0`: each a command of its own. */
function styleCommands(lamp: Lamp, values: Values): (readonly [command: string, value: string])[] {
  const commands: (readonly [string, string])[] = []
  const { color, color_temp: warmth, brightness } = values
  const rgb = typeof color === 'string' ? textToRgb(color) : undefined
  if (rgb !== undefined) commands.push(['Color2', rgb.join(',')])
  if (typeof warmth === 'number') commands.push(['CT', String(kelvinToMired(warmth))])
  if (typeof brightness === 'number' && lamp.dimmer !== null)
    commands.push([lamp.dimmer, String(Math.round(brightness))])
  return commands
}

function encode(config: TasmotaConfig, lamp: Lamp, { verb, values }: Intent): Outgoing[] {
  const power = switchPower(config, lamp.power, verb === 'turn_on')
  const commands = verb === 'turn_on' ? styleCommands(lamp, values) : []
  const { transition } = values
  if (typeof transition !== 'number') {
    return [...commands.map(([name, payload]) => ({ topic: config.command(name), payload })), power]
  }
  // A fade for one command needs its companions in the same Backlog.
  const speed = Math.max(1, Math.min(SLOWEST, Math.round(transition * 2)))
  const fade = transition > 0 ? [`Fade2 1`, `Speed2 ${speed}`] : ['Fade2 0']
  const all = [...fade, ...commands.map(([name, value]) => `${name} ${value}`), `${lamp.power.name} ${power.payload}`]
  return [{ topic: config.command('Backlog'), payload: all.join('; ') }]
}

function valuesOf(config: TasmotaConfig, lamp: Lamp): Record<string, ValueSpec> {
  // SetOption82: the range of lamps that know only 200 to 380 mired.
  const [warmest, coolest] = config.option(82) ? [380, 200] : [500, 153]
  return {
    on: { type: 'bool' },
    ...(lamp.dimmer === null ? {} : { brightness: { type: 'number', unit: '%', min: 0, max: 100 } as const }),
    ...(lamp.hasWarmth
      ? { color_temp: { type: 'number', unit: 'K', min: miredToKelvin(warmest), max: miredToKelvin(coolest) } as const }
      : {}),
    ...(lamp.hasColor ? { color: { type: 'text' } as const } : {}),
  }
}

/** Lamps as lights. */
export function lightsOf(config: TasmotaConfig): EntityDescription[] {
  return lampsOf(config).map(lamp => {
    const values = valuesOf(config, lamp)
    return entity(config, {
      key: `light ${lamp.power.number}`,
      component: 'light',
      name: relayName(config, lamp.power.number - 1, 'Light'),
      values,
      commands: commandsFor('light', values, lamp.dimmer === null ? [] : ['transition']),
      readings: [...stateReadings(config, fields => readLamp(lamp, fields)), ...powerReadings(config, lamp.power)],
      encode: intent => encode(config, lamp, intent),
    })
  })
}
