import type { QoS } from '#kernel'
import type { Intent, KnownValues, Values } from '../components/definition.ts'
import type { CommandSpec, ValueSpec } from '../model/entity.ts'
import type { Unsupported } from '../face.ts'
import type { Incoming } from './incoming.ts'

/** A message to a device. */
export interface Outgoing {
  readonly topic: string
  readonly payload: string
  readonly qos?: QoS
  readonly retain?: boolean
}

/** What a reading may look at beside the message. */
export interface ReadingContext {
  /** The entity's values as they stand; for reports that tell only a part. */
  readonly values: KnownValues
  /** Says why a message could not be used; logged once for each entity and text. */
  warn(text: string): void
}

/** Where some of an entity's values come from. */
export interface Reading {
  /** Topic filter; wildcards are legal. */
  readonly filter: string
  /** What the message says, in canonical names and units; null when nothing. A value of null means the device says it is unknown. Never throws. */
  decode(message: Incoming, context: ReadingContext): Values | null
  /** The topic also takes commands: what the hub itself published there is no report. */
  readonly isCommandTopic?: boolean
}

export interface AvailabilitySource {
  readonly filter: string
  /** Null when the message says nothing about it. Never throws. */
  decode(message: Incoming, context: ReadingContext): boolean | null
}

/** How an entity's availability follows from messages. `latest`: the last message on any topic wins. */
export interface AvailabilityRule {
  readonly mode: 'latest' | 'all' | 'any'
  readonly sources: readonly AvailabilitySource[]
  /** Milliseconds that offline has to last before it counts. */
  readonly offlineDelay: number
}

/** One entity as an announcement describes it. */
export interface EntityDescription {
  /** Stable within its device. */
  readonly key: string
  /** A second identity by which it is found again when its key changes, unique within device and component. */
  readonly uniqueId: string | null
  readonly component: string
  /** Null: it carries the device's name. */
  readonly name: string | null
  readonly deviceClass: string | null
  readonly category: 'config' | 'diagnostic' | null
  readonly values: Readonly<Record<string, ValueSpec>>
  readonly commands: readonly CommandSpec[]
  readonly readings: readonly Reading[]
  /** Null: reachable as soon as it speaks. */
  readonly availability: AvailabilityRule | null
  /** Messages for a command; null when it takes none. @throws HobError when it cannot be put into the device's words. */
  readonly encode: ((intent: Intent, known: KnownValues) => readonly Outgoing[]) | null
  /** Topics or filters of what `encode` sends. */
  readonly commandTopics: readonly string[]
  /** Values that no reading reports: what was asked is taken as their state. */
  readonly assumed: readonly string[]
  /** Milliseconds of silence after which it counts as offline. */
  readonly expireAfter: number | null
  /** Milliseconds after which a true value falls back to false. */
  readonly offDelay: number | null
}

/** What an announcement says about one device. Null: it says nothing about that. */
export interface DeviceDescription {
  /** `mac:AABBCCDDEEFF`, `id:...`: whoever shares one is the same device. At least one. */
  readonly identifiers: readonly string[]
  readonly name: string | null
  /** What it could be called as long as no announcement names it. */
  readonly nameHint: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly software: string | null
  readonly suggestedArea: string | null
  readonly entities: readonly EntityDescription[]
  readonly unsupported: readonly Unsupported[]
}

export interface Discovery {
  readonly devices: readonly DeviceDescription[]
  /** What could not be used, for people: where, what, what to do. */
  readonly faults: readonly string[]
  /** What the hub asks the devices once, to hear their values now. */
  readonly queries: readonly Outgoing[]
  /** Entities that an earlier text of the same source described and this one leaves out stay, but for `removed`. */
  readonly keepsMissing: boolean
  /** Keys that this text takes away. */
  readonly removed: readonly string[]
  /** The entities of this source are about to be announced elsewhere: let go of them, keep what people decided. */
  readonly isMoving: boolean
  /** Whether the text is worth keeping for the next start. */
  readonly isKept: boolean
}

/** Topic filters that follow from an announcement. */
export interface NamedTopics {
  /** Where its device may announce more of itself, as far as the topic tells whose it is. */
  readonly announces: readonly string[]
  /** On which the device speaks, and on which it listens. */
  readonly says: readonly string[]
  readonly takes: readonly string[]
}

/** A discovery that says nothing. */
export const nothing: Discovery = {
  devices: [],
  faults: [],
  queries: [],
  keepsMissing: false,
  removed: [],
  isMoving: false,
  isKept: false,
}

/**
 * One convention of speaking about devices over MQTT, as data and pure functions. Announcements are grouped into
 * *sources*: all messages that have to be read together (Tasmota's `config` and `sensors`), or one message that
 * describes many devices. A source is discovered anew as a whole whenever one of its messages changes.
 */
export interface Dialect {
  readonly name: string
  /** Topic filters on which devices announce themselves. */
  readonly announcements: readonly string[]
  /** What the hub publishes once it listens. */
  readonly greetings: readonly Outgoing[]
  /** The announcements of a device are its own: forgetting it empties them at the broker. */
  readonly clearsOnForget: boolean
  /** The source that an announcement belongs to; null when the message is not this dialect's. An empty payload is judged by its topic. */
  sourceOf(message: Incoming): string | null
  /** Reads a source from its announcements, by topic. Never throws. */
  discover(announcements: ReadonlyMap<string, Incoming>): Discovery
  /** The topics that one announcement makes its device's own. Never throws. */
  topicsOf(announcement: Incoming): NamedTopics
}
