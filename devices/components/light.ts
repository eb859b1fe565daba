import type { CommandRequest } from '../model/command.ts'
import type { Scalar, ValueSpec } from '../model/entity.ts'
import { kelvinToMired, rgbToHs, textToRgb } from './color.ts'
import type { ComponentDefinition, Intent, KnownValues } from './definition.ts'
import { badValue, meansOn, on, onOffCommands } from './on-off.ts'

const brightness: ValueSpec = { type: 'number', unit: '%', min: 0, max: 100 }
const color_temp: ValueSpec = { type: 'number', unit: 'K', min: 1000, max: 20000 }
const color: ValueSpec = { type: 'text' }
const effect: ValueSpec = { type: 'text' }
const transition: ValueSpec = { type: 'number', unit: 's', min: 0, max: 3600 }
const brightness_step: ValueSpec = { type: 'number', unit: '%', min: -100, max: 100 }

const STYLES = ['brightness', 'color_temp', 'color', 'effect'] as const

function stepped(values: CommandRequest['values'], known: KnownValues): number | undefined {
  const step = values['brightness_step']
  if (typeof step !== 'number') return undefined
  const now = known.get('on')?.value === false ? 0 : known.get('brightness')?.value
  return Math.max(0, Math.min(100, (typeof now === 'number' ? now : 0) + step))
}

function resolve(request: CommandRequest, known: KnownValues): Intent {
  const { values } = request
  const transitionOnly = values['transition'] === undefined ? {} : { transition: values['transition'] }
  const style: Record<string, Scalar> = {}
  for (const name of STYLES) if (values[name] !== undefined) style[name] = values[name]
  if (typeof style['color'] === 'string') {
    if (textToRgb(style['color']) === undefined)
      throw badValue('color', 'a color is written #rrggbb, like #ff8800', values)
    style['color'] = style['color'].toLowerCase()
  }
  style['brightness'] ??= stepped(values, known) ?? null
  if (style['brightness'] === null) delete style['brightness']
  if (!meansOn(request, known) || style['brightness'] === 0) {
    return { verb: 'turn_off', values: transitionOnly, expected: { on: false } }
  }
  return { verb: 'turn_on', values: { ...style, ...transitionOnly }, expected: { on: true, ...style } }
}

/** Steps that lamps round to: 3 % of brightness, 2 % or 2 mired of colour temperature, 15 degrees or 10 % of colour. */
function isSame(name: string, asked: Scalar, reported: Scalar): boolean {
  if (asked === reported) return true
  if (typeof asked === 'number' && typeof reported === 'number') {
    if (name === 'brightness') return Math.abs(asked - reported) <= 3
    if (name !== 'color_temp') return false
    return Math.abs(asked - reported) <= asked * 0.02 || Math.abs(kelvinToMired(asked) - kelvinToMired(reported)) <= 2
  }
  if (name !== 'color' || typeof asked !== 'string' || typeof reported !== 'string') return false
  const [wanted, told] = [textToRgb(asked), textToRgb(reported)]
  if (wanted === undefined || told === undefined) return false
  const [[hue, saturation], [toldHue, toldSaturation]] = [rgbToHs(wanted), rgbToHs(told)]
  const turn = Math.abs(hue - toldHue)
  // Near white the hue means nothing.
  const isHue = Math.min(turn, 360 - turn) <= 15 || Math.max(saturation, toldSaturation) <= 10
  return isHue && Math.abs(saturation - toldSaturation) <= 10
}

export const light: ComponentDefinition = {
  name: 'light',
  plural: 'lights',
  values: { on, brightness, color_temp, color, effect },
  main: 'on',
  commands: onOffCommands({ transition }, { brightness, brightness_step, color_temp, color, effect, transition }),
  resolve,
  isSame,
}
