import { isJsonObject, type Json } from '#kernel'
import { PLAIN_VALUE } from '../../components/sensor.ts'
import { normaliseUnit } from '../../components/units.ts'
import type { Values } from '../../components/definition.ts'
import type { EntityDescription, Reading } from '../dialect.ts'
import { textOf, type Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import { valueAt, type Path } from './path.ts'
import type { TasmotaConfig } from './config.ts'
import { entity } from './entity.ts'
import { sensorKeyOf } from './sensor-keys.ts'

/** Parts of a SENSOR message that are no sensors: time, units, tag readers, switches and relays. */
const SKIPPED = /^(Time|TempUnit|PressureUnit|SpeedUnit|PN532|RDM6300|Switch\d*|POWER\d*|Epoch)$/

/** Leaves of one announcement that are looked at. */
const MAX_LEAVES = 300

interface Leaf {
  readonly path: Path
  readonly value: Json
}

function leavesOf(value: Json, path: Path, found: Leaf[]): void {
  if (found.length >= MAX_LEAVES || path.length > 6) return
  if (Array.isArray(value)) value.forEach((each, index) => leavesOf(each, [...path, index], found))
  else if (isJsonObject(value)) {
    for (const [key, each] of Object.entries(value)) leavesOf(each, [...path, key], found)
  } else found.push({ path, value })
}

/** Reads a value out of `tele/SENSOR` and out of the answers to `STATUS 8` and `STATUS 10`, which wrap the same. */
export function sensorReadings(config: TasmotaConfig, decode: (fields: Fields) => Values | null): Reading[] {
  const plain = ({ json }: Incoming) => (isJsonObject(json) ? decode(json) : null)
  const wrapped = ({ json }: Incoming) => {
    const inner = isJsonObject(json) ? json['StatusSNS'] : undefined
    return isJsonObject(inner) ? decode(inner) : null
  }
  return [
    { filter: config.tele('SENSOR'), decode: plain },
    { filter: config.stat('STATUS8'), decode: wrapped },
    { filter: config.stat('STATUS10'), decode: wrapped },
  ]
}

function unitOf(fields: Fields, field: string | undefined, fallback: string | undefined): string | undefined {
  const told = field === undefined ? null : textOf(fields[field])
  if (told !== null) return normaliseUnit(told)
  const usual: Record<string, string> = { TempUnit: '°C', PressureUnit: 'hPa', SpeedUnit: 'm/s' }
  return field === undefined ? fallback : usual[field]
}

/** `DewPoint` as people write it; short forms as `eCO2` stay. */
function spell(key: string): string {
  return key.replaceAll(
    /([a-z]{2})([A-Z])(?=[a-z])/g,
    (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`,
  )
}

/** What is measured. The driver is named where that alone would not tell: no known quantity, or several drivers with the same. */
function nameOf(path: Path, deviceClass: string | null, leaves: readonly Leaf[]): string {
  const [driver, ...measured] = path.map(each => (typeof each === 'string' ? spell(each) : each))
  const isSame = (other: Path) => other[0] !== path[0] && other.slice(1).join(' ') === path.slice(1).join(' ')
  const isPlain = deviceClass !== null && measured.length > 0 && !leaves.some(leaf => isSame(leaf.path))
  if (!isPlain) return [driver, ...measured].join(' ')
  const name = measured.join(' ')
  return deviceClass === 'energy' ? `Energy ${name.toLowerCase()}` : name
}

interface Announced {
  readonly fields: Fields
  readonly leaves: readonly Leaf[]
}

function sensorOf(
  config: TasmotaConfig,
  { path, value: sample }: Leaf,
  { fields, leaves }: Announced,
): EntityDescription {
  const words = path.filter(each => typeof each === 'string')
  const key = words.length > 1 ? words[1]! : words[0]!
  const { deviceClass, unit, unitField, value, category } = sensorKeyOf(words[0]!, key)
  const isNumber = typeof sample === 'number' || deviceClass !== null || sample === null
  const name = value ?? deviceClass ?? PLAIN_VALUE
  const measured = unitOf(fields, unitField, unit)
  return entity(config, {
    key: `sensor ${path.join('.')}`,
    component: 'sensor',
    name: nameOf(path, deviceClass, leaves),
    deviceClass,
    category: category ?? (isNumber ? null : 'diagnostic'),
    values: {
      [name]: isNumber ? { type: 'number', ...(measured === undefined ? {} : { unit: measured }) } : { type: 'text' },
    },
    readings: sensorReadings(config, told => {
      const now = valueAt(told, path)
      if (now === undefined) return null
      if (now === null || typeof now === (isNumber ? 'number' : 'string'))
        return { [name]: now as number | string | null }
      const number = isNumber && typeof now === 'string' && now.trim() !== '' ? Number(now) : Number.NaN
      return Number.isFinite(number) ? { [name]: number } : null
    }),
  })
}

/** The sensors that the `sensors` message of the discovery shows, by the shape of a SENSOR message. */
export function sensorsOf(config: TasmotaConfig, announced: Json | undefined): EntityDescription[] {
  const shown = isJsonObject(announced) ? announced['sn'] : undefined
  if (!isJsonObject(shown)) return []
  const leaves: Leaf[] = []
  for (const [key, value] of Object.entries(shown)) if (!SKIPPED.test(key)) leavesOf(value, [key], leaves)
  return leaves
    .filter(({ path, value }) => path.length > 1 || typeof value === 'number')
    .map((leaf, _, shownLeaves) => sensorOf(config, leaf, { fields: shown, leaves: shownLeaves }))
}
