import { kelvinToMired, miredToKelvin, textToRgb, type Rgb } from '../../components/color.ts'
import type { Scalar, ValueSpec } from '../../model/entity.ts'
import type { Config } from './config.ts'

// What the three light schemas share: brightness becomes per cent, colour temperature kelvin, every colour `#rrggbb`.

export const BRIGHTNESS: ValueSpec = { type: 'number', unit: '%', min: 0, max: 100 }
export const COLOR: ValueSpec = { type: 'text' }

const WHITE: Rgb = [255, 255, 255]

export function rgbOf(value: Scalar): Rgb {
  return (typeof value === 'string' ? textToRgb(value) : undefined) ?? WHITE
}

/** A device's brightness and per cent, both ways; above 0 stays above 0. */
export function brightnessIn(scale: number) {
  return {
    toPercent: (value: number) => {
      const percent = Math.max(0, Math.min(100, (value / scale) * 100))
      return percent > 0 ? Math.max(1, Math.round(percent)) : 0
    },
    fromPercent: (percent: number) => (percent <= 0 ? 0 : Math.max(1, Math.round((percent / 100) * scale))),
  }
}

/** The scale of the config, where it is a usable one. */
export function scaleOf(config: Config): number {
  const scale = config.number('brightness_scale')
  return scale !== null && scale > 0 ? scale : 255
}

/** The colour temperature as the device speaks of it: in mired unless `color_temp_kelvin`. */
export function temperatureOf(config: Config) {
  const isKelvin = config.bool('color_temp_kelvin')
  const bound = (kelvin: string, mired: string, otherwise: number) => {
    const [told, inMired] = [config.number(kelvin), config.number(mired)]
    if (told !== null && told > 0) return told
    return inMired === null || inMired <= 0 ? otherwise : miredToKelvin(inMired)
  }
  const min = bound('min_kelvin', 'max_mireds', 2000)
  const max = bound('max_kelvin', 'min_mireds', 6535)
  return {
    spec: { type: 'number', unit: 'K', min: Math.min(min, max), max: Math.max(min, max) } as ValueSpec,
    toKelvin: (value: number) => (value <= 0 ? undefined : isKelvin ? Math.round(value) : miredToKelvin(value)),
    fromKelvin: (kelvin: number) => (isKelvin ? Math.round(kelvin) : kelvinToMired(kelvin)),
  }
}

export function effectSpec(config: Config): ValueSpec {
  const options = config.texts('effect_list')
  return options.length > 0 ? { type: 'enum', options } : { type: 'text' }
}
