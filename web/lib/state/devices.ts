import type { DeviceJson } from '#api'
import type { LampState } from '../components/shared/Lamp.svelte'
import type { Entity } from '../live/entity.svelte.ts'
import { byImportance, isOnHome } from './house.ts'
import { mainValue } from './kinds.ts'
import { isStale } from './trust.ts'

/** A device with its live entities. `facts` come a moment later, and never for one that was adopted just now. */
export interface DeviceRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly area: { readonly id: string; readonly slug: string; readonly name: string } | null
  readonly entities: readonly Entity[]
  readonly facts: DeviceJson | null
}

/** `late`: it still counts as there, and has been silent for longer than it ever is. `never`: nothing was heard of it. */
export type Health = 'online' | 'late' | 'offline' | 'never'

export const LAMPS: Readonly<Record<Health, LampState>> = {
  online: 'ok',
  late: 'late',
  offline: 'offline',
  never: 'never',
}

/** How many devices there are, and how many answer: all but those whose entities are all known to be gone. */
export function countDevices(entities: readonly Entity[]): { all: number; online: number } {
  const online = new Map<string, boolean>()
  for (const entity of entities) {
    const { id } = entity.device
    online.set(id, (online.get(id) ?? false) || entity.online !== false)
  }
  return { all: online.size, online: [...online.values()].filter(Boolean).length }
}

/** All devices, by name. What is live goes before what was loaded. */
export function toDeviceRows(entities: readonly Entity[], facts: readonly DeviceJson[] | null): DeviceRow[] {
  const live = Map.groupBy(entities, ({ device }) => device.id)
  const known = new Map((facts ?? []).map(each => [each.id, each]))
  const ids = new Set([
    ...live.keys(),
    ...[...known.values()].filter(each => each.entities.length === 0).map(({ id }) => id),
  ])
  return [...ids]
    .map(id => toRow(id, live.get(id) ?? [], known.get(id) ?? null))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

function toRow(id: string, members: readonly Entity[], facts: DeviceJson | null): DeviceRow {
  const entities = members.toSorted(byImportance)
  const { slug, name } = entities[0]?.device ?? { slug: facts?.slug ?? id, name: facts?.name ?? id }
  return { id, slug, name, entities, facts, area: facts ? facts.area : (entities[0]?.area ?? null) }
}

/** The entity that a device is about; undefined when it has none. */
export const mainEntity = ({ entities }: Pick<DeviceRow, 'entities'>): Entity | undefined =>
  entities.find(isOnHome) ?? entities[0]

/** When a device was last heard, milliseconds since 1970; null when never. */
export function lastSeen({ entities, facts }: Pick<DeviceRow, 'entities' | 'facts'>): number | null {
  const times = entities.map(({ heardAt }) => heardAt ?? 0)
  return Math.max(...times, facts?.lastSeen ? Date.parse(facts.lastSeen) : 0) || null
}

/** How a device is. @param now milliseconds since 1970 */
export function healthOf(row: Pick<DeviceRow, 'entities' | 'facts'>, now: number): Health {
  const { entities } = row
  if (entities.length > 0 && entities.every(({ online }) => online === false)) return 'offline'
  if (lastSeen(row) === null) return 'never'
  const told = entities.flatMap(entity => {
    const value = mainValue(entity)
    return value && value.at !== null && (value.every !== null || !value.confirmed) ? [{ entity, value }] : []
  })
  const isLate = told.length > 0 && told.every(({ entity, value }) => !value.confirmed || isStale(entity, value, now))
  return isLate ? 'late' : 'online'
}

/** The usual milliseconds between two reports of a device, of its most talkative value; null while unknown. */
export function rhythmOf(entities: readonly Entity[]): number | null {
  const every = entities.flatMap(entity => mainValue(entity)?.every ?? [])
  return every.length === 0 ? null : Math.min(...every)
}
