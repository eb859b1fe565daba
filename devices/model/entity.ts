import type { Cause, Json, Ulid } from '#kernel'

/** What a value can be. `null` means unknown: never seen, or the device says so. */
export type Scalar = boolean | number | string | null | readonly Json[]

/** The type and bounds of a value, from the component table and from what the device announced. */
export interface ValueSpec {
  readonly type: 'bool' | 'number' | 'text' | 'enum' | 'list'
  readonly unit?: string
  readonly min?: number
  readonly max?: number
  readonly step?: number
  /** The legal texts of an enum. */
  readonly options?: readonly string[]
}

/**
 * One named datum of an entity's state. The object lives as long as its entity and only the registry
 * writes it, so a reader may keep it and read `value` at any time.
 */
export interface Value {
  readonly name: string
  readonly spec: ValueSpec
  readonly value: Scalar
  /** Wall-clock milliseconds of the last change of `value`, 0 when never seen. */
  readonly changedAt: number
  /** Wall-clock milliseconds of the last report, also of an equal value; 0 when never seen. */
  readonly at: number
  /** False for a value restored at start until the device speaks. */
  readonly confirmed: boolean
  readonly changedBy: Cause | null
  /**
   * Milliseconds that usually lie between two reports, at least 1,000; null until four were heard since the start, and
   * for what is no number and told only when it changes. It is stale when its last report is older than three times this.
   */
  readonly every: number | null
}

/** A command an entity takes: its canonical name and the types of its parameters. */
export interface CommandSpec {
  readonly name: string
  readonly parameters: Readonly<Record<string, ValueSpec & { readonly required?: boolean }>>
}

export interface Area {
  readonly id: Ulid
  readonly slug: string
  readonly name: string
}

export interface Device {
  readonly id: Ulid
  readonly slug: string
  readonly name: string
  readonly area: Area | null
  readonly dialect: string
  readonly manufacturer: string | null
  readonly model: string | null
  readonly software: string | null
  /** What identifies the thing itself, over dialects: `mac:AABBCCDDEEFF`, `id:...`. */
  readonly identifiers: readonly string[]
  /** The MQTT user and client that announced it. */
  readonly user: string | null
  readonly clientId: string | null
  /** Topic filters of what it says and takes: readings and availability, commands, then its own announcements. */
  readonly topics: readonly string[]
  readonly adoptedAt: number
  readonly entities: readonly Entity[]
  /** Milliseconds of the last message that told something about it, 0 when none since start. */
  readonly lastSeen: number
}

/** One controllable or observable part of a device; a live object, read-only outside the registry. */
export interface Entity {
  readonly id: Ulid
  readonly slug: string
  readonly name: string
  /** Stable within its device, given by the dialect. */
  readonly key: string
  readonly device: Device
  /** Its own area, else its device's. */
  readonly area: Area | null
  readonly component: string
  readonly deviceClass: string | null
  readonly category: 'config' | 'diagnostic' | null
  readonly values: ReadonlyMap<string, Value>
  readonly commands: readonly CommandSpec[]
  /** Availability: null while unknown. */
  readonly online: boolean | null
  readonly pending: Pending | null
  readonly trouble: Trouble | null
  /** Grows by one with each change that a person makes to it. */
  readonly version: number
}

/** The last command, when it came to nothing; until the entity changes, or something else is asked of it. */
export interface Trouble {
  readonly command: string
  readonly values: Readonly<Record<string, Scalar>>
  /** `expired`: the device did not answer in time; `failed`: it could not be asked. */
  readonly state: 'expired' | 'failed'
  /** For people. */
  readonly reason: string
  /** Wall-clock milliseconds. */
  readonly at: number
}

/** Asked, not yet confirmed by the device. */
export interface Pending {
  readonly id: Ulid
  readonly command: string
  /** Wall-clock milliseconds. */
  readonly since: number
}
