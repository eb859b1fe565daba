import type { Context, Result } from '#expression'
import { isHobError, type Cause, type Json, type Ulid } from '#kernel'
import type { CompiledRule, CompiledStep } from './compiled-rule.ts'
import { freezeAll, thawAll } from './continuation.ts'
import type { RunInfo } from './face.ts'
import { perform, type StepParts } from './steps.ts'
import type { StoredRun } from './store.ts'
import type { Timer } from './timers.ts'
import { addStep, short, worse, type Trace, type TraceStep } from './trace.ts'

/** One execution of a rule. */
export interface Run {
  readonly id: Ulid
  /** Of the text it began with, by the names of the house as it is now. */
  compiled: CompiledRule
  readonly cause: Cause
  readonly startedAt: number
  /** Captures, payload, `let`: fixed for the run. */
  readonly locals: Record<string, Result>
  /** The step that comes next. */
  at: number
  /** Null while it does not wait for a time. */
  dueAt: number | null
  state: RunInfo['state']
  endedAt: number | null
  readonly trace: Trace
  /** What wakes it while it waits. */
  timer?: Timer
  /** The batch that holds its last row; null when it has none, 0 for one of before the start. */
  batch: number | null
  /** Commands that have not ended. */
  pending: number
}

export function runInfo(run: Run): RunInfo {
  const { id, compiled, startedAt, state, dueAt, endedAt, cause, pending, trace } = run
  const { rule, file, version } = compiled
  const outcome = pending > 0 ? worse(trace.outcome, 'pending') : trace.outcome
  return { id, rule: rule.id, file, version, startedAt, state, dueAt, endedAt, cause, outcome }
}

interface Continuation {
  readonly at: number
  readonly state: Run['state']
  readonly locals: Record<string, Json>
  readonly trace: Trace
}

/** A run as it is stored while it is suspended. */
export function toStored(run: Run): StoredRun {
  const { id, rule, file, version, startedAt, dueAt, cause } = runInfo(run)
  const { at, state, locals, trace } = run
  const continuation: Continuation = { at, state, locals: freezeAll(locals), trace }
  return { id, rule, file, version, startedAt, dueAt, continuation: continuation as unknown as Json, cause }
}

/** A stored run, to go on with. */
export function fromStored(stored: StoredRun, compiled: CompiledRule, now: number): Run {
  const { id, cause, startedAt, dueAt } = stored
  const { at, state, locals, trace } = stored.continuation as unknown as Continuation
  noteRestart(trace, now)
  const rest = { endedAt: null, batch: 0, pending: 0 }
  return { id, compiled, cause, startedAt, locals: thawAll(locals), at, dueAt, state, trace, ...rest }
}

/** What the restart did to what was under way. */
function noteRestart(trace: Trace, now: number): void {
  for (const { did } of trace.steps) {
    if (did?.kind === 'wait' && did.ended === null) did.restartedAt = now
    if (did?.kind !== 'command') continue
    for (const command of did.commands) {
      if (command.state !== 'pending') continue
      command.state = 'unknown'
      trace.outcome = worse(trace.outcome, 'unknown')
    }
  }
}

export interface RunParts extends StepParts {
  readonly contextOf: (now: number) => Context
}

/**
 * Runs steps until the end or a wait. Synchronous and deterministic: everything from outside comes through `parts`.
 * @returns `waiting` with `dueAt` set, `done` or `failed`.
 */
export function advance(run: Run, now: number, parts: RunParts): 'waiting' | 'done' | 'failed' {
  const { compiled, trace } = run
  compiled.frame.values = run.locals
  const last = trace.steps.at(-1)?.did
  if (last?.kind === 'wait' && run.dueAt !== null) last.ended ??= now
  run.state = 'running'
  run.dueAt = null
  while (run.at < compiled.steps.length) {
    const next = compiled.steps[run.at++]!
    const step = takeStep(run, next, { ...parts, now })
    addStep(trace, step)
    if (step.result === 'failed') {
      trace.reason = step.reason
      return 'failed'
    }
    if (step.result === 'done' && next.step.kind === 'wait') return 'waiting'
  }
  return 'done'
}

function takeStep(run: Run, compiled: CompiledStep, parts: RunParts & { now: number }): TraceStep {
  const { step, guard } = compiled
  const { now } = parts
  const context = parts.contextOf(now)
  const holds = guard === null || guard.holds(context) === true
  const { path, kind: verb, name } = step
  const condition = guard === null ? null : guard.explain(context)
  const shown = name === null ? null : short(name)
  const base: TraceStep = { path, verb, name: shown, at: now, result: 'done', reason: null, condition, did: null }
  if (!holds) return { ...base, result: 'skipped' }
  if (step.kind === 'wait') {
    run.dueAt = now + step.duration
    run.state = 'waiting'
    return { ...base, did: { kind: 'wait', due: run.dueAt, ended: null, restartedAt: null } }
  }
  try {
    const { did, failed } = perform(run, compiled, { ...parts, context })
    return failed === null ? { ...base, did } : { ...base, did, result: 'failed', reason: failed }
  } catch (error) {
    if (!isHobError(error)) throw error
    return { ...base, result: 'failed', reason: whyFailed(error.message, context) }
  }
}

function whyFailed(message: string, { missing, notes }: Context): string {
  const unknown = missing.size === 0 ? [] : [`unknown: ${[...missing].join(', ')}`]
  return short([message, ...unknown, ...notes].join('; '))
}
