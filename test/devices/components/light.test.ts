import { describe, expect, it } from 'vitest'
import {
  hsToRgb,
  kelvinToMired,
  miredToKelvin,
  rgbToHs,
  rgbToText,
  rgbToXy,
  textToRgb,
  xyToRgb,
} from '../../../devices/components/color.ts'
import { light } from '../../../devices/components/light.ts'
import type { Scalar, Value } from '../../../devices/index.ts'

function known(values: Record<string, Scalar>): Map<string, Value> {
  const entries = Object.entries(values).map(([name, value]) => {
    const spec = light.values[name]!
    return [name, { name, spec, value, at: 1, changedAt: 1, confirmed: true, changedBy: null, every: null }] as const
  })
  return new Map(entries)
}

describe('a light', () => {
  it.each([
    ['turn_on', {}, {}, 'turn_on', { on: true }],
    ['turn_off', {}, { on: true }, 'turn_off', { on: false }],
    ['toggle', {}, {}, 'turn_on', { on: true }],
    ['toggle', {}, { on: true }, 'turn_off', { on: false }],
    ['set', { on: false }, { on: true }, 'turn_off', { on: false }],
    ['set', { brightness: 40 }, { on: false }, 'turn_on', { on: true, brightness: 40 }],
    ['turn_on', { brightness: 0 }, {}, 'turn_off', { on: false }],
    ['turn_on', { brightness_step: 10 }, { on: true, brightness: 95 }, 'turn_on', { on: true, brightness: 100 }],
    ['turn_on', { brightness_step: -10 }, { on: true, brightness: 5 }, 'turn_off', { on: false }],
    ['turn_on', { brightness_step: 10 }, { on: false, brightness: 80 }, 'turn_on', { on: true, brightness: 10 }],
    ['turn_on', { color: '#FF8800' }, {}, 'turn_on', { on: true, color: '#ff8800' }],
  ])('%s %j, being %j, is %s and expects %j', (command, values, being, verb, expected) => {
    expect(light.resolve({ command, values }, known(being))).toMatchObject({ verb, expected })
  })

  it.each([
    ['brightness', 50, 53, true],
    ['brightness', 50, 54, false],
    ['color_temp', 2700, 2703, true],
    ['color_temp', 6500, 6579, true],
    ['color_temp', 4000, 4100, false],
    ['color', '#ff8800', '#ff9010', true],
    ['color', '#ff8800', '#00ff00', false],
    ['color', '#ffffff', '#fff5ff', true],
    ['color', '#ff8800', 'red', false],
    ['effect', 'fire', 'fire', true],
    ['effect', 'fire', 'ice', false],
    ['on', true, true, true],
    ['on', true, null, false],
  ])('takes %s %j for done when %j is reported: %j', (name, asked, reported, same) => {
    expect(light.isSame!(name, asked, reported)).toBe(same)
  })
})

describe('colours', () => {
  it.each(['#ff0000', '#00ff00', '#0000ff', '#ff8800', '#ffffff', '#80ff40', '#ff00ff'])(
    '%s goes there and back',
    text => {
      const rgb = textToRgb(text)!
      expect(rgbToText(hsToRgb(...rgbToHs(rgb)))).toBe(text)
      const [hue, saturation] = rgbToHs(xyToRgb(...rgbToXy(rgb)))
      const [wantedHue, wanted] = rgbToHs(rgb)
      expect(Math.abs(saturation - wanted)).toBeLessThan(12)
      if (wanted > 15) expect(Math.min(Math.abs(hue - wantedHue), 360 - Math.abs(hue - wantedHue))).toBeLessThan(15)
    },
  )

  it('of no strength and of parts out of range are still colours', () => {
    expect(rgbToHs([0, 0, 0])).toEqual([0, 0])
    expect(rgbToXy([0, 0, 0])).toEqual([0.3127, 0.329])
    expect(rgbToText([300, -5, 127.6])).toBe('#ff0080')
    expect(rgbToText(hsToRgb(-120, 200))).toBe('#0000ff')
    expect(rgbToText(xyToRgb(0, 0))).toMatch(/^#[0-9a-f]{6}$/)
  })

  it.each(['red', '#ff88', '#ff880g', 'ff8800', ''])('%j is none', text => expect(textToRgb(text)).toBeUndefined())

  it.each([
    [153, 6536],
    [250, 4000],
    [500, 2000],
  ])('%i mired are %i K', (mired, kelvin) => {
    expect(miredToKelvin(mired)).toBe(kelvin)
    expect(kelvinToMired(kelvin)).toBe(mired)
  })
})
