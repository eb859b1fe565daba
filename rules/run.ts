import { isMap, Thing, toJson, toText, UNKNOWN, type Context, type Result } from '#expression'
import { HobError, isHobError, isTopicName, type Cause, type Json, type Ulid } from '#kernel'
import type { CompiledRule, CompiledStep } from './compiled-rule.ts'
import { freeze, thaw } from './continuation.ts'
import type { RunInfo } from './face.ts'
import type { StoredRun } from './store.ts'
import type { Timer } from './timers.ts'
import type { World } from './world.ts'

/** Records of one trace, and characters of one text in it. */
const MAX_RECORDS = 64
const MAX_TEXT = 200

/** One execution of a rule. */
export interface Run {
  readonly id: Ulid
  readonly compiled: CompiledRule
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
  readonly trace: Json[]
  /** What wakes it while it waits. */
  timer?: Timer
}

export function runInfo(run: Run): RunInfo {
  const { id, compiled, startedAt, state, dueAt, endedAt, cause } = run
  return {
    id,
    rule: compiled.rule.id,
    file: compiled.file,
    version: compiled.version,
    startedAt,
    state,
    dueAt,
    endedAt,
    cause,
  }
}

/** Notes what happened at a path of the rule; a long trace keeps its beginning. */
export function record(run: Run, path: string, what: Record<string, Json>): void {
  if (run.trace.length < MAX_RECORDS) run.trace.push({ path, ...what })
  else if (run.trace.length === MAX_RECORDS) run.trace.push({ path, left_out: true })
}

const short = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text)

/** A run as it is stored while it is suspended. */
export function toStored(run: Run): StoredRun {
  const { id, compiled, cause, startedAt, dueAt, at, state } = run
  const locals = Object.fromEntries(Object.entries(run.locals).map(([name, value]) => [name, freeze(value)]))
  const continuation: Json = { at, state, locals, trace: run.trace }
  return {
    id,
    rule: compiled.rule.id,
    file: compiled.file,
    version: compiled.version,
    startedAt,
    dueAt,
    continuation,
    cause,
  }
}

/** A stored run, to go on with. */
export function fromStored(stored: StoredRun, compiled: CompiledRule): Run {
  const { at, state, locals, trace } = stored.continuation as {
    at: number
    state: Run['state']
    locals: Record<string, Json>
    trace: Json[]
  }
  return {
    id: stored.id,
    compiled,
    cause: stored.cause,
    startedAt: stored.startedAt,
    locals: Object.fromEntries(Object.entries(locals).map(([name, value]) => [name, thaw(value)])),
    at,
    dueAt: stored.dueAt,
    state,
    endedAt: null,
    trace,
  }
}

function payloadOf(value: Result): Uint8Array | string {
  if (value instanceof Thing && value.target instanceof Uint8Array) return value.target
  if (typeof value === 'string') return value
  return isMap(value) || Array.isArray(value) ? JSON.stringify(toJson(value)) : toText(value)
}

function publish(
  run: Run,
  { step, topic, payload }: CompiledStep,
  { world, context }: { world: World; context: Context },
): Record<string, Json> {
  if (step.kind !== 'publish') return {}
  const to = topic!(context)
  const given = payload === null ? (run.locals['$incoming'] ?? UNKNOWN) : payload(context)
  if (to === UNKNOWN || given === UNKNOWN)
    throw new HobError('rules.unknown_value', 'a value that goes into it is unknown')
  const name = toText(to)
  if (!isTopicName(name) || name.startsWith('$'))
    throw new HobError('rules.bad_topic', `"${short(name)}" is no topic to publish to`)
  const bytes = payloadOf(given)
  world.publish({
    topic: name,
    payload: bytes,
    qos: step.qos,
    retain: step.retain,
    ...(step.expiry === null ? {} : { expiry: step.expiry }),
    cause: run.cause,
  })
  return { publish: name, payload: typeof bytes === 'string' ? short(bytes) : `${bytes.length} bytes` }
}

function command(
  run: Run,
  { step, asks }: CompiledStep,
  { world, context }: { world: World; context: Context },
): Record<string, Json> {
  if (asks.length === 0) throw new HobError('rules.no_target', 'there is nothing that takes this any more')
  const sent: string[] = []
  const failed: string[] = []
  for (const ask of asks) {
    const { slug } = ask.entity.device
    const made = world.command(ask.entity.id, { command: step.kind, values: ask.values(context) }, run.cause)
    if (made.state === 'failed') failed.push(`${slug}: ${made.reason ?? 'failed'}`)
    else sent.push(slug)
  }
  if (failed.length > 0 && sent.length === 0) throw new HobError('rules.command_failed', failed.join('; '))
  return { [step.kind]: sent, ...(failed.length === 0 ? {} : { failed }) }
}

export interface RunParts {
  readonly world: World
  readonly contextOf: (now: number) => Context
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string, run: Run) => void
}

/**
 * Runs steps until the end or a wait. Synchronous and deterministic: everything from outside comes through `parts`.
 * @returns `waiting` with `dueAt` set, `done` or `failed`.
 */
export function advance(run: Run, now: number, parts: RunParts): 'waiting' | 'done' | 'failed' {
  const { compiled } = run
  compiled.frame.values = run.locals
  run.state = 'running'
  run.dueAt = null
  while (run.at < compiled.steps.length) {
    const compiledStep = compiled.steps[run.at++]!
    const { step, guard } = compiledStep
    const context = parts.contextOf(now)
    const holds = guard === null ? true : guard(context)
    if (holds !== true) {
      record(run, step.path, { skipped: holds === UNKNOWN ? 'unknown' : 'if', ...missing(context) })
      continue
    }
    if (step.kind === 'wait') {
      run.dueAt = now + step.duration
      run.state = 'waiting'
      record(run, step.path, { wait: step.duration, at: now })
      return 'waiting'
    }
    try {
      record(run, step.path, { at: now, ...perform(run, compiledStep, { ...parts, context }) })
    } catch (error) {
      if (!isHobError(error)) throw error
      record(run, step.path, { failed: error.message, ...missing(context) })
      return 'failed'
    }
  }
  return 'done'
}

function perform(run: Run, compiled: CompiledStep, parts: RunParts & { context: Context }): Record<string, Json> {
  const { step } = compiled
  if (step.kind === 'publish') return publish(run, compiled, parts)
  if (step.kind !== 'log') return command(run, compiled, parts)
  const text = toText(compiled.text!(parts.context))
  parts.log(step.level, short(text), run)
  return { log: short(text) }
}

/** Names that were needed and unknown, for a trace. */
export function missing({ missing: names, notes }: Context): Record<string, Json> {
  return { ...(names.size === 0 ? {} : { unknown: [...names] }), ...(notes.length === 0 ? {} : { notes: [...notes] }) }
}
