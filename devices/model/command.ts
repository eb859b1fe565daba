import type { Cause, Ulid } from '#kernel'
import type { Scalar } from './entity.ts'

/** What a person or a rule asks of an entity, in canonical names and units. */
export interface CommandRequest {
  /** `turn_on`, `turn_off`, `toggle`, `set` ... */
  readonly command: string
  readonly values: Readonly<Record<string, Scalar>>
}

/**
 * A command on its way. `pending` until the device reports what was asked (`confirmed`), the time is up
 * (`expired`: 10 s unless the request said otherwise), or it could not be sent (`failed`, with a reason).
 */
export interface Command extends CommandRequest {
  readonly id: Ulid
  readonly entity: Ulid
  readonly cause: Cause
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly state: 'pending' | 'confirmed' | 'expired' | 'failed'
  /** Why it failed or expired, for people; null otherwise. */
  readonly reason: string | null
}
