import { showDuration } from './format/duration.ts'
import type { AtTrigger, Trigger } from './format/rule.ts'
import type { RuleState } from './rule-state.ts'
import { lastAt, nextAt, nextEvery } from './schedule/next.ts'
import type { Zone } from './schedule/zone.ts'
import type { RuleStore } from './store.ts'
import { Timer, type Timers } from './timers.ts'

/**
 * How far a moment that was dealt with may lie ahead of the clock: a clock set back by a day repeats none. What lies
 * further ahead was noted by a clock that was wrong, and does not count.
 */
const FARTHEST_AHEAD = 25 * 3_600_000
/** A clock set forward by more was down for that time, as far as schedules are concerned. */
const DOWN_TIME = 60_000

/** Plans the `at` and `every` triggers of rules, one moment ahead. */
export interface Schedules {
  /** At a start of the hub: a moment that was missed not longer ago than `catch_up` fires at once. */
  makeUp(state: RuleState): void
  /** From now on: what is past is not made up for. */
  plan(state: RuleState): void
  /** Plans anew after the clock was set by so many milliseconds. */
  jumped(state: RuleState, by: number): void
  cancel(state: RuleState): void
  /** The last moment that was dealt with, as it was stored. */
  restore(rule: string, trigger: string, at: number): void
}

export function createSchedules(options: {
  timers: Timers
  store: RuleStore
  now: () => number
  zone: () => Zone
  fire: (state: RuleState, trigger: string, planned: number) => void
}): Schedules {
  const { timers, store, now, zone, fire } = options
  const dealt = new Map<string, number>()
  const keyOf = (state: RuleState, path: string) => `${state.id} ${path}`

  const note = (state: RuleState, path: string, at: number) => {
    dealt.set(keyOf(state, path), at)
    store.write({ op: 'rules.moment.put', moment: { rule: state.id, trigger: path, at } })
  }

  const lastDealt = (state: RuleState, path: string): number | undefined => {
    const at = dealt.get(keyOf(state, path))
    return at === undefined || at > now() + FARTHEST_AHEAD ? undefined : at
  }

  function arm(state: RuleState, path: string, next: number | null): void {
    const known = state.planned.get(path)
    if (known !== undefined) timers.cancel(known)
    if (next === null) return void state.planned.delete(path)
    const timer = new Timer(next, () => onDue(state, path, next), false)
    state.planned.set(path, timer)
    timers.set(timer, next)
  }

  function onDue(state: RuleState, path: string, planned: number): void {
    const trigger = state.compiled.rule.triggers.find(each => each.path === path)
    if (trigger === undefined) return
    if (trigger.kind === 'at') note(state, path, planned)
    fire(state, path, planned)
    planNext(state, trigger)
  }

  function planNext(state: RuleState, trigger: Trigger): void {
    const { kind, path } = trigger
    if (kind === 'at') arm(state, path, nextAt(trigger, Math.max(now(), lastDealt(state, path) ?? 0), zone()))
    if (kind === 'every') arm(state, path, nextEvery(trigger, now(), zone()))
  }

  /** The last moment of a fixed time that nobody dealt with. */
  function missedBy(state: RuleState, trigger: AtTrigger): number | null {
    const last = dealt.get(keyOf(state, trigger.path))
    const missed = lastAt(trigger, now(), zone())
    if (last !== undefined) return missed !== null && missed > last ? missed : null
    note(state, trigger.path, now())
    return null
  }

  function makeUpFor(state: RuleState, trigger: AtTrigger, oldest: number): void {
    const missed = missedBy(state, trigger)
    if (missed === null) return
    note(state, trigger.path, missed)
    if (now() - missed <= oldest) return fire(state, trigger.path, missed)
    const age = showDuration(Math.round((now() - missed) / 60_000) * 60_000)
    state.nearMisses.note({
      trigger: trigger.path,
      reason: 'missed',
      now: now(),
      text: () => `a moment was missed ${age} ago, which is longer than \`catch_up\``,
    })
  }

  function planAll(state: RuleState, oldest: number): void {
    for (const trigger of state.compiled.rule.triggers) {
      if (trigger.kind === 'at') makeUpFor(state, trigger, oldest)
      planNext(state, trigger)
    }
  }

  return {
    makeUp: state => planAll(state, state.compiled.rule.catchUp),
    jumped(state, by) {
      const { catchUp } = state.compiled.rule
      planAll(state, by > DOWN_TIME ? catchUp : Math.max(catchUp, DOWN_TIME))
    },
    plan(state) {
      for (const trigger of state.compiled.rule.triggers) {
        if (trigger.kind === 'at' && (lastDealt(state, trigger.path) ?? 0) < now()) note(state, trigger.path, now())
        planNext(state, trigger)
      }
    },
    cancel(state) {
      for (const timer of state.planned.values()) timers.cancel(timer)
      state.planned.clear()
    },
    restore: (rule, trigger, at) => void dealt.set(`${rule} ${trigger}`, at),
  }
}
