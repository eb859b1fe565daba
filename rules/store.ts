import type { Cause, Json, Ulid, Writes } from '#kernel'
import type { Outcome } from './trace.ts'

export interface StoredRuleFile {
  readonly slug: string
  /** Verbatim, comments included. */
  readonly text: string
  /** 1 for the first text; each saved text is one more and is kept. */
  readonly version: number
  /** The switch of the UI; makes no version. */
  readonly enabled: boolean
  readonly changedAt: number
}

/** A run that is suspended: everything needed to go on after a restart. */
export interface StoredRun {
  readonly id: Ulid
  /** `slug` or `slug/key`. */
  readonly rule: string
  readonly file: string
  /** The version of the file it began with, and goes on with. */
  readonly version: number
  readonly startedAt: number
  /** Wall-clock milliseconds when it goes on by itself, or null when it is queued behind another run. */
  readonly dueAt: number | null
  /** Step path, loop counters, variables, trigger data, trace so far. */
  readonly continuation: Json
  readonly cause: Cause
}

/** A `for:` that is being counted. */
export interface StoredDeadline {
  readonly rule: string
  /** Path of the trigger in the rule, `on[0]`. */
  readonly trigger: string
  readonly since: number
  readonly dueAt: number
}

/** The last moment a schedule was planned for and has been dealt with. */
export interface StoredMoment {
  readonly rule: string
  readonly trigger: string
  readonly at: number
}

/** A finished run, for its trace; in history.db. */
export interface StoredTrace {
  readonly id: Ulid
  readonly rule: string
  readonly file: string
  readonly version: number
  readonly startedAt: number
  readonly endedAt: number
  readonly result: 'done' | 'stopped' | 'failed' | 'cancelled'
  readonly trace: Json
  readonly cause: Cause
}

/** A finished run without what it did. */
export type StoredLastRun = Omit<StoredTrace, 'trace'> & { readonly outcome: Outcome | null }

export interface StoredRules {
  /** Current texts. */
  readonly files: readonly StoredRuleFile[]
  /** Older texts that suspended runs still need. */
  readonly needed: readonly StoredRuleFile[]
  readonly runs: readonly StoredRun[]
  readonly deadlines: readonly StoredDeadline[]
  readonly moments: readonly StoredMoment[]
  /** The newest finished run of each rule. */
  readonly lastRuns: readonly StoredLastRun[]
}

export type RuleOp =
  | { readonly op: 'rules.run.put'; readonly run: StoredRun }
  | { readonly op: 'rules.run.remove'; readonly id: Ulid }
  | { readonly op: 'rules.deadline.put'; readonly deadline: StoredDeadline }
  | { readonly op: 'rules.deadline.remove'; readonly rule: string; readonly trigger: string }
  | { readonly op: 'rules.moment.put'; readonly moment: StoredMoment }
  | { readonly op: 'rules.enabled'; readonly slug: string; readonly enabled: boolean }
  /** To history.db on the write budget; the store keeps at most `keep` traces of the rule. */
  | { readonly op: 'rules.trace.put'; readonly trace: StoredTrace; readonly keep: number }

/** What became of a save that was made against a version. */
export type SaveResult = { readonly saved: StoredRuleFile } | { readonly stale: StoredRuleFile | null }

export interface RuleStore extends Writes<RuleOp> {
  load(): Promise<StoredRules>
  /**
   * Saves a text as the next version, with a version row from `cause`. `ifVersion` 0 means the file must not
   * exist; null saves in any case. Resolves when it is on disk.
   */
  saveFile(save: {
    slug: string
    text: string
    ifVersion: number | null
    cause: Cause
    at: number
  }): Promise<SaveResult>
  removeFile(remove: { slug: string; ifVersion: number | null; cause: Cause; at: number }): Promise<SaveResult>
  versions(slug: string): Promise<readonly (StoredRuleFile & { readonly cause: Cause })[]>
  /** Newest first; `rule` null means all rules of the file. */
  traces(query: {
    file: string
    rule: string | null
    limit: number
    before: Ulid | null
  }): Promise<readonly StoredTrace[]>
  trace(id: Ulid): Promise<StoredTrace | undefined>
}
