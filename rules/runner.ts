import { createContext, UNKNOWN, type Context, type Result } from '#expression'
import { MAX_CAUSE_DEPTH, type Cause, type Json } from '#kernel'
import type { EngineOptions } from './face.ts'
import type { RuleState } from './rule-state.ts'
import { advance, fromStored, missing, record, runInfo, toStored, type Run, type RunParts } from './run.ts'
import type { Zone } from './schedule/zone.ts'
import { DAY } from './schedule/zone.ts'
import type { StoredRun } from './store.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { Timer, type Timers } from './timers.ts'

/** What starts a run. */
export interface Start {
  readonly state: RuleState
  /** Path of the trigger. */
  readonly trigger: string
  readonly locals: Readonly<Record<string, Result>>
  readonly cause: Cause
  readonly now: number
}

/** Starts runs by the rule's mode, and carries waiting ones on. */
export interface Runner {
  start(start: Start): void
  /** Takes a stored run up again. */
  resume(state: RuleState, stored: StoredRun, compiled: CompiledRule): void
  cancel(state: RuleState): void
  contextOf(now: number): Context
}

export function createRunner(options: EngineOptions, shared: { timers: Timers; zone: () => Zone }): Runner {
  const { causes, newId, random, store, world, log, onRun } = options

  const local = (at: number) => {
    const day = new Date(shared.zone().toLocal(at))
    const weekday = day.getUTCDay()
    const ms = ((day.getTime() % DAY) + DAY) % DAY
    return {
      year: day.getUTCFullYear(),
      month: day.getUTCMonth() + 1,
      day: day.getUTCDate(),
      weekday: weekday === 0 ? 7 : weekday,
      ms,
    }
  }
  const anything = () => {
    const bytes = random(4)
    return (((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0) / 4_294_967_296
  }
  const contextOf = (now: number) => createContext(now, { local, random: anything })
  const parts: RunParts = {
    world,
    contextOf,
    log: (level, text, run) => log[level]({ rule: run.compiled.rule.id, run: run.id }, text),
  }

  function finish(
    state: RuleState,
    run: Run,
    { result, now }: { result: 'done' | 'failed' | 'cancelled'; now: number },
  ): void {
    const { rule, file, version } = run.compiled
    const wasStored = state.open.includes(run)
    if (wasStored) {
      state.open.splice(state.open.indexOf(run), 1)
      store.write({ op: 'rules.run.remove', id: run.id })
    }
    run.state = result
    run.dueAt = null
    run.endedAt = now
    const trace: Json = run.trace
    const { id, startedAt, cause } = run
    store.write({
      op: 'rules.trace.put',
      keep: rule.keep,
      trace: { id, rule: rule.id, file, version, startedAt, endedAt: now, result, trace, cause },
    })
    state.lastRun = runInfo(run)
    onRun(state.lastRun)
    if (result !== 'cancelled') startQueued(state, now)
  }

  function startQueued(state: RuleState, now: number): void {
    if (state.open.some(run => run.state === 'waiting')) return
    const next = state.open.find(run => run.state === 'queued')
    if (next !== undefined) carryOn(state, next, now)
  }

  function carryOn(state: RuleState, run: Run, now: number): void {
    const wasOpen = state.open.includes(run)
    const result = advance(run, now, parts)
    if (result !== 'waiting') return finish(state, run, { result, now })
    if (!wasOpen) state.open.push(run)
    store.write({ op: 'rules.run.put', run: toStored(run) })
    wake(state, run)
    onRun(runInfo(run))
  }

  function wake(state: RuleState, run: Run): void {
    const timer = new Timer(
      run.dueAt!,
      () => void (run.state === 'waiting' && carryOn(state, run, Math.max(run.dueAt!, options.clock.now()))),
      true,
    )
    shared.timers.set(timer, run.dueAt!)
    run.timer = timer
  }

  /** What the rule computes at the start of a run, and whether its conditions hold. */
  function prepare({ state, trigger, locals, now }: Start): {
    values: Record<string, Result>
    refused: Record<string, Json> | null
  } {
    const { compiled } = state
    const { id } = compiled.rule.triggers.find(each => each.path === trigger) ?? { id: null }
    const values: Record<string, Result> = {
      ...locals,
      trigger: { id, path: trigger, ...(locals['trigger'] as object | undefined) },
    }
    compiled.frame.values = values
    for (const { name, run } of compiled.lets) values[name] = run(contextOf(now))
    const own = compiled.triggerIfs.get(trigger)
    for (const condition of own === undefined ? compiled.conditions : [own, ...compiled.conditions]) {
      const context = contextOf(now)
      const holds = condition(context)
      if (holds !== true)
        return { values, refused: { stopped: holds === UNKNOWN ? 'unknown' : 'if', ...missing(context) } }
    }
    return { values, refused: null }
  }

  function mayStart({ state, cause, now }: Start): boolean {
    const { id } = state.compiled.rule
    if (cause.depth >= MAX_CAUSE_DEPTH) {
      log.warn({ rule: id, cause: cause.id }, 'a chain of rules that start each other was cut')
      return false
    }
    if (!cause.byRule) return true
    const { ok, pausedFor } = state.mayStart(now)
    if (pausedFor !== undefined)
      log.warn({ rule: id, seconds: pausedFor / 1000 }, 'the rule was started too often by rules; it rests')
    return ok
  }

  function cancelOne(state: RuleState, run: Run, now: number): void {
    if (run.timer !== undefined) shared.timers.cancel(run.timer)
    record(run, '', { cancelled: now })
    finish(state, run, { result: 'cancelled', now })
  }

  return {
    contextOf,
    start(start) {
      const { state, cause, now, trigger } = start
      const { rule } = state.compiled
      const waiting = state.open.length
      if (rule.mode === 'single' && waiting > 0) return
      if (!mayStart(start)) return
      const { values, refused } = prepare(start)
      if (refused !== null) return
      if (rule.mode === 'parallel' && waiting >= rule.max) return
      if (rule.mode === 'queue' && waiting > rule.max) return
      if (rule.mode === 'restart') for (const run of [...state.open]) cancelOne(state, run, now)
      const run: Run = {
        id: newId(),
        compiled: state.compiled,
        cause: causes.child(cause, 'rule', rule.id),
        startedAt: now,
        locals: values,
        at: 0,
        dueAt: null,
        state: 'running',
        endedAt: null,
        trace: [{ path: trigger, at: now }],
      }
      if (rule.mode === 'queue' && waiting > 0) {
        run.state = 'queued'
        state.open.push(run)
        store.write({ op: 'rules.run.put', run: toStored(run) })
        onRun(runInfo(run))
        return
      }
      carryOn(state, run, now)
    },
    resume(state, stored, compiled) {
      const run = fromStored(stored, compiled)
      state.open.push(run)
      if (run.state === 'waiting') wake(state, run)
    },
    cancel(state) {
      for (const run of [...state.open]) cancelOne(state, run, options.clock.now())
    },
  }
}
