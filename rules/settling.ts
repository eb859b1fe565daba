import type { Command } from '#devices'
import type { Run } from './run.ts'
import { worse, type TraceCommand } from './trace.ts'

/** Commands whose end is waited for, so that the trace can tell it; beyond that the oldest is given up. */
export const MAX_FOLLOWED = 1000

/** Follows the commands of runs to their end. The trace of a run is written when the last one has ended. */
export interface Settling {
  follow(command: TraceCommand, run: Run): void
  /** The run has ended; `settled` is called when its last command ends after that. */
  add(run: Run, settled: () => void): void
  onCommand(command: Command, now: number): void
  all(): readonly Run[]
  /** Nobody listens any more: what waits is written with answers that are not known. */
  close(): void
}

export function createSettling(on: {
  /** A run and all its commands have ended. */
  readonly ended: (run: Run) => void
  /** All commands of a run that waits have ended. */
  readonly answered: (run: Run) => void
}): Settling {
  const followed = new Map<string, { readonly told: TraceCommand; readonly run: Run }>()
  const ended = new Map<string, { readonly run: Run; readonly settled: () => void }>()

  function leave(id: string, end: Pick<TraceCommand, 'state' | 'reason' | 'took'>): void {
    const known = followed.get(id)
    if (known === undefined) return
    const { told, run } = known
    Object.assign(told, end)
    run.trace.outcome = worse(run.trace.outcome, end.state)
    followed.delete(id)
    run.pending--
    if (run.pending > 0) return
    const last = ended.get(run.id)
    if (last !== undefined) {
      ended.delete(run.id)
      on.ended(run)
      last.settled()
    } else if (run.state === 'waiting') on.answered(run)
  }

  return {
    follow(told, run) {
      const [oldest] = followed
      if (oldest !== undefined && followed.size >= MAX_FOLLOWED)
        leave(oldest[0], { state: 'unknown', reason: 'too many commands waited for an answer', took: null })
      followed.set(told.id, { told, run })
      run.pending++
    },
    add(run, settled) {
      if (run.pending === 0) on.ended(run)
      else ended.set(run.id, { run, settled })
    },
    onCommand({ id, state, reason, at }, now) {
      if (state !== 'pending') leave(id, { state, reason, took: Math.max(0, now - at) })
    },
    all: () => [...ended.values()].map(({ run }) => run),
    close() {
      for (const id of [...followed.keys()]) leave(id, { state: 'unknown', reason: null, took: null })
    },
  }
}
