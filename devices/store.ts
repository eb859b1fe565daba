import type { Cause, Ulid, Writes } from '#kernel'
import type { Scalar } from './model/entity.ts'

/** The text by which a device announced itself; the dialects rebuild devices and bindings from these at start. */
export interface StoredAnnouncement {
  readonly topic: string
  readonly dialect: string
  /** Owns its buffer. */
  readonly payload: Uint8Array
  /** Who published it, null for the hub itself. */
  readonly user: string | null
  readonly clientId: string | null
  readonly at: number
}

export interface StoredArea {
  readonly id: Ulid
  readonly slug: string
  readonly name: string
  readonly version: number
}

/** What people decided about a device. What it is comes from its announcements. */
export interface StoredDevice {
  readonly id: Ulid
  readonly slug: string
  readonly name: string
  readonly area: Ulid | null
  /** The identity the dialect gave: finds the device again among what is announced. */
  readonly identifiers: readonly string[]
  readonly user: string | null
  readonly adoptedAt: number
  readonly version: number
}

export interface StoredEntity {
  readonly id: Ulid
  readonly device: Ulid
  readonly key: string
  readonly slug: string
  /** A person's name for it, null for the device's own. */
  readonly name: string | null
  readonly area: Ulid | null
  /** Grows by one with each change that a person makes. */
  readonly version: number
}

/** Last recorded value of an entity, for the restart. */
export interface StoredValue {
  readonly entity: Ulid
  readonly name: string
  readonly value: Scalar
  readonly at: number
  readonly changedAt: number
}

/** The last recorded numbers of a value, oldest first, for its sparkline. */
export interface StoredPoints {
  readonly entity: Ulid
  readonly name: string
  readonly at: readonly number[]
  readonly numbers: readonly number[]
}

/** A slug that was changed still leads to its object. */
export interface StoredAlias {
  readonly kind: 'device' | 'entity' | 'area'
  readonly slug: string
  readonly id: Ulid
}

export interface StoredDevices {
  readonly announcements: readonly StoredAnnouncement[]
  readonly areas: readonly StoredArea[]
  readonly devices: readonly StoredDevice[]
  readonly entities: readonly StoredEntity[]
  readonly values: readonly StoredValue[]
  readonly points: readonly StoredPoints[]
  readonly aliases: readonly StoredAlias[]
}

/**
 * What the registry writes. `put` of an area, device or entity also writes a version row (who, when, and what people
 * decided) from its cause; an entity's without one changes nothing that people decided. Values are not written here: the
 * recorder of history takes them from the events.
 */
export type DeviceOp =
  | { readonly op: 'devices.announcement.put'; readonly announcement: StoredAnnouncement }
  | { readonly op: 'devices.announcement.remove'; readonly topic: string }
  | { readonly op: 'devices.area.put'; readonly area: StoredArea; readonly cause: Cause }
  | { readonly op: 'devices.area.remove'; readonly id: Ulid; readonly cause: Cause }
  | { readonly op: 'devices.device.put'; readonly device: StoredDevice; readonly cause: Cause }
  | { readonly op: 'devices.device.remove'; readonly id: Ulid; readonly cause: Cause }
  | { readonly op: 'devices.entity.put'; readonly entity: StoredEntity; readonly cause: Cause | null }
  | { readonly op: 'devices.entity.remove'; readonly id: Ulid }
  | { readonly op: 'devices.alias.put'; readonly alias: StoredAlias }

/** The registry's port to the disk. */
export interface DeviceStore extends Writes<DeviceOp> {
  load(): Promise<StoredDevices>
}
