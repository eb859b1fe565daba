import type { Cause, Causes, Clock, LocalSubscriber, Log, Message, Publish, Subscriptions, Ulid } from '#kernel'
import type { Command, CommandRequest } from './model/command.ts'
import type { Area, Device, Entity } from './model/entity.ts'
import type { Event } from './model/event.ts'
import type { OwnTopics } from './pairing/face.ts'
import type { DeviceStore, StoredArea } from './store.ts'

/** Announced and understood, but of a component that the hub does not have yet. */
export interface Unsupported {
  readonly key: string
  readonly component: string
  readonly name: string | null
}

/** A device that announced itself and that nobody adopted yet. */
export interface Candidate {
  readonly id: Ulid
  /** As the device calls itself. */
  readonly name: string
  readonly dialect: string
  readonly manufacturer: string | null
  readonly model: string | null
  readonly software: string | null
  readonly identifiers: readonly string[]
  /** The MQTT user and client that announced it, null when unknown. */
  readonly user: string | null
  readonly clientId: string | null
  readonly suggestedArea: string | null
  /** What it would become, with the values heard so far. */
  readonly entities: readonly Entity[]
  /** What it announced beside and the hub cannot show yet. */
  readonly unsupported: readonly Unsupported[]
  /** Wall-clock milliseconds. */
  readonly firstSeen: number
  readonly lastSeen: number
}

/** Something announced that could not be used, and why. */
export interface AnnouncementFault {
  readonly topic: string
  readonly message: string
}

/** A message on its way past the registry. Valid until the call returns. */
export interface Overheard {
  readonly topic: string
  readonly payload: Uint8Array
  /** Who published it, null for the hub itself. */
  readonly user: string | null
  readonly clientId: string | null
}

export interface RegistryOptions {
  readonly clock: Clock
  readonly causes: Causes
  readonly newId: () => Ulid
  /** The next number of the global sequence. */
  readonly nextSeq: () => number
  readonly store: DeviceStore
  readonly publish: Publish
  readonly subscriptions: Subscriptions
  /**
   * The topics of an MQTT user that may speak for itself alone; null for one that may speak for others. An announcement
   * that names other topics is refused. Left out: everybody may.
   */
  readonly ownTopics?: (user: string) => OwnTopics | null
  /** Entities of all candidates together. Left out: each device's own bound alone. */
  readonly maxCandidateEntities?: number
  readonly log: Log
  /**
   * Takes each event that did not come from `onMessage`: commands, time-outs, adoption, renames. Events from
   * messages are the return value of `onMessage`.
   */
  readonly onEvent: (event: Event) => void
}

/** A number that a value had. */
export interface Point {
  /** When it was reported, wall-clock milliseconds. */
  readonly at: number
  readonly value: number
}

/** The in-memory truth of areas, devices, entities and states, and the one writer of state. */
export interface Registry {
  /** Loads what is stored and rebuilds devices from their announcements; restored values are unconfirmed. */
  open(): Promise<void>
  /**
   * Takes a message with the local subscribers that match it: discovery first, then values. Always returns
   * the event, also without changes, since rules may listen to the message itself.
   */
  onMessage(message: Message, matched: readonly LocalSubscriber[]): Event
  /**
   * Sees a message that no local subscriber matches: devices often say their state first and describe it second, so the
   * last one of each such topic is remembered for a minute, within bounds. Allocates nothing for a topic it knows.
   */
  overhear(message: Overheard): void
  /**
   * Sends a command to a device. Never throws for the device's sake: a refusal is a command that `failed`.
   * @throws HobError `devices.unknown_entity`, `devices.unknown_command`, `devices.bad_value` (facts: `pointer`).
   */
  command(entity: Ulid, request: CommandRequest & { readonly expiry?: number }, cause: Cause): Command
  /** A command by id, kept for ten minutes after its end. */
  commandById(id: Ulid): Command | undefined
  devices(): readonly Device[]
  entities(): readonly Entity[]
  areas(): readonly Area[]
  candidates(): readonly Candidate[]
  faults(): readonly AnnouncementFault[]
  /** By id, slug or old slug. */
  device(idOrSlug: string): Device | undefined
  entity(id: Ulid): Entity | undefined
  area(idOrSlug: string): Area | undefined
  /** Versions of areas, devices and entities, for If-Match. */
  version(id: Ulid): number | undefined
  /**
   * The last 120 numbers that were reported of a value of an adopted device, oldest first, equal ones included since the
   * hub started and recorded changes before, in the unit of its spec; a copy. Empty for texts, for what is unknown, and beyond 5,000 values.
   */
  recentPoints(entity: Ulid, value: string): readonly Point[]
  /**
   * Makes a candidate a device. Resolves when it is on disk.
   * @throws HobError `devices.unknown_candidate`, `devices.unknown_area`.
   */
  adopt(candidate: Ulid, choice: { name?: string; area?: string | null }, cause: Cause): Promise<Device>
  /** The way back: unbound, its announcements cleared from the broker, its rows gone. @throws HobError `devices.unknown_device`. */
  forget(device: string, cause: Cause): Promise<void>
  /**
   * Changes name, area (slug, id or null) or slug of a device.
   * @throws HobError `devices.unknown_device`, `devices.unknown_area`, `devices.slug_taken`, `devices.stale_version`.
   */
  changeDevice(
    device: string,
    change: { name?: string; area?: string | null; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Device>
  /** The same for an entity. @throws HobError `devices.unknown_entity` and as above. */
  changeEntity(
    entity: Ulid,
    change: { name?: string | null; area?: string | null; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Entity>
  /** @throws HobError `devices.slug_taken`. */
  addArea(area: { name: string; slug?: string }, cause: Cause): Promise<Area>
  /** @throws HobError `devices.unknown_area`, `devices.slug_taken`, `devices.stale_version`. */
  changeArea(
    area: string,
    change: { name?: string; slug?: string },
    edit: { cause: Cause; ifVersion?: number },
  ): Promise<Area>
  removeArea(area: string, cause: Cause): Promise<void>
  /** Brings back an area that was removed, empty, as its version `version`. @throws HobError `devices.slug_taken`. */
  restoreArea(area: StoredArea, cause: Cause): Promise<Area>
  /** Calls `listener` after devices, entities or areas came, went or were renamed. */
  onStructure(listener: () => void): void
  /** Old slugs and what they lead to now, for rules. */
  aliases(): ReadonlyMap<string, string>
  close(): void
}
