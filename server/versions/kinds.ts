import type { Registry } from '#devices'
import type { Json } from '#kernel'
import type { Engine } from '#rules'
import type { HouseSettings, Settings } from '../settings/index.ts'
import type { Edit, VersionedKind } from './face.ts'

// How each owner shows its objects to the mechanism and takes a version back.

type AreaVersion = { readonly slug: string; readonly name: string }
type DeviceVersion = AreaVersion & { readonly area: string | null }
type EntityVersion = Omit<DeviceVersion, 'name'> & { readonly name: string | null }

const found = (registry: Registry, thing: { readonly id: string } | undefined) =>
  thing && { id: thing.id, version: registry.version(thing.id)! }

/** An area's id reads as its name, while there is one. */
const showArea = (registry: Registry) => (field: string, value: Json) =>
  field === 'area' && typeof value === 'string' ? (registry.area(value)?.name ?? value) : value

const editOf = ({ cause, ifVersion }: Edit) => (ifVersion === undefined ? { cause } : { cause, ifVersion })

function areaKind(registry: Registry): VersionedKind {
  return {
    kind: 'area',
    find: area => found(registry, registry.area(area)),
    async restore(id, content, edit) {
      const area = JSON.parse(content) as AreaVersion
      if (registry.area(id) !== undefined) await registry.changeArea(id, area, editOf(edit))
      else await registry.restoreArea({ ...area, id, version: edit.next }, edit.cause)
    },
  }
}

function deviceKind(registry: Registry): VersionedKind {
  return {
    kind: 'device',
    find: device => found(registry, registry.device(device)),
    show: showArea(registry),
    restore: async (id, content, edit) =>
      void (await registry.changeDevice(id, JSON.parse(content) as DeviceVersion, editOf(edit))),
  }
}

function entityKind(registry: Registry): VersionedKind {
  return {
    kind: 'entity',
    find: entity => found(registry, registry.entity(entity)),
    show: showArea(registry),
    restore: async (id, content, edit) =>
      void (await registry.changeEntity(id, JSON.parse(content) as EntityVersion, editOf(edit))),
  }
}

/** The settings are one object, `house`. */
function settingsKind(settings: HouseSettings): VersionedKind {
  return {
    kind: 'settings',
    find: object => (object === 'house' ? { id: object, version: settings.version() } : undefined),
    restore: async (_id, content, edit) => void (await settings.change(JSON.parse(content) as Settings, editOf(edit))),
  }
}

function ruleFileKind(engine: Engine): VersionedKind {
  return {
    kind: 'rule_file',
    isText: true,
    find(slug) {
      const file = engine.file(slug)
      return file && { id: slug, version: file.version }
    },
    restore: async (slug, text, { cause, ifVersion = null }) =>
      void (await engine.save({ slug, text, ifVersion }, cause)),
  }
}

/** Everything whose versions people look at and bring back. */
export function versionedKinds(owners: {
  readonly registry: Registry
  readonly settings: HouseSettings
  readonly engine: Engine
}): readonly VersionedKind[] {
  const { registry, settings, engine } = owners
  return [areaKind(registry), deviceKind(registry), entityKind(registry), settingsKind(settings), ruleFileKind(engine)]
}
