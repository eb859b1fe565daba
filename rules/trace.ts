import { isList, isMap, Thing, toJson, toText, UNKNOWN, type Result } from '#expression'
import type { Scalar } from '#devices'
import type { CauseKind, Json, Ulid } from '#kernel'
import type { Step, Trigger } from './format/rule.ts'

// What a run tells of itself: plain JSON, bounded, keyed by the paths of the rule (`on[0]`, `if[1]`, `do[2]`).
// Times are wall-clock milliseconds, texts are cut.

/** Steps of one trace, and its conditions; steps that come after them are counted in `leftOut`. */
export const MAX_STEPS = 64
/** Characters of one text. */
export const MAX_TEXT = 200
/** Comparisons told of one condition, values told of one condition, targets told of one step. */
export const MAX_PARTS = 8

/** A value that was read, as it was then. */
export interface TraceValue {
  /** As the rule writes it. */
  readonly name: string
  /** Null when nobody knew it. */
  readonly value: Json
  readonly unit: string | null
  /** Milliseconds since the device last reported it; null when it never did. */
  readonly age: number | null
  /** False for a value restored at the start and not reported since. */
  readonly confirmed: boolean
}

/** One side of a comparison: what stands there, and what it came to; null when that is unknown. */
export interface TraceSide {
  readonly text: string
  readonly value: Json
}

/** One comparison, or another part that is true or false, of a condition. */
export interface TracePart {
  readonly text: string
  /** Null is unknown. */
  readonly holds: boolean | null
  /** Left and right; empty when it is no comparison. */
  readonly sides: readonly TraceSide[]
}

/** A condition and what it came to. */
export interface TraceCondition {
  /** `if[0]`, `on[0].if`, `do[2].if`, or `on[0]` of a `when`. */
  readonly path: string
  readonly text: string
  readonly holds: boolean | null
  readonly parts: readonly TracePart[]
  readonly values: readonly TraceValue[]
  /** What could not be done with a value. */
  readonly notes: readonly string[]
}

/** A message as a trace shows it. */
export interface Heard {
  readonly topic: string
  /** The beginning of the payload as text, or how many bytes it has. */
  readonly payload: string
  /** Client id of the publisher; null for the hub's own messages. */
  readonly client: string | null
}

/** What started the run. */
export interface TraceTrigger {
  readonly path: string
  readonly kind: Trigger['kind']
  /** The author's `id`. */
  readonly id: string | null
  readonly at: number
  /** Who stands behind it. */
  readonly by: { readonly kind: CauseKind; readonly who: string }
  /** Of a `topic` trigger. */
  readonly message: Heard | null
  /** Of a `when` trigger. */
  readonly condition: TraceCondition | null
  /** Of `at` and `every`: the moment it was planned for; later than that it was made up for. */
  readonly planned: number | null
}

/** How the commands of a run ended, from best to worst. */
const OUTCOMES = ['confirmed', 'pending', 'unknown', 'expired', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** The worse of two ends; null is that of no command. */
export const worse = (one: Outcome | null, other: Outcome | null): Outcome | null =>
  one === null || (other !== null && OUTCOMES.indexOf(other) > OUTCOMES.indexOf(one)) ? other : one

/** A command that a step gave. */
export interface TraceCommand {
  readonly id: Ulid
  readonly entity: Ulid
  /** Slug of the entity. */
  readonly slug: string
  readonly command: string
  readonly values: Readonly<Record<string, Scalar>>
  /** `unknown`: nobody listened any more when the device answered, because of a restart most often. */
  state: Outcome
  reason: string | null
  /** Milliseconds from the command to its end; null while it is pending. */
  took: number | null
}

/** What a step did. */
export type TraceDeed =
  | {
      readonly kind: 'publish'
      readonly topic: string
      readonly payload: string
      readonly qos: 0 | 1 | 2
      readonly retain: boolean
    }
  | { readonly kind: 'command'; readonly commands: TraceCommand[] }
  | {
      readonly kind: 'wait'
      readonly due: number
      /** When it really ended; null while it waits. */
      ended: number | null
      /** The last start of the hub that it outlived. */
      restartedAt: number | null
    }
  | { readonly kind: 'log'; readonly level: string; readonly text: string }

/** One step. */
export interface TraceStep {
  /** `do[2]`. */
  readonly path: string
  readonly verb: Step['kind']
  readonly name: string | null
  readonly at: number
  readonly result: 'done' | 'skipped' | 'failed'
  /** Why it failed. */
  readonly reason: string | null
  /** Its own `if`. */
  readonly condition: TraceCondition | null
  /** Null when it was skipped, or failed before it did anything. */
  readonly did: TraceDeed | null
}

/** The record of a run. */
export interface Trace {
  readonly trigger: TraceTrigger
  /** The trigger's own `if`, then those of the rule. */
  readonly conditions: readonly TraceCondition[]
  readonly steps: TraceStep[]
  /** Steps that found no room. */
  leftOut: number
  /** The worst end of the commands that have ended; null before the first. */
  outcome: Outcome | null
  /** Why it ended as it did, where that is not plain: cancelled, stopped, failed. */
  reason: string | null
}

/** A text that is cut where it is too long. */
export function short(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text
}

/** A payload as it is shown. */
export function excerpt(payload: Uint8Array | string | undefined, bytes: number): string {
  return typeof payload === 'string' ? short(payload) : `${bytes} bytes`
}

/** A value of an expression as it is shown: short texts, numbers and truth stay what they are. */
export function shown(value: Result): Json {
  if (value === UNKNOWN) return null
  if (typeof value === 'string') return short(value)
  if (value instanceof Thing && value.target instanceof Uint8Array) return `${value.target.length} bytes`
  if (isList(value) || isMap(value)) return short(JSON.stringify(toJson(value)))
  return typeof value === 'object' && value !== null ? short(toText(value)) : value
}

/** Notes a step; a long trace keeps its beginning. */
export function addStep(trace: Trace, step: TraceStep): void {
  if (trace.steps.length < MAX_STEPS) trace.steps.push(step)
  else trace.leftOut++
}
