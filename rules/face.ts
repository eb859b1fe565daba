import type { Event } from '#devices'
import type { Cause, Causes, Clock, Log, Random, Ulid } from '#kernel'
import type { Completions } from './complete/complete.ts'
import type { Fault } from './format/errors.ts'
import type { Sentence } from './format/sentence.ts'
import type { NearMiss } from './near-misses.ts'
import type { RuleStore, StoredRuleFile } from './store.ts'
import type { Outcome, Trace } from './trace.ts'
import type { World } from './world.ts'

export interface EngineOptions {
  readonly clock: Clock
  readonly causes: Causes
  readonly newId: () => Ulid
  readonly random: Random
  readonly store: RuleStore
  readonly world: World
  readonly log: Log
  /** Safe start: rules are loaded and shown, none starts. */
  readonly paused: boolean
  /** A run that is stored began, a run was suspended or ended, or the last command of an ended one was answered. */
  readonly onRun: (run: RunInfo) => void
  /** A rule file was saved, switched or removed, or the house changed so that other rules of it may start than before. */
  readonly onFile: (slug: string) => void
}

export interface RunInfo {
  readonly id: Ulid
  readonly rule: string
  readonly file: string
  readonly version: number
  readonly startedAt: number
  readonly state: 'running' | 'waiting' | 'queued' | 'done' | 'stopped' | 'failed' | 'cancelled'
  /** When a waiting run goes on. */
  readonly dueAt: number | null
  readonly endedAt: number | null
  /** How its commands ended, told by the worst of them; null when it gave none. Moves on after the run has ended. */
  readonly outcome: Outcome | null
  readonly cause: Cause
}

/** A run with what it did, keyed by the path in the YAML. */
export interface RunDetail extends RunInfo {
  readonly trace: Trace
}

/** One rule of a file, as lists show it. */
export interface RuleInfo {
  /** `slug` or `slug/key`. */
  readonly id: string
  readonly key: string | null
  readonly name: string
  /** Both switches on, and nothing wrong that keeps it from running. */
  readonly active: boolean
  /** Findings since the file was saved: a name that is gone. Empty when healthy. */
  readonly problems: readonly Fault[]
  readonly lastRun: RunInfo | null
  readonly openRuns: readonly RunInfo[]
  /** What it does, in words. */
  readonly sentence: Sentence
  /** The next planned moment of its schedules, or null. */
  readonly nextAt: number | null
  /** Until when it rests because rules started it too often, or null. */
  readonly pausedUntil: number | null
}

export interface RuleFileInfo extends StoredRuleFile {
  readonly rules: readonly RuleInfo[]
}

/** A text that is not saved. */
export interface Draft {
  readonly faults: readonly Fault[]
  readonly rules: readonly { readonly key: string | null; readonly name: string; readonly sentence: Sentence }[]
}

export interface Engine {
  /** Loads files, deadlines and open runs; runs whose time passed meanwhile go on at once. */
  open(): Promise<void>
  /** After the registry applied it. Never throws; never waits. */
  event(event: Event): void
  /** All faults of a text at once, and its rules in words as far as they can be read, without saving. */
  check(text: string, file?: string): Draft
  /** What may stand at an offset of a text, valid or not; at most 100. */
  complete(text: string, offset: number): Completions
  /** What people call a rule, `slug` or `slug/key`. */
  nameOf(rule: string): string | undefined
  files(): readonly RuleFileInfo[]
  file(slug: string): RuleFileInfo | undefined
  /**
   * Saves a text. Unchanged rules of the file keep running and keep their state; the new set starts when it is on disk.
   * @throws HobError `rules.faulty` (facts: `faults`), `rules.stale_version` (facts: `current` version and `text`), `rules.bad_slug`.
   */
  save(file: { slug: string; text: string; ifVersion: number | null }, cause: Cause): Promise<RuleFileInfo>
  /** @throws HobError `rules.unknown_file`, `rules.stale_version`. Open runs of the file are cancelled. */
  remove(file: { slug: string; ifVersion: number | null }, cause: Cause): Promise<void>
  /** @throws HobError `rules.unknown_file`. */
  enable(slug: string, enabled: boolean, cause: Cause): Promise<RuleFileInfo>
  versions(slug: string): Promise<readonly (StoredRuleFile & { readonly cause: Cause })[]>
  /** Open runs first, then finished ones, newest first. @throws HobError `rules.unknown_file`. */
  runs(query: { slug: string; rule?: string; limit: number; before?: Ulid }): Promise<readonly RunInfo[]>
  run(id: Ulid): Promise<RunDetail | undefined>
  /**
   * Why a rule did not start though a trigger of it was met: the last 20, newest first, since the start of the hub.
   * @throws HobError `rules.unknown_rule`.
   */
  nearMisses(rule: string): readonly NearMiss[]
  close(): void
}
