import type { Unknown } from '#expression'
import type { CompiledRule } from './compiled-rule.ts'
import type { Fault } from './format/errors.ts'
import type { Rule } from './format/rule.ts'
import { sentenceOf, type Sentence } from './format/sentence.ts'
import type { RunInfo } from './face.ts'
import { NearMisses } from './near-misses.ts'
import type { Run } from './run.ts'
import { StartLimit } from './start-limit.ts'
import type { Timer } from './timers.ts'
import type { Quiet } from './triggers/quiets.ts'
import type { TopicSubscription } from './triggers/topic-subscription.ts'

/** What the engine keeps of one rule beside its text. Outlives edits that do not touch the rule. */
export class RuleState {
  compiled: CompiledRule
  problems: readonly Fault[] = []
  /** Both switches on: that of the UI and the author's. */
  isSwitchedOn = true
  /** Switched on, and nothing wrong that keeps it from starting. */
  isActive = false
  /** Running, waiting and queued runs that are stored, in order. */
  readonly open: Run[] = []
  lastRun: RunInfo | null = null
  readonly nearMisses = new NearMisses()
  readonly limit = new StartLimit()
  /** Last truth of each `when`, by path. */
  readonly truths = new Map<string, boolean | Unknown>()
  /** A `for` that is being counted, by path. */
  readonly counting = new Map<string, Timer>()
  /** The next moment of each schedule, by path. */
  readonly planned = new Map<string, Timer>()
  /** By path. */
  readonly subscriptions = new Map<string, TopicSubscription>()
  /** Topics that must become quiet, by path and topic. */
  readonly quiet = new Map<string, Quiet>()

  #told: { readonly rule: Rule; readonly sentence: Sentence } | undefined

  constructor(compiled: CompiledRule) {
    this.compiled = compiled
  }

  get id(): string {
    return this.compiled.rule.id
  }

  /** What the rule does, in words. */
  get sentence(): Sentence {
    const { rule } = this.compiled
    if (this.#told?.rule !== rule) this.#told = { rule, sentence: sentenceOf(rule) }
    return this.#told.sentence
  }

  /** The next planned moment of its schedules, or null. */
  get nextAt(): number | null {
    let next: number | null = null
    for (const { isWaiting, due } of this.planned.values()) if (isWaiting && (next === null || due < next)) next = due
    return next
  }
}
