import type { Json, Ulid } from '#kernel'
import type { Scalar } from '../../series/index.ts'

/** What happened. */
export type Deed =
  | {
      readonly kind: 'change'
      /** Name of the value. */
      readonly value: string
      readonly from: Scalar
      readonly to: Scalar
      readonly unit: string | null
    }
  /** A device came or went. */
  | { readonly kind: 'online'; readonly to: boolean }
  /** A command came to nothing; one that was obeyed is told by the changes that it made. */
  | {
      readonly kind: 'command'
      readonly command: string
      readonly values: Readonly<Record<string, Scalar>>
      readonly state: 'expired' | 'failed'
      readonly reason: string
    }
  /** A rule ran to an end. */
  | {
      readonly kind: 'run'
      /** `slug` or `slug/key`. */
      readonly rule: string
      readonly name: string
      readonly run: Ulid
      readonly startedAt: number
      readonly state: 'done' | 'stopped' | 'failed' | 'cancelled'
    }
  | { readonly kind: 'device'; readonly change: 'added' | 'removed' }

export type ActivityKind = Deed['kind']

/** One link of the chain from something that happened to its first cause, by the names of then. */
export type CauseLink =
  /** `id`: `slug` or `slug/key`. */
  | { readonly kind: 'rule'; readonly id: string; readonly name: string; readonly run: Ulid }
  /** A value of an entity changed, and that was caused by what comes next. */
  | { readonly kind: 'change'; readonly id: Ulid; readonly name: string; readonly value: string; readonly to: Json }
  | { readonly kind: 'token' | 'pass'; readonly id: Ulid; readonly name: string }
  /** The thing itself, as by a hand at its switch. */
  | { readonly kind: 'device'; readonly id: Ulid; readonly name: string }
  /** A user, an MQTT client that is not the device, the topic of a message, the clock, the hub itself. */
  | { readonly kind: 'user' | 'client' | 'message' | 'schedule' | 'hub'; readonly name: string }

export interface Named {
  readonly id: Ulid
  readonly name: string
}

/** One of a burst. */
export interface Once {
  readonly seq: number
  /** Wall-clock milliseconds at which the hub came to know. */
  readonly at: number
  /** Of a `change` or `online`. */
  readonly to: Scalar
  /** Of a `run`, else of the nearest rule of the cause. */
  readonly run: Ulid | null
}

/** Something that happened, once or many times in a burst: the same with the same thing, for the same cause. */
export interface Activity {
  /** Its place: grows with the sequence of the house. A burst that grows takes the place of its newest. */
  readonly id: number
  /** The place of its first: stays. */
  readonly first: number
  readonly since: number
  readonly count: number
  readonly entity: Named | null
  readonly device: Named | null
  readonly area: Named | null
  /** Of the newest, like the cause. */
  readonly what: Deed
  /** From the nearest to the first. */
  readonly cause: readonly CauseLink[]
  /** The newest of them, newest first; at least one. */
  readonly newest: readonly Once[]
}
