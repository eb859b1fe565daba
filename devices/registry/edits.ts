import { HobError, isSlug, type Cause, type Ulid } from '#kernel'
import { MAX_NAME } from '../dialects/fields.ts'
import type { Registry } from '../face.ts'
import type { Area, Device, Entity } from '../model/entity.ts'
import type { DeviceStore, StoredAlias, StoredArea } from '../store.ts'
import { putDevice } from './adoption.ts'
import { putEntity } from './describe-entities.ts'
import type { LiveDevice } from './device.ts'
import { badSlug, type Directory, type LiveArea } from './directory.ts'
import type { Turn, Turns } from './turn.ts'

export interface EditOptions {
  readonly directory: Directory
  readonly store: DeviceStore
  readonly turns: Turns
  readonly newId: () => Ulid
  readonly whenDurable: (batch: number) => Promise<void>
}

export type Edits = Pick<
  Registry,
  'changeDevice' | 'changeEntity' | 'addArea' | 'changeArea' | 'removeArea' | 'restoreArea'
>

function checkVersion(what: string, current: number, wanted: number | undefined): void {
  if (wanted === undefined || wanted === current) return
  throw new HobError('devices.stale_version', `${what} was changed meanwhile; it is at version ${current} now`, {
    current,
  })
}

/** A name as people may give it. @throws HobError `devices.bad_value`. */
function nameFrom(name: string): string {
  const plain = name.trim()
  if (plain !== '' && plain.length <= MAX_NAME) return plain
  throw new HobError('devices.bad_value', `a name has 1 to ${MAX_NAME} characters`, { pointer: '/name' })
}

/** What people change about devices, entities and areas. */
export function createEdits(options: EditOptions): Edits {
  const { directory, store, turns, whenDurable } = options

  function putAlias(alias: StoredAlias): void {
    directory.addAlias(alias)
    store.write({ op: 'devices.alias.put', alias })
  }

  const areaFrom = (area: string | null) => (area === null ? null : directory.needArea(area))

  function renamed(turn: Turn, devices: readonly LiveDevice[]): void {
    turn.hasStructure = true
    for (const device of devices) for (const entity of device.entities) turn.changes.push({ kind: 'entity', entity })
  }

  function needDevice(idOrSlug: string): LiveDevice {
    const device = directory.device(idOrSlug)
    if (device === undefined) throw new HobError('devices.unknown_device', `there is no device "${idOrSlug}"`)
    return device
  }

  async function changeDevice(
    idOrSlug: string,
    change: { name?: string; area?: string | null; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Device> {
    const device = needDevice(idOrSlug)
    checkVersion(device.name, device.version, edit.ifVersion)
    const name = change.name === undefined ? device.name : nameFrom(change.name)
    const area = change.area === undefined ? device.area : areaFrom(change.area)
    const slug = change.slug ?? device.slug
    if (slug !== device.slug) {
      directory.checkSlug('device', slug, device.id)
      putAlias({ kind: 'device', slug: device.slug, id: device.id })
    }
    Object.assign(device, { name, area, slug, version: device.version + 1 })
    const batch = putDevice(store, device, edit.cause)
    turns.run(edit.cause, turn => renamed(turn, [device]))
    await whenDurable(batch)
    return device
  }

  function changeEntitySlug(entity: Entity, slug: string): void {
    if (!isSlug(slug)) throw badSlug(slug)
    if (entity.device.entities.some(each => each !== entity && each.slug === slug)) {
      throw new HobError('devices.slug_taken', `another entity of ${entity.device.name} has the slug "${slug}"`)
    }
    putAlias({ kind: 'entity', slug: `${entity.device.slug}.${entity.slug}`, id: entity.id })
  }

  async function changeEntity(
    id: Ulid,
    change: { name?: string | null; area?: string | null; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Entity> {
    const entity = directory.entities.get(id)
    if (entity === undefined) throw new HobError('devices.unknown_entity', `there is no entity with id "${id}"`)
    checkVersion(entity.name, entity.version, edit.ifVersion)
    const name = change.name == null ? change.name : nameFrom(change.name)
    const area = change.area === undefined ? entity.ownArea : areaFrom(change.area)
    if (change.slug !== undefined && change.slug !== entity.slug) {
      changeEntitySlug(entity, change.slug)
      entity.slug = change.slug
    }
    entity.ownArea = area
    if (name !== undefined) entity.ownName = name
    const batch = putEntity(store, entity, edit.cause)
    turns.run(edit.cause, turn => {
      turn.hasStructure = true
      turn.changes.push({ kind: 'entity', entity })
    })
    await whenDurable(batch)
    return entity
  }

  function putArea({ id, slug, name, version }: LiveArea, cause: Cause): number {
    return store.write({ op: 'devices.area.put', area: { id, slug, name, version }, cause })
  }

  async function addArea(asked: { name: string; slug?: string }, cause: Cause): Promise<Area> {
    const name = nameFrom(asked.name)
    const slug = asked.slug ?? directory.freeSlug('area', name)
    if (asked.slug !== undefined) directory.checkSlug('area', slug, null)
    return enter({ id: options.newId(), slug, name, version: 1 }, cause)
  }

  async function enter(area: LiveArea, cause: Cause): Promise<Area> {
    directory.areas.set(area.id, area)
    const batch = putArea(area, cause)
    turns.run(cause, turn => renamed(turn, []))
    await whenDurable(batch)
    return area
  }

  async function restoreArea({ id, slug, name, version }: StoredArea, cause: Cause): Promise<Area> {
    directory.checkSlug('area', slug, id)
    return enter({ id, slug, name, version }, cause)
  }

  const devicesIn = (area: Area) => [...directory.devices.values()].filter(device => device.area === area)

  async function changeArea(
    idOrSlug: string,
    change: { name?: string; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Area> {
    const area = directory.needArea(idOrSlug)
    checkVersion(area.name, area.version, edit.ifVersion)
    const name = change.name === undefined ? area.name : nameFrom(change.name)
    const slug = change.slug ?? area.slug
    if (slug !== area.slug) {
      directory.checkSlug('area', slug, area.id)
      putAlias({ kind: 'area', slug: area.slug, id: area.id })
    }
    Object.assign(area, { name, slug, version: area.version + 1 })
    const batch = putArea(area, edit.cause)
    turns.run(edit.cause, turn => renamed(turn, devicesIn(area)))
    await whenDurable(batch)
    return area
  }

  async function removeArea(idOrSlug: string, cause: Cause): Promise<void> {
    const area = directory.needArea(idOrSlug)
    directory.areas.delete(area.id)
    const devices = devicesIn(area)
    for (const device of devices) {
      device.area = null
      device.version++
      putDevice(store, device, cause)
    }
    const entities = [...directory.entities.values()].filter(entity => entity.ownArea === area)
    for (const entity of entities) {
      entity.ownArea = null
      putEntity(store, entity, cause)
    }
    const batch = store.write({ op: 'devices.area.remove', id: area.id, cause })
    turns.run(cause, turn => {
      renamed(turn, devices)
      for (const entity of entities) turn.changes.push({ kind: 'entity', entity })
    })
    await whenDurable(batch)
  }

  return { changeDevice, changeEntity, addArea, changeArea, removeArea, restoreArea }
}
