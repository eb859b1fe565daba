import type { Unknown } from '#expression'
import type { CompiledRule } from './compiled-rule.ts'
import type { Fault } from './format/errors.ts'
import type { RunInfo } from './face.ts'
import type { Run } from './run.ts'
import type { Timer } from './timers.ts'
import type { TopicSubscription } from './topic-subscription.ts'

/** Starts that a chain with a rule in it may make in this many milliseconds, before the rule is paused. */
const LIMIT = 30
const LIMIT_TIME = 10_000
/** Milliseconds of the first pause; each one after it is twice as long, up to the longest. */
const FIRST_PAUSE = 60_000
const LONGEST_PAUSE = 3_600_000

/** What the engine keeps of one rule beside its text. Outlives edits that do not touch the rule. */
export class RuleState {
  compiled: CompiledRule
  problems: readonly Fault[] = []
  isActive = false
  /** Waiting and queued runs, in order. */
  readonly open: Run[] = []
  lastRun: RunInfo | null = null
  /** Last truth of each `when`, by path. */
  readonly truths = new Map<string, boolean | Unknown>()
  readonly timers = new Map<string, Timer>()
  subscriptions: TopicSubscription[] = []
  nextAt: number | null = null
  #starts: number[] = []
  #pausedUntil = 0
  #pause = FIRST_PAUSE

  constructor(compiled: CompiledRule) {
    this.compiled = compiled
  }

  /** Counts a start that a rule caused. @returns false when the rule rests, or has to from now on. */
  mayStart(now: number): { readonly ok: boolean; readonly pausedFor?: number } {
    if (now < this.#pausedUntil) return { ok: false }
    this.#starts = this.#starts.filter(at => now - at < LIMIT_TIME)
    this.#starts.push(now)
    if (this.#starts.length <= LIMIT) return { ok: true }
    const pausedFor = this.#pause
    this.#pausedUntil = now + pausedFor
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
    this.#starts = []
    return { ok: false, pausedFor }
  }
}
