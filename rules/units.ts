// Units that mean the same kind of thing, as a factor to the first of the kind. Temperatures have an offset,
// colour temperatures an inverse (mired = 1,000,000 / kelvin); both are told apart by name below.

const KINDS: readonly Readonly<Record<string, number>>[] = [
  { s: 1, ms: 0.001, min: 60, h: 3600, d: 86_400, w: 604_800 },
  { W: 1, mW: 0.001, kW: 1000, MW: 1e6, GW: 1e9 },
  { Wh: 1, kWh: 1000, MWh: 1e6, J: 1 / 3600, kJ: 1 / 3.6, MJ: 1000 / 3.6 },
  { VA: 1, kVA: 1000 },
  { V: 1, mV: 0.001, kV: 1000 },
  { A: 1, mA: 0.001 },
  { Hz: 1, kHz: 1000, MHz: 1e6, GHz: 1e9 },
  { Pa: 1, hPa: 100, mbar: 100, kPa: 1000, bar: 100_000, mmHg: 133.322_387_415, inHg: 3386.389, psi: 6894.757 },
  { m: 1, mm: 0.001, cm: 0.01, km: 1000, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1609.344 },
  { 'm/s': 1, 'km/h': 1 / 3.6, mph: 0.447_04, kn: 1852 / 3600, 'ft/s': 0.3048 },
  { L: 1, mL: 0.001, 'm³': 1000 },
  { 'L/h': 1, 'L/min': 60, 'm³/h': 1000 },
  { g: 1, kg: 1000, mg: 0.001 },
  { 'µg/m³': 1, 'mg/m³': 1000 },
  { B: 1, kB: 1000, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
]

const SPELLINGS: Readonly<Record<string, string>> = {
  C: '°C',
  F: '°F',
  '°K': 'K',
  lux: 'lx',
  l: 'L',
  ml: 'mL',
  m3: 'm³',
  kwh: 'kWh',
  kw: 'kW',
  w: 'W',
  mireds: 'mired',
  sec: 's',
}

function spelled(unit: string): string {
  const plain = unit.replaceAll('μ', 'µ')
  return Object.hasOwn(SPELLINGS, plain) ? SPELLINGS[plain]! : plain
}

/** Removes what binary fractions add: 0.1 * 3 is 0.3. */
function round(number: number): number {
  return Number(number.toPrecision(12))
}

/** The same quantity in another unit, or undefined when the two do not measure the same. */
export function convert(number: number, from: string, to: string): number | undefined {
  // Where a time is wanted, `m` means minutes and `w` weeks.
  const isTime = Object.hasOwn(KINDS[0]!, to)
  const a = isTime ? (from === 'm' ? 'min' : from) : spelled(from)
  const b = spelled(to)
  if (a === b) return number
  if (a === '°F' && b === '°C') return round(((number - 32) * 5) / 9)
  if (a === '°C' && b === '°F') return round((number * 9) / 5 + 32)
  if ((a === 'mired' && b === 'K') || (a === 'K' && b === 'mired')) {
    return number > 0 ? Math.round(1_000_000 / number) : undefined
  }
  const kind = KINDS.find(each => Object.hasOwn(each, a) && Object.hasOwn(each, b))
  return kind === undefined ? undefined : round((number * kind[a]!) / kind[b]!)
}
