import { HobError, isSlug, toSlug, uniqueSlug, type Ulid } from '#kernel'
import type { Area } from '../model/entity.ts'
import type { StoredAlias, StoredEntity } from '../store.ts'
import type { LiveDevice } from './device.ts'
import type { LiveEntity } from './entity.ts'

/** An area as the registry holds it. */
export interface LiveArea extends Area {
  slug: string
  name: string
  version: number
}

/** First words of names in rules that mean something else than a device. */
const RESERVED: ReadonlySet<string> = new Set([
  'all',
  'and',
  'anyone_home',
  'area',
  'false',
  'house',
  'in',
  'lists',
  'none',
  'not',
  'now',
  'null',
  'or',
  'payload',
  'people',
  'run',
  'sun',
  'time',
  'trigger',
  'true',
  'unknown',
])

/** Everything the registry knows, by id, slug and identity. */
export class Directory {
  readonly areas = new Map<Ulid, LiveArea>()
  /** Adopted devices, in order of adoption. */
  readonly devices = new Map<Ulid, LiveDevice>()
  readonly candidates = new Map<Ulid, LiveDevice>()
  /** Entities of adopted devices. */
  readonly entities = new Map<Ulid, LiveEntity>()
  /** What people decided about entities that are not announced at present, by device and key. */
  readonly absent = new Map<Ulid, Map<string, StoredEntity>>()
  readonly #byIdentifier = new Map<string, LiveDevice>()
  /** Old slugs, by kind and slug. */
  readonly #aliases = new Map<string, StoredAlias>()

  /** The devices that carry one of these identifiers, adopted ones first. */
  byIdentifiers(identifiers: readonly string[]): LiveDevice[] {
    const found = new Set<LiveDevice>()
    for (const identifier of identifiers) {
      const device = this.#byIdentifier.get(identifier)
      if (device !== undefined) found.add(device)
    }
    return [...found].toSorted((a, b) => Number(b.isAdopted) - Number(a.isAdopted))
  }

  /** Lets a device be found by its identifiers, unless another one has them. */
  identify(device: LiveDevice): void {
    for (const identifier of device.identifiers) {
      if (!this.#byIdentifier.has(identifier)) this.#byIdentifier.set(identifier, device)
    }
  }

  removeDevice(device: LiveDevice): void {
    this.devices.delete(device.id)
    this.candidates.delete(device.id)
    this.absent.delete(device.id)
    for (const identifier of device.identifiers) {
      if (this.#byIdentifier.get(identifier) === device) this.#byIdentifier.delete(identifier)
    }
    for (const entity of device.entities) this.entities.delete(entity.id)
  }

  device(idOrSlug: string): LiveDevice | undefined {
    const byId = this.devices.get(idOrSlug)
    if (byId !== undefined) return byId
    for (const device of this.devices.values()) if (device.slug === idOrSlug) return device
    const alias = this.#aliases.get(`device ${idOrSlug}`)
    return alias === undefined ? undefined : this.devices.get(alias.id)
  }

  area(idOrSlug: string): LiveArea | undefined {
    const byId = this.areas.get(idOrSlug)
    if (byId !== undefined) return byId
    for (const area of this.areas.values()) if (area.slug === idOrSlug) return area
    const alias = this.#aliases.get(`area ${idOrSlug}`)
    return alias === undefined ? undefined : this.areas.get(alias.id)
  }

  /** The area that a device means by the name it knows. */
  areaNamed(name: string): LiveArea | undefined {
    const slug = toSlug(name, 'area')
    return [...this.areas.values()].find(area => area.slug === slug || area.name === name)
  }

  /** @throws HobError `devices.unknown_area`. */
  needArea(idOrSlug: string): LiveArea {
    const area = this.area(idOrSlug)
    if (area === undefined) throw new HobError('devices.unknown_area', `there is no area "${idOrSlug}"`)
    return area
  }

  addAlias(alias: StoredAlias): void {
    this.#aliases.set(`${alias.kind} ${alias.slug}`, alias)
  }

  /** A free slug for a device or an area. */
  freeSlug(kind: 'device' | 'area', name: string): string {
    return uniqueSlug(toSlug(name, kind), slug => this.#isTaken(kind, slug, null))
  }

  /** @throws HobError `devices.bad_slug`, `devices.slug_taken`. */
  checkSlug(kind: 'device' | 'area', slug: string, own: Ulid | null): void {
    if (!isSlug(slug) || RESERVED.has(slug)) throw badSlug(slug)
    if (this.#isTaken(kind, slug, own)) {
      throw new HobError('devices.slug_taken', `the ${kind} slug "${slug}" is taken, or an old name of another one`)
    }
  }

  /** The aliases as rules write them: `old` for a device, `old.part` for an entity, `area.old` for an area. */
  aliases(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const { kind, slug, id } of this.#aliases.values()) {
      if (kind === 'device') put(found, slug, this.devices.get(id)?.slug)
      else if (kind === 'area') put(found, `area.${slug}`, areaName(this.areas.get(id)))
      else put(found, slug, entityName(this.entities.get(id)))
    }
    return found
  }

  #isTaken(kind: 'device' | 'area', slug: string, own: Ulid | null): boolean {
    if (RESERVED.has(slug)) return true
    const holders = kind === 'device' ? this.devices : this.areas
    for (const holder of holders.values()) if (holder.slug === slug && holder.id !== own) return true
    const alias = this.#aliases.get(`${kind} ${slug}`)
    return alias !== undefined && alias.id !== own && holders.has(alias.id)
  }
}

function put(found: Map<string, string>, from: string, to: string | undefined): void {
  if (to !== undefined && to !== from) found.set(from, to)
}

const areaName = (area: LiveArea | undefined) => (area === undefined ? undefined : `area.${area.slug}`)
const entityName = (entity: LiveEntity | undefined) =>
  entity === undefined ? undefined : `${entity.device.slug}.${entity.slug}`

export function badSlug(slug: string): HobError {
  return new HobError(
    'devices.bad_slug',
    `"${slug}" cannot be a slug: lower-case letters, digits and _, a letter first, at most 64, and no word of the rule language`,
    { pointer: '/slug' },
  )
}

/** A free slug for an entity within its device. */
export function freeEntitySlug(device: LiveDevice, name: string | null, component: string): string {
  const taken = new Set(device.entities.map(entity => entity.slug))
  return uniqueSlug(toSlug(name ?? component, component), slug => taken.has(slug))
}
