// The canonical colour is the text `#rrggbb`: hue and saturation at full strength. How bright it shines is
// `brightness`. Devices speak r,g,b, hue and saturation, or CIE xy.

export type Rgb = readonly [red: number, green: number, blue: number]

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i

const clampByte = (part: number) => Math.max(0, Math.min(255, Math.round(part)))

/** `#ff8800`; parts outside 0..255 are cut. */
export function rgbToText([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map(part => clampByte(part).toString(16).padStart(2, '0')).join('')}`
}

/** Undefined when the text is not `#rrggbb`. */
export function textToRgb(text: string): Rgb | undefined {
  const parts = HEX.exec(text)
  if (parts === null) return undefined
  return [Number.parseInt(parts[1]!, 16), Number.parseInt(parts[2]!, 16), Number.parseInt(parts[3]!, 16)]
}

/** Hue 0..360 and saturation 0..100 at full value. */
export function hsToRgb(hue: number, saturation: number): Rgb {
  const s = Math.max(0, Math.min(100, saturation)) / 100
  const h = (((hue % 360) + 360) % 360) / 60
  const part = (offset: number) => {
    const k = (offset + h) % 6
    return 255 * (1 - s * Math.max(0, Math.min(k, 4 - k, 1)))
  }
  return [part(5), part(3), part(1)]
}

/** Hue 0..360 with two decimals and saturation 0..100; the strength is left out. */
export function rgbToHs([red, green, blue]: Rgb): readonly [hue: number, saturation: number] {
  const max = Math.max(red, green, blue)
  const range = max - Math.min(red, green, blue)
  if (range === 0) return [0, 0]
  const sector =
    max === red
      ? ((green - blue) / range + 6) % 6
      : max === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4
  return [Math.round(sector * 6000) / 100, Math.round((range / max) * 10000) / 100]
}

/** CIE 1931 xy at full value, wide gamut D65. */
export function xyToRgb(x: number, y: number): Rgb {
  const safeY = y <= 0 ? 0.0001 : y
  const X = x / safeY
  const Z = (1 - x - safeY) / safeY
  const linear = [
    X * 1.656492 - 0.354851 - Z * 0.255038,
    -X * 0.707196 + 1.655397 + Z * 0.036152,
    X * 0.051713 - 0.121364 + Z * 1.01153,
  ]
  const gamma = linear.map(part => (part <= 0.0031308 ? 12.92 * Math.max(0, part) : 1.055 * part ** (1 / 2.4) - 0.055))
  const max = Math.max(...gamma)
  const scale = max > 0 ? 255 / max : 0
  return [gamma[0]! * scale, gamma[1]! * scale, gamma[2]! * scale]
}

/** CIE 1931 xy with four decimals. */
export function rgbToXy(rgb: Rgb): readonly [x: number, y: number] {
  const [red, green, blue] = rgb.map(part => {
    const c = part / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  const X = red * 0.664511 + green * 0.154324 + blue * 0.162028
  const Y = red * 0.283881 + green * 0.668433 + blue * 0.047685
  const Z = red * 0.000088 + green * 0.07231 + blue * 0.986039
  const sum = X + Y + Z
  if (sum === 0) return [0.3127, 0.329]
  return [Math.round((X / sum) * 10000) / 10000, Math.round((Y / sum) * 10000) / 10000]
}

/** Mired to kelvin and back: a million divided by the one is the other. */
export function miredToKelvin(mired: number): number {
  return Math.round(1_000_000 / mired)
}

export function kelvinToMired(kelvin: number): number {
  return Math.round(1_000_000 / kelvin)
}
