import type { Context, Result } from '#expression'
import type { Command } from '#devices'
import { MAX_CAUSE_DEPTH, type Json } from '#kernel'
import type { CompiledRule } from './compiled-rule.ts'
import type { Condition } from './condition.ts'
import type { EngineOptions } from './face.ts'
import type { InTurn } from './in-turn.ts'
import type { MissReason } from './near-misses.ts'
import type { RuleState } from './rule-state.ts'
import { advance, fromStored, runInfo, toStored, type Run, type RunParts } from './run.ts'
import { createSettling } from './settling.ts'
import type { Start } from './starts.ts'
import type { StoredRun } from './store.ts'
import { Timer, type Timers } from './timers.ts'
import { MAX_STEPS, short, type Trace, type TraceTrigger } from './trace.ts'

type Ending = 'done' | 'stopped' | 'failed' | 'cancelled'

/** Starts runs by the rule's mode, and carries waiting ones on. */
export interface Runner {
  start(start: Start): void
  /** Takes stored runs of a rule up again. */
  resume(state: RuleState, stored: readonly { run: StoredRun; compiled: CompiledRule }[]): void
  /** Ends all runs of a rule. */
  cancel(state: RuleState, reason: string): void
  /** A command has another state. */
  onCommand(command: Command, now: number): void
  /** Runs that have ended and whose commands have not. */
  settling(): readonly Run[]
  /** Writes the traces that still wait. */
  close(): void
}

export function createRunner(
  options: EngineOptions,
  shared: { timers: Timers; inTurn: InTurn; contextOf: (now: number) => Context },
): Runner {
  const { causes, clock, store, world, log, onRun } = options
  const { contextOf } = shared
  /** Runs that begin once their row is on disk, in the order of their batches. */
  const beginning: { readonly state: RuleState; readonly run: Run; readonly batch: number }[] = []
  const settling = createSettling({ ended: writeTrace, answered: keep })
  const parts: RunParts = {
    world,
    contextOf,
    log: (level, text, run) => log[level]({ rule: run.compiled.rule.id, run: run.id }, text),
    onCommand: settling.follow,
  }

  store.onDurable(durable => {
    while (beginning.length > 0 && beginning[0]!.batch <= durable) {
      const { state, run } = beginning.shift()!
      shared.inTurn(() => {
        if (run.state === 'running') carryOn(state, run, clock.now())
      })
    }
  })

  function keep(run: Run): void {
    run.batch = store.write({ op: 'rules.run.put', run: toStored(run) })
  }

  function writeTrace(run: Run): void {
    const { id, rule, file, version, startedAt, endedAt, cause } = runInfo(run)
    const base = { id, rule, file, version, startedAt, endedAt: endedAt!, cause }
    const trace = { ...base, result: run.state as Ending, trace: run.trace as unknown as Json }
    store.write({ op: 'rules.trace.put', keep: run.compiled.rule.keep, trace })
  }

  function finish(state: RuleState, run: Run, ending: { result: Ending; now: number }): void {
    if (run.batch !== null) store.write({ op: 'rules.run.remove', id: run.id })
    const place = state.open.indexOf(run)
    if (place !== -1) state.open.splice(place, 1)
    run.state = ending.result
    run.dueAt = null
    run.endedAt = ending.now
    const tell = () => onRun((state.lastRun = runInfo(run)))
    settling.add(run, () => (state.lastRun?.id === run.id ? tell() : onRun(runInfo(run))))
    tell()
    if (ending.result !== 'cancelled') startQueued(state)
  }

  function startQueued(state: RuleState): void {
    if (state.open.some(run => run.state !== 'queued')) return
    const next = state.open[0]
    if (next !== undefined) begin(state, next)
  }

  /**
   * A run that can be suspended begins once its row is on disk: what it does first is never left alone by a power
   * cut, the lamp that a later step turns off among it. A run that cannot be suspended has no row.
   */
  function begin(state: RuleState, run: Run): void {
    run.state = 'running'
    const batch = run.batch ?? 0
    if (batch <= store.durable) return carryOn(state, run, clock.now())
    beginning.push({ state, run, batch })
  }

  function carryOn(state: RuleState, run: Run, now: number): void {
    let result: ReturnType<typeof advance>
    try {
      result = advance(run, now, parts)
    } catch (error) {
      log.error({ rule: state.id, run: run.id, cause: run.cause.id, error: String(error) }, 'a step broke')
      run.trace.reason = 'a step broke; the log of the hub tells more'
      result = 'failed'
    }
    if (result !== 'waiting') return finish(state, run, { result, now })
    keep(run)
    wake(state, run)
    onRun(runInfo(run))
  }

  function wake(state: RuleState, run: Run): void {
    const due = run.dueAt!
    run.timer = new Timer(due, () => run.state === 'waiting' && carryOn(state, run, Math.max(due, clock.now())), true)
    shared.timers.set(run.timer, due)
  }

  function cancel(state: RuleState, run: Run, reason: string): void {
    if (run.timer !== undefined) shared.timers.cancel(run.timer)
    run.trace.reason = reason
    finish(state, run, { result: 'cancelled', now: clock.now() })
  }

  /** What the rule computes at the start of a run, and whether its conditions hold. */
  function prepare({ state, trigger: path, locals, now, planned }: Start): Prepared {
    const { compiled } = state
    const id = compiled.rule.triggers.find(each => each.path === path)?.id ?? null
    const facts: Result = planned === undefined ? { id, path } : { id, path, planned }
    const values: Record<string, Result> = { ...locals }
    if (compiled.uses.has('trigger')) values['trigger'] = facts
    compiled.frame.values = values
    for (const { name, run } of compiled.lets) values[name] = run(contextOf(now))
    const own = compiled.triggerIfs.get(path)
    const conditions = own === undefined ? compiled.conditions : [own, ...compiled.conditions]
    return { values, conditions, refusing: conditions.find(each => each.holds(contextOf(now)) !== true) ?? null }
  }

  /** Whether the rule may start; else the near miss is noted. */
  function mayStart(start: Start, { refusing }: Prepared): boolean {
    const { state, now, cause } = start
    const { mode, max, id } = state.compiled.rule
    const waiting = state.open.length
    if (refusing !== null) return missCondition(start, refusing)
    if (mode === 'parallel' && waiting >= max)
      return miss(start, 'full', `${max} runs were open, as many as \`max\` allows`)
    if (mode === 'queue' && waiting > max) return miss(start, 'full', `${max} runs waited, as many as \`max\` allows`)
    if (cause.depth >= MAX_CAUSE_DEPTH) {
      log.warn({ rule: id, cause: cause.id }, 'a chain of rules that start each other was cut')
      return miss(start, 'chain', `${MAX_CAUSE_DEPTH} causes stood in a row: rules start each other`)
    }
    if (!cause.byRule) return true
    const isResting = state.limit.pausedUntil(now) !== null
    if (state.limit.take(now)) return true
    const until = state.limit.pausedUntil(now)!
    if (!isResting) log.warn({ rule: id, seconds: (until - now) / 1000 }, 'rules started it too often; it rests')
    return miss(start, 'limit', 'rules started it too often; it rests')
  }

  function miss({ state, trigger, now, source }: Start, reason: MissReason, text: string): false {
    const message = source === undefined ? {} : { message: () => source.heard }
    state.nearMisses.note({ trigger, now, reason, text: () => text, ...message })
    return false
  }

  function missCondition({ state, trigger, now, source }: Start, refusing: Condition): false {
    const holds = refusing.holds(contextOf(now))
    state.nearMisses.note({
      trigger,
      now,
      reason: holds === false ? 'if' : 'unknown',
      text: () => `${refusing.text} was ${holds === false ? 'false' : 'unknown'}`,
      condition: () => refusing.explain(contextOf(now)),
      ...(source === undefined ? {} : { message: () => source.heard }),
    })
    return false
  }

  return {
    start(start) {
      const { state, now } = start
      const { rule, waits } = state.compiled
      if (rule.mode === 'single' && state.open.length > 0)
        return void miss(start, 'busy', 'a run was open, and `mode` is single')
      const prepared = prepare(start)
      if (!mayStart(start, prepared)) return
      if (rule.mode === 'restart') for (const run of [...state.open]) cancel(state, run, 'started anew')
      const isQueued = rule.mode === 'queue' && state.open.length > 0
      const cause = causes.child(start.cause, 'rule', rule.id, start.occasion)
      const run: Run = {
        // What it does is found by its cause.
        id: cause.id,
        compiled: state.compiled,
        cause,
        startedAt: now,
        locals: prepared.values,
        at: 0,
        dueAt: null,
        state: isQueued ? 'queued' : 'running',
        endedAt: null,
        trace: beginTrace(start, prepared, contextOf),
        batch: null,
        pending: 0,
      }
      if (!waits) return carryOn(state, run, now)
      state.open.push(run)
      keep(run)
      onRun(runInfo(run))
      if (!isQueued) begin(state, run)
    },
    resume(state, stored) {
      const now = clock.now()
      for (const { run: row, compiled } of stored) {
        state.open.push(fromStored(row, compiled, now))
      }
      if (options.paused) return
      for (const run of [...state.open]) {
        const isLate = run.state === 'waiting' && run.dueAt! < now && run.compiled.rule.late === 'stop'
        if (isLate) {
          run.trace.reason = 'its wait ended while the hub was down, and `late` is stop'
          finish(state, run, { result: 'stopped', now })
        } else if (run.state === 'waiting') wake(state, run)
        else if (run.state === 'running') begin(state, run)
      }
      startQueued(state)
    },
    cancel(state, reason) {
      for (const run of [...state.open]) cancel(state, run, reason)
    },
    onCommand: settling.onCommand,
    settling: settling.all,
    close: settling.close,
  }
}

interface Prepared {
  readonly values: Record<string, Result>
  /** The trigger's own, then those of the rule. */
  readonly conditions: readonly Condition[]
  /** The first that does not hold. */
  readonly refusing: Condition | null
}

function beginTrace(start: Start, { conditions }: Prepared, contextOf: (now: number) => Context): Trace {
  const { state, trigger: path, now, cause, source, planned } = start
  const { compiled } = state
  const { id, kind } = compiled.rule.triggers.find(each => each.path === path)!
  const trigger: TraceTrigger = {
    path,
    kind,
    id: id === null ? null : short(id),
    at: now,
    by: { kind: cause.kind, who: cause.who },
    message: source === undefined ? null : { ...source.heard },
    condition: compiled.whens.get(path)?.condition.explain(contextOf(now)) ?? null,
    planned: planned ?? null,
  }
  const told = conditions.slice(0, MAX_STEPS).map(condition => condition.explain(contextOf(now)))
  return { trigger, conditions: told, steps: [], leftOut: 0, outcome: null, reason: null }
}
