import type { Cancel, Cause, Ulid } from '#kernel'
import type { EntityDescription } from '../dialects/dialect.ts'
import type { Area, CommandSpec, Entity, Pending, Scalar, Trouble, Value, ValueSpec } from '../model/entity.ts'
import type { Availability } from './availability.ts'
import type { LiveDevice } from './device.ts'
import { Rhythm } from './rhythm.ts'
import type { Source } from './source.ts'

/** A value as its entity holds it. */
export class LiveValue implements Value {
  readonly name: string
  spec: ValueSpec
  value: Scalar = null
  changedAt = 0
  at = 0
  confirmed = false
  changedBy: Cause | null = null
  readonly rhythm = new Rhythm()

  constructor(name: string, spec: ValueSpec) {
    this.name = name
    this.spec = spec
  }

  get every(): number | null {
    // A door that is told only when it moves is never late; a number seldom comes twice, however regular it is.
    const hasRhythm = this.spec.type === 'number' || this.rhythm.isRepeating
    return hasRhythm ? this.rhythm.milliseconds : null
  }
}

/** An entity of a device or of a candidate. Written only inside the registry. */
export class LiveEntity implements Entity {
  readonly id: Ulid
  device: LiveDevice
  key: string
  slug: string
  component: string
  /** What it was last announced as. */
  description: EntityDescription
  /** What announces it; null while it is gone: taken away, and not yet back. */
  source: Source | null = null
  /** The name a person gave. */
  ownName: string | null = null
  /** The area a person chose for it alone. */
  ownArea: Area | null = null
  version = 0
  readonly values = new Map<string, LiveValue>()
  online: boolean | null = null
  pending: Pending | null = null
  trouble: Trouble | null = null
  availability: Availability | null = null
  /** Whether it reported something since the hub started. */
  hasSpoken = false
  /** Silent for longer than its `expireAfter`. */
  isExpired = false
  /** Monotonic milliseconds of its last report. */
  heardAt = 0
  /** Takes its readings off their topics. */
  readonly unbind: (() => void)[] = []
  /** Timers by what they are for. */
  readonly timers = new Map<'expire' | 'off' | 'offline', Cancel>()
  /** What was logged about it already. */
  readonly warned = new Set<string>()

  constructor(id: Ulid, device: LiveDevice, described: EntityDescription) {
    this.id = id
    this.device = device
    this.key = described.key
    this.slug = described.component
    this.component = described.component
    this.description = described
  }

  get name(): string {
    return this.ownName ?? this.description.name ?? this.device.name
  }

  get area(): Area | null {
    return this.ownArea ?? this.device.area
  }

  get deviceClass(): string | null {
    return this.description.deviceClass
  }

  get category(): 'config' | 'diagnostic' | null {
    return this.description.category
  }

  get commands(): readonly CommandSpec[] {
    return this.description.commands
  }

  stopTimer(which: 'expire' | 'off' | 'offline'): void {
    this.timers.get(which)?.()
    this.timers.delete(which)
  }

  /** Stops its timers and takes it off its topics. */
  release(): void {
    for (const unbind of this.unbind.splice(0)) unbind()
    for (const cancel of this.timers.values()) cancel()
    this.timers.clear()
  }
}
