import { HobError, type Cause, type Publish, type Ulid } from '#kernel'
import { MAX_NAME } from '../dialects/fields.ts'
import type { Device } from '../model/entity.ts'
import type { DeviceStore } from '../store.ts'
import type { Announcements } from './announcements.ts'
import type { Commands } from './commands.ts'
import { putEntity } from './describe-entities.ts'
import type { LiveDevice } from './device.ts'
import type { Directory } from './directory.ts'
import type { RecentPoints } from './points.ts'
import type { Source } from './source.ts'
import type { Turn, Turns } from './turn.ts'

export interface AdoptionOptions {
  readonly directory: Directory
  readonly announcements: Announcements
  readonly commands: Commands
  readonly points: RecentPoints
  readonly store: DeviceStore
  readonly turns: Turns
  readonly publish: Publish
  readonly now: () => number
  readonly whenDurable: (batch: number) => Promise<void>
}

export interface Adoption {
  adopt(candidate: Ulid, choice: { name?: string; area?: string | null }, cause: Cause): Promise<Device>
  forget(device: string, cause: Cause): Promise<void>
}

/** Writes what people decided about a device. */
export function putDevice(store: DeviceStore, device: LiveDevice, cause: Cause): number {
  const { id, slug, name, area, identifiers, user, adoptedAt, version } = device
  return store.write({
    op: 'devices.device.put',
    device: { id, slug, name, area: area?.id ?? null, identifiers: [...identifiers], user, adoptedAt, version },
    cause,
  })
}

/** Makes candidates devices, and devices strangers again. */
export function createAdoption(options: AdoptionOptions): Adoption {
  const { directory, announcements, commands, points, store, turns } = options

  /** Lets go of a source: what it announces is emptied at the broker if it is this device's alone. */
  function silence(source: Source, cause: Cause, turn: Turn): void {
    const { clearsOnForget } = source.dialect
    const topics = announcements.forget(source, turn)
    if (!clearsOnForget) return
    for (const topic of topics) options.publish({ topic, payload: '', retain: true, qos: 1, cause })
  }

  function remove(device: LiveDevice, cause: Cause, turn: Turn): number {
    let batch = 0
    for (const entity of device.entities) {
      commands.abandon(entity, turn)
      points.forget(entity)
      if (device.isAdopted) batch = store.write({ op: 'devices.entity.remove', id: entity.id })
    }
    for (const { id } of directory.absent.get(device.id)?.values() ?? []) {
      batch = store.write({ op: 'devices.entity.remove', id })
    }
    if (device.isAdopted) {
      batch = store.write({ op: 'devices.device.remove', id: device.id, cause })
      const { id, name, entities } = device
      turn.changes.push({ kind: 'removed', entities: entities.map(each => each.id), device: { id, name } })
      turn.hasStructure = true
    } else turn.hasCandidates = true
    // It is a stranger from here on: what its sources let go of goes with it.
    directory.removeDevice(device)
    device.adoptedAt = 0
    for (const source of device.sources) {
      if (source.devices.size === 1) silence(source, cause, turn)
    }
    for (const entity of device.entities) entity.release()
    return batch
  }

  return {
    async adopt(id, choice, cause) {
      const device = directory.candidates.get(id)
      if (device === undefined) {
        throw new HobError('devices.unknown_candidate', `there is no candidate "${id}"; it may be adopted already`)
      }
      const suggested = device.suggestedArea === null ? undefined : directory.areaNamed(device.suggestedArea)
      const area = choice.area === undefined ? suggested : choice.area === null ? null : directory.needArea(choice.area)
      const name = choice.name?.trim().slice(0, MAX_NAME) ?? ''
      if (name !== '') device.name = name
      device.area = area ?? null
      device.slug = directory.freeSlug('device', device.name)
      device.adoptedAt = options.now()
      device.version = 1
      directory.candidates.delete(id)
      directory.devices.set(id, device)
      let batch = putDevice(store, device, cause)
      for (const entity of device.entities) {
        directory.entities.set(entity.id, entity)
        batch = putEntity(store, entity, cause)
      }
      turns.run(cause, turn => {
        turn.hasStructure = true
        turn.hasCandidates = true
        for (const entity of device.entities) turn.changes.push({ kind: 'entity', entity, isNew: true })
      })
      await options.whenDurable(batch)
      return device
    },
    async forget(idOrSlug, cause) {
      const device = directory.device(idOrSlug) ?? directory.candidates.get(idOrSlug)
      if (device === undefined) throw new HobError('devices.unknown_device', `there is no device "${idOrSlug}"`)
      let batch = 0
      turns.run(cause, turn => void (batch = remove(device, cause, turn)))
      await options.whenDurable(batch)
    },
  }
}
