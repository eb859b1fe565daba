import type { Entity } from '../live/entity.svelte.ts'
import { mainValueName, senseOf } from '../state/kinds.ts'
import { byImportance, isOnHome } from '../state/house.ts'

/** Values that one page shows at most. */
export const MOST_SHOWN = 12

/** One value of an entity, chosen to be shown. `ref` names it in addresses: `hall_motion.motion`. */
export interface Shown {
  readonly entity: Entity
  readonly value: string
  readonly ref: string
}

/** `device.entity` for what an entity is about, `device.entity.value` for its other values. */
export function toShown(entity: Entity, value: string): Shown {
  const { device, facts } = entity
  const short = `${device.slug}.${facts.slug}`
  return { entity, value, ref: value === mainValueName(entity) ? short : `${short}.${value}` }
}

/** Everything that can be shown. */
export const allShown = (entities: readonly Entity[]): Shown[] =>
  entities.flatMap(entity => Object.keys(entity.values).map(value => toShown(entity, value)))

/** Those of an address, in its order; what is not there (any more) falls away. */
export function findShown(entities: readonly Entity[], refs: readonly string[]): Shown[] {
  const byRef = new Map(allShown(entities).map(shown => [shown.ref, shown]))
  return [...new Set(refs)].flatMap(ref => byRef.get(ref) ?? []).slice(0, MOST_SHOWN)
}

/** What a page about these begins with: what they are about, then what they say of themselves. */
export function valuesOf(entities: readonly Entity[]): Shown[] {
  const [first, then] = [entities.filter(isOnHome), entities.filter(each => !isOnHome(each))]
  return (first.length > 0 ? allShown(first) : allShown(then)).slice(0, MOST_SHOWN)
}

/** What tells most about a house, and how much of it: the air of its rooms, what draws power, what opens, lights, moves. */
const TELLING: readonly { readonly most: number; readonly is: (entity: Entity) => boolean }[] = [
  { most: 4, is: ({ deviceClass, values }) => deviceClass === 'temperature' && 'temperature' in values },
  { most: 2, is: ({ deviceClass }) => deviceClass === 'power' },
  { most: 2, is: entity => isSensor(entity) && senseOf(mainValueName(entity) ?? '') === 'open' },
  { most: 2, is: ({ component }) => component === 'light' },
  { most: 1, is: entity => isSensor(entity) && senseOf(mainValueName(entity) ?? '') === 'body' },
]

const isSensor = ({ component }: Entity) => component === 'binary_sensor'

/** What a page begins with when nothing was chosen: never empty while the house says anything. */
export function mostTelling(entities: readonly Entity[]): Shown[] {
  const candidates = entities.filter(entity => isOnHome(entity) && mainValueName(entity) !== undefined)
  const found = TELLING.flatMap(({ most, is }) => oneOfEachRoom(candidates.filter(is)).slice(0, most))
  const chosen = found.length > 0 ? found : candidates.toSorted(byImportance).slice(0, MOST_SHOWN)
  return chosen.map(entity => toShown(entity, mainValueName(entity)!))
}

/** First one of each room, then the others. */
function oneOfEachRoom(entities: readonly Entity[]): Entity[] {
  const rooms = new Set<string | null>()
  const [first, others] = [[], []] as [Entity[], Entity[]]
  for (const entity of entities) {
    const room = entity.area?.id ?? null
    ;(room === null || rooms.has(room) ? others : first).push(entity)
    rooms.add(room)
  }
  return [...first, ...others]
}
