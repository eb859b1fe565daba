import { HobError, type Log, type Ulid } from '#kernel'
import type { DeviceDescription, Discovery } from '../dialects/dialect.ts'
import type { DeviceStore } from '../store.ts'
import { createDescribeEntities } from './describe-entities.ts'
import { LiveDevice } from './device.ts'
import { freeEntitySlug, type Directory } from './directory.ts'
import type { LiveEntity } from './entity.ts'
import { MAX_DEVICES, MAX_ENTITIES, MAX_IDENTIFIERS } from './limits.ts'
import { nameOfNameless } from './naming.ts'
import type { Source } from './source.ts'
import type { States } from './states.ts'
import type { Turn } from './turn.ts'

export interface DescribeOptions {
  readonly directory: Directory
  readonly states: States
  readonly store: DeviceStore
  readonly newId: () => Ulid
  readonly maxCandidateEntities?: number | undefined
  readonly log: Log
}

/** Who announced it: the MQTT user and client, both null for the hub itself. */
export interface Announcer {
  readonly user: string | null
  readonly clientId: string | null
  readonly at: number
}

export interface Describe {
  /** Makes devices and entities what a source describes. @returns what could not be used. */
  apply(source: Source, discovery: Discovery & { readonly by: Announcer }, turn: Turn): string[]
  /** Lets go of everything a source described. */
  drop(source: Source, turn: Turn): void
  /** Takes everything a source described off its topics, for another source that is about to describe the same. */
  unload(source: Source, turn: Turn): void
  /** Whether somebody else's device stands behind one of these descriptions. */
  conflict(discovery: Discovery, by: Announcer): string | null
}

/** Turns descriptions into devices and entities. */
export function createDescribe(options: DescribeOptions): Describe {
  const { directory, states, newId, log } = options
  const { describe, settle, release, detach } = createDescribeEntities(options)

  function create(described: DeviceDescription, source: Source, by: Announcer): LiveDevice {
    if (directory.devices.size + directory.candidates.size >= MAX_DEVICES) {
      throw new HobError('devices.too_many', `the hub holds ${MAX_DEVICES} devices; forget some first`)
    }
    const name = described.name ?? nameOfNameless(new Set(), described)
    const device = new LiveDevice(newId(), directory.freeSlug('device', name), {
      name,
      dialect: source.dialect.name,
      user: by.user,
      identifiers: [],
    })
    device.firstSeen = by.at
    directory.candidates.set(device.id, device)
    return device
  }

  /** A description that shares identifiers with several devices shows that they are one. Adopted ones stay apart. */
  function merge(target: LiveDevice, other: LiveDevice, turn: Turn): void {
    turn.hasCandidates = true
    if (other.isAdopted) {
      log.warn({ device: target.name, other: other.name }, 'two adopted devices announce themselves as one')
      return
    }
    directory.removeDevice(other)
    for (const entity of other.entities.splice(0)) {
      entity.device = target
      entity.slug = freeEntitySlug(target, entity.description.name, entity.component)
      if (target.find(entity.key, null, entity.component) === undefined) settle(target, entity, turn)
      else {
        entity.source?.entities.delete(entity)
        entity.source = null
        states.unbind(entity, turn)
      }
    }
    for (const source of other.sources) {
      source.devices.delete(other)
      source.devices.add(target)
      target.sources.add(source)
    }
    for (const [source, list] of other.unsupportedBy) target.unsupportedBy.set(source, list)
    target.identifiers = [...new Set([...target.identifiers, ...other.identifiers])].slice(0, MAX_IDENTIFIERS)
    directory.identify(target)
  }

  /** What it calls itself, until a person decided. */
  function takeName(device: LiveDevice, { name, nameHint }: DeviceDescription): void {
    if (nameHint !== null && device.nameHints.size < MAX_ENTITIES) device.nameHints.add(nameHint)
    if (device.isAdopted || (name === null && device.isNamed)) return
    device.isNamed ||= name !== null
    device.name = name ?? nameOfNameless(device.nameHints, device)
  }

  function deviceFor(described: DeviceDescription, source: Source, from: { by: Announcer; turn: Turn }): LiveDevice {
    const [first, ...others] = directory.byIdentifiers(described.identifiers)
    const { by, turn } = from
    const device = first ?? create(described, source, by)
    for (const other of others) merge(device, other, turn)
    device.identifiers = [...new Set([...device.identifiers, ...described.identifiers])].slice(0, MAX_IDENTIFIERS)
    directory.identify(device)
    device.manufacturer = described.manufacturer ?? device.manufacturer
    device.model = described.model ?? device.model
    device.software = described.software ?? device.software
    takeName(device, described)
    device.suggestedArea = described.suggestedArea ?? device.suggestedArea
    device.dialect = source.dialect.name
    device.clientId = by.clientId ?? device.clientId
    device.sources.add(source)
    source.devices.add(device)
    device.unsupportedBy.set(source, described.unsupported)
    turn.hasCandidates ||= !device.isAdopted
    return device
  }

  function leave(source: Source, device: LiveDevice, turn: Turn): void {
    turn.hasCandidates ||= !device.isAdopted
    if (device.entities.some(entity => entity.source === source)) return
    source.devices.delete(device)
    device.sources.delete(source)
    device.unsupportedBy.delete(source)
    if (device.isAdopted || device.sources.size > 0) return
    for (const entity of device.entities) states.unbind(entity, turn)
    directory.removeDevice(device)
  }

  return {
    apply(source, discovery, turn) {
      const before = new Set(source.entities)
      const seen = new Set<LiveEntity>()
      const devicesBefore = new Set(source.devices)
      const faults: string[] = []
      for (const described of discovery.devices) {
        try {
          const device = deviceFor(described, source, { by: discovery.by, turn })
          devicesBefore.delete(device)
          device.lastSeen = Math.max(device.lastSeen, discovery.by.at)
          for (const each of described.entities) {
            const fault = describe(device, each, { source, turn, seen })
            if (fault !== null) faults.push(fault)
          }
        } catch (error) {
          if (!(error instanceof HobError)) throw error
          faults.push(error.message)
        }
      }
      for (const entity of before) {
        if (seen.has(entity)) continue
        if (!discovery.keepsMissing || discovery.removed.includes(entity.key)) release(entity, turn)
      }
      for (const device of devicesBefore) leave(source, device, turn)
      return faults
    },
    drop(source, turn) {
      for (const entity of source.entities) release(entity, turn)
      for (const device of source.devices) leave(source, device, turn)
    },
    unload(source, turn) {
      for (const entity of source.entities) detach(entity, turn)
      for (const device of source.devices) {
        device.sources.delete(source)
        device.unsupportedBy.delete(source)
      }
      source.devices.clear()
    },
    conflict(discovery, { user }) {
      if (user === null) return null
      for (const { identifiers } of discovery.devices) {
        for (const device of directory.byIdentifiers(identifiers)) {
          if (device.user === user || (device.user === null && !device.isAdopted)) continue
          const owner = device.user === null ? 'the hub' : `user "${device.user}"`
          return `${device.name} belongs to ${owner}; user "${user}" may not announce it. If it moved there, forget it first`
        }
      }
      return null
    },
  }
}
