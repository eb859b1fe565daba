import type { Result } from '#expression'
import type { Cause, Clock, Occasion } from '#kernel'
import type { RuleState } from './rule-state.ts'
import type { Heard } from './trace.ts'

/** Milliseconds after a start of the hub that new starts wait for restored values to be confirmed. */
export const SETTLE_TIME = 30_000
/** Starts of one rule that wait so. */
export const MAX_HELD = 100

/** What starts a run. */
export interface Start {
  readonly state: RuleState
  /** Path of the trigger. */
  readonly trigger: string
  readonly locals: Readonly<Record<string, Result>>
  readonly cause: Cause
  /** What exactly of its cause it follows; a moment of the clock has none. */
  readonly occasion?: Occasion | undefined
  readonly now: number
  /** The message, of a topic trigger. */
  readonly source?: { readonly heard: Heard }
  /** The moment, of a schedule. */
  readonly planned?: number
}

/** Lets starts through in the order of their rules, each when the values that its rule reads are to be believed. */
export interface Starts {
  begin(starts: readonly Start[]): void
  /** Lets those through that need not wait any longer. */
  release(): void
  /** A rule changed or is gone: what it waited for is void. */
  drop(state: RuleState): void
}

export function createStarts({
  clock,
  openedAt,
  start,
}: {
  clock: Clock
  openedAt: () => number
  start: (start: Start) => void
}): Starts {
  let held: Start[] = []

  // A value that was restored and not heard since may be old.
  function isSettled({ compiled }: RuleState): boolean {
    if (clock.monotonic() - openedAt() >= SETTLE_TIME) return true
    for (const value of compiled.reads) if (!value.confirmed && value.value !== null) return false
    return true
  }

  function hold(next: Start): void {
    const own = held.filter(({ state }) => state === next.state)
    if (own.length >= MAX_HELD) {
      const text = () => `${MAX_HELD} starts wait for values to be confirmed already`
      next.state.nearMisses.note({ trigger: next.trigger, reason: 'crowded', now: next.now, text })
    } else held.push(next)
  }

  return {
    begin(starts) {
      const inOrder = starts.length > 1 ? starts.toSorted((a, b) => (a.state.id < b.state.id ? -1 : 1)) : starts
      for (const next of inOrder) {
        if (!next.state.isActive) continue
        if (isSettled(next.state)) start(next)
        else hold(next)
      }
    },
    release() {
      if (held.length === 0) return
      const waiting = held
      held = []
      for (const next of waiting) {
        if (isSettled(next.state)) start({ ...next, now: clock.now() })
        else held.push(next)
      }
    },
    drop(state) {
      if (held.length > 0) held = held.filter(each => each.state !== state)
    },
  }
}
