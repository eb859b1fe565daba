import type { Heard, TraceCondition } from './trace.ts'

/** Near misses kept of one rule. */
export const MAX_MISSES = 20
/** Milliseconds in which an equal near miss is only counted. */
export const FOLD_TIME = 1000

/** Why a rule did not start although a trigger of it was met. */
export type MissReason =
  /** A condition is known to be false. */
  | 'if'
  /** A condition cannot be decided: a value in it is unknown. */
  | 'unknown'
  /** The payload is not what `as` wants. */
  | 'payload'
  /** The payload is the one before, and the trigger wants a `changed` one. */
  | 'unchanged'
  /** A retained message of before, and the trigger does not want them. */
  | 'retained'
  /** `mode: single`, and a run is open. */
  | 'busy'
  /** `max` runs are open, or wait. */
  | 'full'
  /** The rule set it off itself. */
  | 'own'
  /** The rule rests: rules started it too often. */
  | 'limit'
  /** The chain of causes is too long. */
  | 'chain'
  /** A scheduled moment was missed, and is older than `catch_up`. */
  | 'missed'
  /** More was waiting for restored values, or to become quiet, than is kept. */
  | 'crowded'

/** One of them; equal ones in a row are folded. */
export interface NearMiss {
  /** Of the first, wall-clock milliseconds. */
  readonly at: number
  lastAt: number
  count: number
  /** Path of the trigger. */
  readonly trigger: string
  readonly reason: MissReason
  /** What stood in the way, for people. */
  text: string
  /** The first condition that did not hold. */
  condition: TraceCondition | null
  message: Heard | null
}

/** A near miss as it is noted. What costs something is asked for only when it is kept. */
export interface Miss {
  readonly trigger: string
  readonly reason: MissReason
  readonly now: number
  readonly text: () => string
  readonly condition?: () => TraceCondition
  readonly message?: () => Heard
}

/** The last near misses of one rule. */
export class NearMisses {
  readonly #kept: NearMiss[] = []

  note({ trigger, reason, now, text, condition, message }: Miss): void {
    const last = this.#kept.at(-1)
    const isSame = last !== undefined && last.trigger === trigger && last.reason === reason
    if (isSame) {
      const isFresh = now - last.lastAt < FOLD_TIME
      last.count++
      if (isFresh) return
      last.lastAt = now
      last.text = text()
      last.condition = condition?.() ?? null
      last.message = message?.() ?? null
      return
    }
    if (this.#kept.length === MAX_MISSES) this.#kept.shift()
    this.#kept.push({
      at: now,
      lastAt: now,
      count: 1,
      trigger,
      reason,
      text: text(),
      condition: condition?.() ?? null,
      message: message?.() ?? null,
    })
  }

  /** Newest first. */
  all(): readonly NearMiss[] {
    return this.#kept.toReversed()
  }
}
