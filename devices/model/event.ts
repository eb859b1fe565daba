import type { Cause, LocalSubscriber, Message, Ulid } from '#kernel'
import type { Command } from './command.ts'
import type { Entity, Pending, Scalar, Trouble, Value } from './entity.ts'

/** Something of the house that differs now. */
export type Change =
  | {
      readonly kind: 'value'
      readonly entity: Entity
      readonly value: Value
      readonly from: Scalar
      readonly to: Scalar
      readonly cause: Cause
    }
  | { readonly kind: 'online'; readonly entity: Entity; readonly from: boolean | null; readonly to: boolean | null }
  | { readonly kind: 'pending'; readonly entity: Entity; readonly pending: Pending | null }
  | { readonly kind: 'trouble'; readonly entity: Entity; readonly trouble: Trouble | null }
  | { readonly kind: 'command'; readonly command: Command }
  /** Adopted (`isNew`), or described anew (name, area, slug, commands). */
  | { readonly kind: 'entity'; readonly entity: Entity; readonly isNew?: true }
  | {
      readonly kind: 'removed'
      readonly entities: readonly Ulid[]
      readonly device: { readonly id: Ulid; readonly name: string }
    }
  /** The list of candidates differs. */
  | { readonly kind: 'candidates' }

/**
 * One MQTT message, API write or tick, with all that it changed. The registry applies every patch first;
 * then the one event goes to rules, live channel and history.
 */
export interface Event {
  /** Grows by one with each event that changes something; never repeats, also over restarts. */
  readonly seq: number
  /** Wall-clock milliseconds; `now` for whatever follows from it. */
  readonly at: number
  readonly message: Message | null
  /** The local subscribers that match the message, `rules` ones included. */
  readonly matched: readonly LocalSubscriber[]
  readonly changes: readonly Change[]
  readonly cause: Cause
}
