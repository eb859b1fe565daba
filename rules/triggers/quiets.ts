import type { Ulid } from '#kernel'
import { freezeStart, thawStart, type KeptStart } from '../continuation.ts'
import type { TopicTrigger } from '../format/rule.ts'
import type { RuleState } from '../rule-state.ts'
import type { Start } from '../starts.ts'
import type { RuleStore, StoredRun } from '../store.ts'
import { Timer, type Timers } from '../timers.ts'

// `debounce`: a trigger fires once its topic has been quiet for so long, with the last message. Each topic that a
// filter matches is waited for by itself. From one second on it survives a restart; then what is stored may be the
// message of up to a second before the last one, since a busy topic is written once a second and not each time.

/** A shorter `debounce` is not worth a write. */
export const SHORTEST_STORED = 1000
/** Milliseconds between two writes of one topic. */
const WRITE_EVERY = 1000
/** Topics of one rule that are waited for. */
export const MAX_QUIET = 1000

/** A topic that must become quiet. */
export interface Quiet {
  /** Of its stored row. */
  readonly id: Ulid
  readonly topic: string
  /** Whether it survives a restart. */
  readonly isStored: boolean
  /** What starts then. */
  start: Start
  due: number
  /** When its row is written next; null while the last message is in it. */
  writeAt: number | null
  readonly timer: Timer
}

export interface Quiets {
  /** Waits until `topic` is quiet, anew with each message. */
  wait(start: Start, trigger: TopicTrigger, topic: string): void
  /** Goes on waiting after a restart. @returns whether the row is one of its own. */
  restore(stored: StoredRun, state: RuleState | undefined): boolean
  /** Forgets what a rule waits for. */
  drop(state: RuleState): void
}

export function createQuiets(options: {
  timers: Timers
  store: RuleStore
  newId: () => Ulid
  now: () => number
  fire: (start: Start) => void
}): Quiets {
  const { timers, store, newId, now, fire } = options

  function write(quiet: Quiet): void {
    const { start, topic, due, id } = quiet
    const { rule, file, version } = start.state.compiled
    const continuation = { quiet: { topic, ...freezeStart(start) } }
    const run = { id, rule: rule.id, file, version, startedAt: start.now, dueAt: due, continuation, cause: start.cause }
    store.write({ op: 'rules.run.put', run })
  }

  function onTimer(key: string, quiet: Quiet): void {
    if (quiet.writeAt !== null && quiet.writeAt <= now() && now() < quiet.due) {
      write(quiet)
      quiet.writeAt = null
      return timers.set(quiet.timer, quiet.due)
    }
    const { start } = quiet
    forget(start.state, key, quiet)
    fire({ ...start, now: now() })
  }

  function forget(state: RuleState, key: string, { id, timer, isStored }: Quiet): void {
    timers.cancel(timer)
    state.quiet.delete(key)
    if (isStored) store.write({ op: 'rules.run.remove', id })
  }

  function begin(key: string, how: Omit<Quiet, 'writeAt' | 'timer'>): Quiet {
    const timer = new Timer(how.due, () => onTimer(key, quiet), true)
    const quiet: Quiet = { ...how, writeAt: null, timer }
    how.start.state.quiet.set(key, quiet)
    timers.set(timer, how.due)
    return quiet
  }

  return {
    wait(start, { path, debounce }, topic) {
      const { state } = start
      const key = `${path} ${topic}`
      const due = now() + debounce
      const known = state.quiet.get(key)
      if (known !== undefined) {
        known.start = start
        known.due = due
        if (known.isStored) known.writeAt ??= now() + WRITE_EVERY
        return timers.set(known.timer, Math.min(due, known.writeAt ?? due))
      }
      if (state.quiet.size >= MAX_QUIET) {
        const text = () => `${MAX_QUIET} topics are waited for already`
        return state.nearMisses.note({ trigger: path, reason: 'crowded', now: start.now, text })
      }
      const isStored = debounce >= SHORTEST_STORED
      const quiet = begin(key, { id: newId(), topic, start, due, isStored })
      if (isStored) write(quiet)
    },
    restore({ id, continuation, dueAt, cause }, state) {
      if (!isKept(continuation)) return false
      const { topic, ...kept } = continuation.quiet
      const trigger = state?.compiled.rule.triggers.find(each => each.path === kept.trigger)
      const isSame = trigger?.kind === 'topic' && trigger.debounce > 0 && trigger.filter === kept.filter
      if (state?.isActive !== true || !isSame) store.write({ op: 'rules.run.remove', id })
      else {
        const start = thawStart(kept, { state, cause })
        begin(`${trigger.path} ${topic}`, { id, topic, start, due: dueAt ?? now(), isStored: true })
      }
      return true
    },
    drop(state) {
      for (const [key, quiet] of state.quiet) forget(state, key, quiet)
    },
  }
}

function isKept(continuation: StoredRun['continuation']): continuation is { quiet: KeptStart & { topic: string } } {
  return typeof continuation === 'object' && continuation !== null && 'quiet' in continuation
}
