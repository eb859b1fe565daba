import { and, eq, sql } from 'drizzle-orm'
import type { DeviceOp, StoredAlias, StoredArea, StoredDevice, StoredDevices } from '#devices'
import type { OpenDatabase } from '../database.ts'
import { aliases, announcements, areas, devices, entities } from '../tables/devices.ts'
import { excluded, fromJson, toBuffer, type Operations } from './operations.ts'
import { contentOf, type Versions } from './versions.ts'

const p = sql.placeholder

/** Announcements, areas, devices, entities and aliases. */
export function deviceOperations({ orm }: OpenDatabase, versions: Versions): Operations<DeviceOp> {
  const putAnnouncement = orm
    .insert(announcements)
    .values({
      topic: p('topic'),
      dialect: p('dialect'),
      payload: p('payload'),
      user: p('user'),
      clientId: p('clientId'),
      at: p('at'),
    })
    .onConflictDoUpdate({ target: announcements.topic, set: excluded('dialect', 'payload', 'user', 'client_id', 'at') })
    .prepare()
  const removeAnnouncement = orm
    .delete(announcements)
    .where(eq(announcements.topic, p('topic')))
    .prepare()
  const putAlias = orm
    .insert(aliases)
    .values({ kind: p('kind'), slug: p('slug'), id: p('id') })
    .onConflictDoUpdate({ target: [aliases.kind, aliases.slug], set: excluded('id') })
    .prepare()
  return {
    'devices.announcement.put': ({ announcement }) =>
      void putAnnouncement.run({ ...announcement, payload: toBuffer(announcement.payload) }),
    'devices.announcement.remove': ({ topic }) => void removeAnnouncement.run({ topic }),
    'devices.alias.put': ({ alias }) => void putAlias.run({ ...alias }),
    ...areaOperations({ orm }, versions),
    ...thingOperations({ orm }, versions),
  }
}

type AreaOp = Extract<DeviceOp, { op: `devices.area.${string}` }>

function areaOperations({ orm }: Pick<OpenDatabase, 'orm'>, versions: Versions): Operations<AreaOp> {
  const put = orm
    .insert(areas)
    .values({ id: p('id'), slug: p('slug'), name: p('name'), version: p('version') })
    .onConflictDoUpdate({ target: areas.id, set: excluded('slug', 'name', 'version') })
    .prepare()
  const remove = orm
    .delete(areas)
    .where(eq(areas.id, p('id')))
    .prepare()
  return {
    'devices.area.put': ({ area, cause }) => {
      put.run({ ...area })
      versions.add({ kind: 'area', object: area.id, cause, content: contentOf(area, ['slug', 'name']) })
    },
    'devices.area.remove': ({ id, cause }) => {
      remove.run({ id })
      versions.add({ kind: 'area', object: id, cause, content: null })
    },
  }
}

type ThingOp = Extract<DeviceOp, { op: `devices.device.${string}` | `devices.entity.${string}` }>

function thingOperations({ orm }: Pick<OpenDatabase, 'orm'>, versions: Versions): Operations<ThingOp> {
  const putDevice = orm
    .insert(devices)
    .values({
      id: p('id'),
      slug: p('slug'),
      name: p('name'),
      area: p('area'),
      identifiers: p('identifiers'),
      user: p('user'),
      adoptedAt: p('adoptedAt'),
      version: p('version'),
    })
    .onConflictDoUpdate({
      target: devices.id,
      set: excluded('slug', 'name', 'area', 'identifiers', 'user', 'adopted_at', 'version'),
    })
    .prepare()
  const removeDevice = orm
    .delete(devices)
    .where(eq(devices.id, p('id')))
    .prepare()
  const removeAliases = orm
    .delete(aliases)
    .where(and(eq(aliases.kind, 'device'), eq(aliases.id, p('id'))))
    .prepare()
  const putEntity = orm
    .insert(entities)
    .values({
      id: p('id'),
      device: p('device'),
      key: p('key'),
      slug: p('slug'),
      name: p('name'),
      area: p('area'),
      version: p('version'),
    })
    .onConflictDoUpdate({ target: entities.id, set: excluded('device', 'key', 'slug', 'name', 'area', 'version') })
    .prepare()
  const removeEntity = orm
    .delete(entities)
    .where(eq(entities.id, p('id')))
    .prepare()
  const removeEntities = orm
    .delete(entities)
    .where(eq(entities.device, p('id')))
    .prepare()
  return {
    'devices.device.put': ({ device, cause }) => {
      putDevice.run({ ...device, identifiers: JSON.stringify(device.identifiers) })
      versions.add({ kind: 'device', object: device.id, cause, content: contentOf(device, ['slug', 'name', 'area']) })
    },
    'devices.device.remove': ({ id, cause }) => {
      removeDevice.run({ id })
      removeEntities.run({ id })
      removeAliases.run({ id })
      versions.add({ kind: 'device', object: id, cause, content: null })
    },
    'devices.entity.put': ({ entity, cause }) => {
      putEntity.run({ ...entity })
      if (cause !== null)
        versions.add({ kind: 'entity', object: entity.id, cause, content: contentOf(entity, ['slug', 'name', 'area']) })
    },
    'devices.entity.remove': ({ id }) => void removeEntity.run({ id }),
  }
}

/** All but the last values. */
export function loadDevices({ orm }: OpenDatabase): Omit<StoredDevices, 'values' | 'points'> {
  return {
    announcements: orm.select().from(announcements).all(),
    areas: orm.select().from(areas).all() satisfies StoredArea[],
    devices: orm
      .select()
      .from(devices)
      .all()
      .map(row => ({ ...row, identifiers: fromJson<string[]>(row.identifiers) })) satisfies StoredDevice[],
    entities: orm.select().from(entities).all(),
    aliases: orm.select().from(aliases).all() as StoredAlias[],
  }
}
