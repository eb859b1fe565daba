import type { Entity } from '../live/entity.svelte.ts'
import { isOn, mainValueName, senseOf } from './kinds.ts'
import { hasTrouble } from './trust.ts'

/** Below this many per cent a battery is low. */
const LOW = 20

/** What stands out in the house; each has a chip and a list. */
export const OUTSTANDING = ['alarms', 'silent', 'lights', 'windows', 'doors', 'offline', 'batteries'] as const
export type Outstanding = (typeof OUTSTANDING)[number]

const isDeviceAway = (entity: Entity) => entity.online === false

const FITS: Readonly<Record<Outstanding, (entity: Entity) => boolean>> = {
  alarms: entity => {
    const name = mainValueName(entity)
    return (
      entity.component === 'binary_sensor' &&
      name !== undefined &&
      name !== 'battery_low' &&
      senseOf(name) === 'alarm' &&
      entity.values[name]?.value === true
    )
  },
  silent: hasTrouble,
  lights: entity => entity.component === 'light' && isOn(entity) === true && !isDeviceAway(entity),
  windows: entity => entity.values['open']?.value === true && entity.deviceClass === 'window',
  doors: entity => entity.values['open']?.value === true && entity.deviceClass !== 'window',
  offline: isDeviceAway,
  batteries: ({ values }) => {
    const level = values['battery']?.value
    return values['battery_low']?.value === true || (typeof level === 'number' && level < LOW)
  },
}

/** Some tell about a device as a whole: one line for each. */
const BY_DEVICE: ReadonlySet<Outstanding> = new Set(['offline', 'batteries'])

/** The entities of which something stands out, by what it is. */
export function findOutstanding(entities: readonly Entity[]): Record<Outstanding, Entity[]> {
  const found = Object.fromEntries(OUTSTANDING.map(what => [what, [] as Entity[]])) as Record<Outstanding, Entity[]>
  const devices = new Set<string>()
  const present = new Set<string>()
  for (const entity of entities) if (!isDeviceAway(entity)) present.add(entity.device.id)
  for (const entity of entities) {
    for (const what of OUTSTANDING) {
      if (!FITS[what](entity)) continue
      // One entity of a device may be away while the device is there.
      if (what === 'offline' && present.has(entity.device.id)) continue
      if (BY_DEVICE.has(what)) {
        const key = `${what} ${entity.device.id}`
        if (devices.has(key)) continue
        devices.add(key)
      }
      found[what].push(entity)
    }
  }
  return found
}
