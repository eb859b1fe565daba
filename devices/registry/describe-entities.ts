import type { Cause, Ulid } from '#kernel'
import type { EntityDescription } from '../dialects/dialect.ts'
import type { DeviceStore } from '../store.ts'
import type { LiveDevice } from './device.ts'
import { freeEntitySlug, type Directory } from './directory.ts'
import { LiveEntity, LiveValue } from './entity.ts'
import { MAX_ENTITIES } from './limits.ts'
import type { Source } from './source.ts'
import type { States } from './states.ts'
import type { Turn } from './turn.ts'

export interface DescribeEntities {
  /**
   * Makes an entity what its description says. `seen`: those that this text described already.
   * @returns what is wrong with it, null when nothing.
   */
  describe(
    device: LiveDevice,
    described: EntityDescription,
    to: { source: Source; turn: Turn; seen: Set<LiveEntity> },
  ): string | null
  /** Puts a new entity into its device; into an adopted one for good. */
  settle(device: LiveDevice, entity: LiveEntity, turn: Turn): void
  /** A candidate's entity goes; an adopted one stays with all that people decided and is offline until it comes back. */
  release(entity: LiveEntity, turn: Turn): void
  /** Takes an entity off its source and topics. */
  detach(entity: LiveEntity, turn: Turn): void
}

/** Writes what people decided about an entity; with a cause it is a version of its own. */
export function putEntity(store: DeviceStore, entity: LiveEntity, cause: Cause | null): number {
  if (cause !== null) entity.version++
  const { id, device, key, slug, ownName, ownArea, version } = entity
  return store.write({
    op: 'devices.entity.put',
    entity: { id, device: device.id, key, slug, name: ownName, area: ownArea?.id ?? null, version },
    cause,
  })
}

function looksSame(a: EntityDescription, b: EntityDescription): boolean {
  const face = ({ component, name, deviceClass, category, values, commands, ...each }: EntityDescription) => {
    const topics = [...each.readings.map(({ filter }) => filter), ...each.commandTopics]
    return JSON.stringify([component, name, deviceClass, category, values, commands, topics])
  }
  return face(a) === face(b)
}

/** Turns the descriptions of entities into entities. */
export function createDescribeEntities({
  directory,
  states,
  store,
  newId,
  maxCandidateEntities,
}: {
  readonly directory: Directory
  readonly states: States
  readonly store: DeviceStore
  readonly newId: () => Ulid
  readonly maxCandidateEntities?: number | undefined
}): DescribeEntities {
  function isFull(): boolean {
    if (maxCandidateEntities === undefined) return false
    let count = 0
    for (const { entities } of directory.candidates.values()) count += entities.length
    return count >= maxCandidateEntities
  }

  function settle(device: LiveDevice, entity: LiveEntity, turn: Turn): void {
    device.entities.push(entity)
    if (!device.isAdopted) return
    directory.entities.set(entity.id, entity)
    turn.hasStructure = true
    turn.changes.push({ kind: 'entity', entity })
  }

  function takeValues(entity: LiveEntity, { values }: EntityDescription): void {
    for (const name of entity.values.keys()) if (!Object.hasOwn(values, name)) entity.values.delete(name)
    for (const [name, spec] of Object.entries(values)) {
      const value = entity.values.get(name)
      if (value === undefined) entity.values.set(name, new LiveValue(name, spec))
      else value.spec = spec
    }
  }

  function add(device: LiveDevice, described: EntityDescription, turn: Turn): LiveEntity {
    const decided = directory.absent.get(device.id)?.get(described.key)
    const entity = new LiveEntity(decided?.id ?? newId(), device, described)
    entity.slug = decided?.slug ?? freeEntitySlug(device, described.name, described.component)
    entity.ownName = decided?.name ?? null
    entity.ownArea = decided?.area == null ? null : (directory.areas.get(decided.area) ?? null)
    entity.version = decided?.version ?? 0
    directory.absent.get(device.id)?.delete(described.key)
    settle(device, entity, turn)
    if (device.isAdopted && decided === undefined) putEntity(store, entity, turn.cause)
    return entity
  }

  function describe(
    device: LiveDevice,
    described: EntityDescription,
    to: { source: Source; turn: Turn; seen: Set<LiveEntity> },
  ): string | null {
    const { source, turn, seen } = to
    let entity = device.find(described.key, described.uniqueId, described.component)
    if (entity !== undefined && entity.source !== null && entity.source !== source) {
      const where = [...entity.source.announcements.keys()][0]
      return `${described.component} "${described.name ?? device.name}" is already announced on ${where}; the first one stays`
    }
    if (entity !== undefined && seen.has(entity)) {
      return `${described.component} "${described.name ?? device.name}" has the unique id of "${entity.name}"; the first one stays`
    }
    if (entity === undefined) {
      if (device.entities.length >= MAX_ENTITIES)
        return `${device.name} has ${MAX_ENTITIES} entities; the rest is left out`
      if (isFull())
        return `${maxCandidateEntities} entities are understood before anything is adopted; the rest is left out`
      entity = add(device, described, turn)
    } else {
      const isRenamed = entity.key !== described.key
      const before = entity.description
      entity.key = described.key
      entity.description = described
      if (device.isAdopted && isRenamed) putEntity(store, entity, null)
      if (device.isAdopted && (entity.source === null || !looksSame(before, described))) {
        turn.hasStructure = true
        turn.changes.push({ kind: 'entity', entity })
      }
    }
    entity.source = source
    source.entities.add(entity)
    seen.add(entity)
    takeValues(entity, described)
    states.bind(entity, turn)
    return null
  }

  function release(entity: LiveEntity, turn: Turn): void {
    const { device } = entity
    detach(entity, turn)
    if (!device.isAdopted) device.entities.splice(device.entities.indexOf(entity), 1)
  }

  function detach(entity: LiveEntity, turn: Turn): void {
    turn.hasCandidates ||= !entity.device.isAdopted
    entity.source?.entities.delete(entity)
    entity.source = null
    states.unbind(entity, turn)
  }

  return { describe, settle, release, detach }
}
