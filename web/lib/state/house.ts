import type { AreaJson } from '#api'
import type { Entity } from '../live/entity.svelte.ts'

/** An entity on Home, with the name that tells it from its neighbours. */
export interface Tile {
  readonly entity: Entity
  readonly name: string
  /** The power that the same plug measures; shown in its pane instead of one of its own. */
  readonly power: Entity | null
}

export interface Room {
  /** Null for what is in no room. */
  readonly id: string | null
  readonly slug: string
  readonly name: string
  readonly tiles: readonly Tile[]
}

/** Sensor classes that are about the device rather than the room. */
const ABOUT_DEVICE = new Set([
  'battery',
  'signal_strength',
  'voltage',
  'current',
  'apparent_power',
  'reactive_power',
  'power_factor',
  'frequency',
  'data_rate',
  'data_size',
  'battery_charging',
  'connectivity',
  'update',
])
/** What a plug measures beside what it switches. */
const OF_PLUG = new Set(['power', 'energy'])
/** Components in the order they hang in a room; others follow by name. */
const ORDER = ['light', 'switch', 'binary_sensor', 'sensor']

/** Sensors by how often one looks at them. */
const CLASSES = ['temperature', 'humidity', 'carbon_dioxide', 'illuminance', 'power', 'energy']

const placeIn = (order: readonly string[], one: string) => order.indexOf(one) + 1 || order.length + 1
/** What one acts on first, then what one looks at most. */
export const byImportance = (a: Entity, b: Entity) =>
  placeIn(ORDER, a.component) - placeIn(ORDER, b.component) ||
  placeIn(CLASSES, a.deviceClass ?? '') - placeIn(CLASSES, b.deviceClass ?? '')
const compare = (a: Tile, b: Tile) => byImportance(a.entity, b.entity) || a.name.localeCompare(b.name)
const isCommandable = ({ component }: Entity) => component === 'light' || component === 'switch'

/** Whether an entity hangs on Home at all: what only says how its device is does not. */
export function isOnHome({ facts }: Entity): boolean {
  return facts.category === null && !(facts.deviceClass !== null && ABOUT_DEVICE.has(facts.deviceClass))
}

/** Ids of rooms that things hang in and that are not in the list. */
export function unknownAreas(areas: readonly AreaJson[], entities: readonly Entity[]): string[] {
  const known = new Set(areas.map(({ id }) => id))
  const used = new Set(entities.flatMap(({ area }) => area?.id ?? []))
  return [...used].filter(id => !known.has(id))
}

/** Rooms by name with their tiles, what is in no room last. Reads no values, so only moves and renames change it. */
export function toRooms(entities: readonly Entity[], order: readonly string[]): Room[] {
  const rooms = new Map<string | null, Entity[]>()
  for (const entity of entities) {
    if (!isOnHome(entity)) continue
    const id = entity.area?.id ?? null
    const room = rooms.get(id)
    if (room) room.push(entity)
    else rooms.set(id, [entity])
  }
  const place = (id: string | null) => (id === null ? Infinity : placeIn(order, id))
  return [...rooms]
    .map(([id, members]) => {
      const area = members[0]?.area
      return { id, slug: area?.slug ?? '', name: area?.name ?? '', tiles: toTiles(members) }
    })
    .toSorted((a, b) => place(a.id) - place(b.id) || a.name.localeCompare(b.name))
}

function toTiles(members: readonly Entity[]): Tile[] {
  const byDevice = Map.groupBy(members, ({ device }) => device.id)
  const tiles = [...byDevice.values()].flatMap(tilesOfDevice)
  const twice = new Set<string>()
  const seen = new Set<string>()
  for (const { name } of tiles) (seen.has(name) ? twice : seen).add(name)
  return tiles.map(tile => (twice.has(tile.name) ? { ...tile, name: fullName(tile.entity) } : tile)).toSorted(compare)
}

function tilesOfDevice(entities: readonly Entity[]): Tile[] {
  const switched = entities.filter(isCommandable)
  const isPlug = switched.length === 1
  const shown = isPlug ? entities.filter(each => !OF_PLUG.has(each.deviceClass ?? '')) : entities
  const power = isPlug ? (entities.find(each => each.deviceClass === 'power') ?? null) : null
  return shown.map(entity => ({
    entity,
    name: shown.length === 1 ? entity.device.name : entity.name,
    power: entity === switched[0] ? power : null,
  }))
}

/** The name of an entity outside of its device: with the device's, unless it holds it already. */
export const fullName = ({ name, device }: Entity): string => partName(name, device.name)

/** The same of a part by the names of the two. */
export const partName = (name: string, device: string): string =>
  name.toLowerCase().includes(device.toLowerCase()) ? name : `${device} ${name}`

/** Sensors that measure something else than the air of their room. */
const NOT_AIR = /dew|fridge|freezer|boiler|water|oven|chip|cpu/i

/** Middle of what the sensors of a class in a room say, or null. Readings of things that are away do not count. */
export function roomValue(tiles: readonly Tile[], deviceClass: string): { value: number; unit: string } | null {
  const found = tiles.flatMap(({ entity }) => {
    if (entity.component !== 'sensor' || entity.online === false || NOT_AIR.test(fullName(entity))) return []
    const reading = entity.values[deviceClass]
    return reading && typeof reading.value === 'number' ? [{ value: reading.value, unit: reading.unit }] : []
  })
  found.sort((a, b) => a.value - b.value)
  return found[Math.floor((found.length - 1) / 2)] ?? null
}
