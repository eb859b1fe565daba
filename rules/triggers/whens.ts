import type { Context, Unknown } from '#expression'
import type { Event, Value } from '#devices'
import type { CompiledWhen } from '../compiled-rule.ts'
import type { RuleState } from '../rule-state.ts'
import type { Start } from '../starts.ts'
import type { RuleStore, StoredDeadline } from '../store.ts'
import { Timer, type Timers } from '../timers.ts'
import { becauseOf, type Because, type ValueChange } from './because.ts'

// A `when` fires when it becomes true after it was known to be false; unknown is neither. With `for` it fires once it
// was true for that long without a break.

/** A shorter `for` is not worth a write. */
const SHORTEST_STORED = 1000

interface Watcher {
  readonly state: RuleState
  readonly when: CompiledWhen
}

/** The `when` triggers of all rules. */
export interface Whens {
  watch(state: RuleState): void
  unwatch(state: RuleState): void
  /** The rule was compiled anew; what it counts goes on. */
  refresh(state: RuleState): void
  /** Looks again at what depends on the values that changed. */
  onEvent(event: Event, starts: Start[]): void
  /** Goes on counting what a stored deadline began. */
  restore(state: RuleState | undefined, deadline: StoredDeadline): void
}

export function createWhens(options: {
  timers: Timers
  store: RuleStore
  now: () => number
  contextOf: (now: number) => Context
  /** A `for` ran out, that began because of something; what it was is not known over a restart. */
  fire: (state: RuleState, path: string, because: Because | undefined) => void
}): Whens {
  const { timers, store, now, contextOf, fire } = options
  const watching = new Map<Value, Watcher[]>()

  function truthOf({ state, when }: Watcher, at: number): boolean | Unknown {
    state.compiled.frame.values = {}
    return when.condition.holds(contextOf(at))
  }

  function hang(state: RuleState): void {
    for (const when of state.compiled.whens.values()) {
      const watcher = { state, when }
      for (const value of new Set(when.condition.reads.values())) {
        const known = watching.get(value)
        if (known === undefined) watching.set(value, [watcher])
        else known.push(watcher)
      }
    }
  }

  function takeDown(state: RuleState): void {
    for (const [value, watchers] of watching) {
      const rest = watchers.filter(each => each.state !== state)
      if (rest.length === 0) watching.delete(value)
      else if (rest.length < watchers.length) watching.set(value, rest)
    }
  }

  function look(watcher: Watcher, { now: at, change }: { now: number; change: ValueChange }, starts: Start[]): void {
    const { state, when } = watcher
    const { path, for: duration } = when.trigger
    const before = state.truths.get(path)
    const after = truthOf(watcher, at)
    if (before === after) return
    state.truths.set(path, after)
    if (after !== true) stopCounting(state, path)
    if (before !== false || after !== true) return
    const { cause } = change
    // A rule does not see what it did itself.
    if (cause.kind === 'rule' && cause.who === state.id) {
      state.nearMisses.note({ trigger: path, reason: 'own', now: at, text: () => 'the rule did it itself' })
    } else if (duration === 0) starts.push({ state, trigger: path, locals: {}, ...becauseOf(change), now: at })
    else count(state, { rule: state.id, trigger: path, since: at, dueAt: at + duration }, becauseOf(change))
  }

  function count(state: RuleState, deadline: StoredDeadline, because?: Because): void {
    const { trigger, since, dueAt } = deadline
    if (dueAt - since >= SHORTEST_STORED) store.write({ op: 'rules.deadline.put', deadline })
    const run = () => {
      stopCounting(state, trigger)
      if (stillHolds(state, trigger)) fire(state, trigger, because)
    }
    const timer = new Timer(dueAt, run, true)
    state.counting.set(trigger, timer)
    timers.set(timer, dueAt)
  }

  /** False when devices have said since the start that it is not so any more; a restored value is believed. */
  function stillHolds(state: RuleState, path: string): boolean {
    const when = state.compiled.whens.get(path)
    if (when === undefined) return false
    const isConfirmed = [...when.condition.reads.values()].every(value => value.confirmed)
    if (!isConfirmed || truthOf({ state, when }, now()) === true) return true
    state.truths.set(path, truthOf({ state, when }, now()))
    return false
  }

  function stopCounting(state: RuleState, path: string): void {
    const timer = state.counting.get(path)
    if (timer === undefined) return
    timers.cancel(timer)
    state.counting.delete(path)
    store.write({ op: 'rules.deadline.remove', rule: state.id, trigger: path })
  }

  return {
    watch(state) {
      hang(state)
      for (const [path, when] of state.compiled.whens) state.truths.set(path, truthOf({ state, when }, now()))
    },
    unwatch(state) {
      takeDown(state)
      for (const path of state.counting.keys()) stopCounting(state, path)
      state.truths.clear()
    },
    refresh(state) {
      takeDown(state)
      hang(state)
      for (const [path, when] of state.compiled.whens) {
        // What became true is left for the event that made it so, which is still to come.
        const truth = truthOf({ state, when }, now())
        if (truth === true && state.truths.has(path)) continue
        state.truths.set(path, truth)
        if (truth !== true) stopCounting(state, path)
      }
    },
    onEvent({ changes, at }, starts) {
      for (const change of changes) {
        if (change.kind !== 'value') continue
        for (const watcher of watching.get(change.value) ?? []) look(watcher, { now: at, change }, starts)
      }
    },
    restore(state, deadline) {
      const { rule, trigger, since } = deadline
      const when = state?.compiled.whens.get(trigger)
      if (state?.isActive === true && when !== undefined && when.trigger.for > 0) {
        // Values are written later than deadlines: those from before it began cannot speak against it.
        const isOlder = [...when.condition.reads.values()].every(value => value.changedAt < since)
        if (isOlder) state.truths.set(trigger, true)
        if (state.truths.get(trigger) === true) return count(state, deadline)
      }
      store.write({ op: 'rules.deadline.remove', rule, trigger })
    },
  }
}
