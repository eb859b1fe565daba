import type { RuleState } from './rule-state.ts'
import { lastAt, nextAt, nextEvery } from './schedule/next.ts'
import type { Zone } from './schedule/zone.ts'
import type { RuleStore } from './store.ts'
import { Timer, type Timers } from './timers.ts'

/** Plans the `at` and `every` triggers of rules, one moment ahead. */
export interface Schedules {
  /** Plans all of a rule's schedules; a moment that was missed not longer ago than `catch_up` fires at once. */
  plan(state: RuleState): void
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
  const keyOf = (rule: string, trigger: string) => `${rule} ${trigger}`

  const note = (rule: string, trigger: string, at: number) => {
    dealt.set(keyOf(rule, trigger), at)
    store.write({ op: 'rules.moment.put', moment: { rule, trigger, at } })
  }

  const arm = (state: RuleState, path: string, next: number | null) => {
    const known = state.timers.get(path)
    if (known !== undefined) timers.cancel(known)
    if (next === null) return void state.timers.delete(path)
    const timer = new Timer(next, () => onDue(state, path, next), false)
    state.timers.set(path, timer)
    timers.set(timer, next)
  }

  const showNext = (state: RuleState) => {
    const planned = [...state.timers.values()]
      .filter(timer => timer.isWaiting && !timer.isElapsed)
      .map(timer => timer.due)
    state.nextAt = planned.length === 0 ? null : Math.min(...planned)
  }

  function onDue(state: RuleState, path: string, planned: number): void {
    const trigger = state.compiled.rule.triggers.find(each => each.path === path)
    if (trigger?.kind === 'at') note(state.compiled.rule.id, path, planned)
    fire(state, path, planned)
    planOne(state, path, Math.max(now(), planned))
    showNext(state)
  }

  function planOne(state: RuleState, path: string, after: number): void {
    const trigger = state.compiled.rule.triggers.find(each => each.path === path)
    if (trigger?.kind === 'at') arm(state, path, nextAt(trigger, after, zone()))
    else if (trigger?.kind === 'every') arm(state, path, nextEvery(trigger, after, zone()))
  }

  return {
    plan(state) {
      const { id, triggers, catchUp } = state.compiled.rule
      for (const trigger of triggers) {
        if (trigger.kind !== 'at' && trigger.kind !== 'every') continue
        const { path } = trigger
        if (trigger.kind === 'at') {
          const last = dealt.get(keyOf(id, path))
          const missed = lastAt(trigger, now(), zone())
          if (last === undefined) note(id, path, now())
          else if (missed !== null && missed > last) {
            note(id, path, missed)
            if (now() - missed <= catchUp) fire(state, path, missed)
          }
        }
        planOne(state, path, Math.max(now(), dealt.get(keyOf(id, path)) ?? 0))
      }
      showNext(state)
    },
    cancel(state) {
      for (const timer of state.timers.values()) timers.cancel(timer)
      state.timers.clear()
      state.nextAt = null
    },
    restore: (rule, trigger, at) => void dealt.set(keyOf(rule, trigger), at),
  }
}
