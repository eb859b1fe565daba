import type { StoredDevices, StoredPoints, StoredValue } from '../store.ts'
import { LiveDevice } from './device.ts'
import type { Directory } from './directory.ts'
import type { RecentPoints } from './points.ts'

/** What a device is called as long as nothing announces it. */
const UNHEARD = 'unknown'

/** Puts back what people decided. Entities follow when their announcements are read. */
export function restoreDecisions(directory: Directory, stored: StoredDevices): void {
  for (const { id, slug, name, version } of stored.areas) directory.areas.set(id, { id, slug, name, version })
  for (const each of stored.devices) {
    const { name, user, identifiers } = each
    const device = new LiveDevice(each.id, each.slug, { name, user, dialect: UNHEARD, identifiers: [...identifiers] })
    device.area = each.area === null ? null : (directory.areas.get(each.area) ?? null)
    device.adoptedAt = each.adoptedAt
    device.version = each.version
    directory.devices.set(device.id, device)
    directory.absent.set(device.id, new Map())
    directory.identify(device)
  }
  for (const entity of stored.entities) directory.absent.get(entity.device)?.set(entity.key, entity)
  for (const alias of stored.aliases) directory.addAlias(alias)
}

/** Puts back the last values; they are unconfirmed until the device speaks. */
export function restoreValues(directory: Directory, values: readonly StoredValue[]): void {
  for (const { entity, name, value, at, changedAt } of values) {
    const held = directory.entities.get(entity)?.values.get(name)
    if (held === undefined || held.at > at) continue
    Object.assign(held, { value, at, changedAt, confirmed: false })
  }
}

/** Puts back the recent course of values. */
export function restorePoints(directory: Directory, points: RecentPoints, stored: readonly StoredPoints[]): void {
  for (const { entity, name, at, numbers } of stored) {
    const held = directory.entities.get(entity)
    if (held?.values.has(name) !== true) continue
    const ring = points.ring(held, name)
    at.forEach((time, i) => ring?.add(time, numbers[i]!))
  }
}
