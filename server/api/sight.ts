import { HobError, type Json, type Ulid } from '#kernel'
import type { Area, Device, Entity, Registry } from '#devices'
import type { Principal, Right } from '../access/index.ts'

/**
 * The house as one caller sees it. What is out of sight is answered as what is not there, with the same words: every
 * route looks for areas, devices and entities here and nowhere else.
 */
export interface Sight {
  /** Whether nothing is out of sight. */
  readonly seesHouse: boolean
  areas(): readonly Area[]
  devices(): readonly Device[]
  entities(): readonly Entity[]
  /** The entities of a device that are in sight. */
  entitiesOf(device: Device): readonly Entity[]
  /** By id or slug. @throws HobError `devices.unknown_area`. */
  area(idOrSlug: string): Area
  /** By id or slug. @throws HobError `devices.unknown_device`. */
  device(idOrSlug: string): Device
  /** @throws HobError `devices.unknown_entity`. */
  entity(id: string): Entity
  /** What a device or entity was, in a place that is in sight. */
  version(content: Json): Json
  /** @throws HobError `api.forbidden` for what is seen and not more. */
  require(right: Right, entity: Entity): void
  /** For a device: it, and all of its entities. @throws HobError `api.forbidden`. */
  requireDevice(right: Right, device: Device): void
  /** For an area, which is named only when it is in sight; `null` is what lies in none. @throws HobError `api.forbidden`. */
  requireArea(right: Right, area: Area | null): void
  /** @throws HobError `api.forbidden`. */
  requireHouse(right: Right): void
}

const unknown = (kind: 'area' | 'device' | 'entity', name: string) =>
  new HobError(`devices.unknown_${kind}`, `there is no ${kind} "${name}"`)

const forbidden = (right: Right, what: string) =>
  new HobError('api.forbidden', `your rights on ${what} lack "${right}"`)

/** Whether a principal sees an entity. */
export function maySee({ rights }: Principal, entity: Entity): boolean {
  return rights.may('read', entity)
}

export function sightOf(registry: Registry, { rights }: Principal): Sight {
  const seesHouse = rights.mayInHouse('read')
  const sees = (entity: Entity) => rights.may('read', entity)
  const entities = () => registry.entities().filter(sees)
  const seesDevice = (device: Device) => rights.may('read', device) || device.entities.some(sees)
  const seesAreaOf = (id: Ulid) =>
    rights.mayIn('read', id) || registry.entities().some(entity => entity.area?.id === id && sees(entity))
  const seesArea = ({ id }: Area) => seesAreaOf(id)

  return {
    seesHouse,
    areas: () => registry.areas().filter(seesArea),
    devices: () => registry.devices().filter(seesDevice),
    entities,
    entitiesOf: device => device.entities.filter(sees),
    area(idOrSlug) {
      const found = registry.area(idOrSlug)
      if (found === undefined || !seesArea(found)) throw unknown('area', idOrSlug)
      return found
    },
    device(idOrSlug) {
      const found = registry.device(idOrSlug)
      if (found === undefined || !seesDevice(found)) throw unknown('device', idOrSlug)
      return found
    },
    entity(id) {
      const found = registry.entity(id)
      if (found === undefined || !sees(found)) throw unknown('entity', id)
      return found
    },
    version(content) {
      const { area } = (content ?? {}) as { readonly area?: Ulid | null }
      return area == null || seesAreaOf(area) ? content : { ...(content as object), area: null }
    },
    require(right, entity) {
      if (!rights.may(right, entity)) throw forbidden(right, `"${entity.name}"`)
    },
    requireDevice(right, device) {
      if (!rights.may(right, device) || !device.entities.every(each => rights.may(right, each)))
        throw forbidden(right, `"${device.name}"`)
    },
    requireArea(right, area) {
      if (rights.mayIn(right, area?.id ?? null)) return
      throw forbidden(right, area !== null && seesArea(area) ? `"${area.name}"` : 'the house')
    },
    requireHouse(right) {
      if (!rights.mayInHouse(right)) throw forbidden(right, 'the house')
    },
  }
}
