import type { Command } from '#devices'
import type { Run } from './run.ts'
import type { TraceCommand } from './trace.ts'

/** Commands whose end is waited for, so that the trace can tell it; beyond that the oldest is given up. */
export const MAX_FOLLOWED = 1000

/** Follows the commands of runs to their end. The trace of a run is written when the last one has ended. */
export interface Settling {
  follow(command: TraceCommand, run: Run): void
  /** The run has ended. */
  add(run: Run): void
  onCommand(command: Command, now: number): void
  all(): readonly Run[]
  /** Writes what waits as it is. */
  close(): void
}

export function createSettling(on: {
  /** A run and all its commands have ended. */
  readonly ended: (run: Run) => void
  /** All commands of a run that waits have ended. */
  readonly answered: (run: Run) => void
}): Settling {
  const followed = new Map<string, { readonly told: TraceCommand; readonly run: Run }>()
  const ended = new Map<string, Run>()

  function leave(id: string, run: Run): void {
    followed.delete(id)
    run.pending--
    if (run.pending > 0) return
    if (ended.delete(run.id)) on.ended(run)
    else if (run.state === 'waiting') on.answered(run)
  }

  return {
    follow(told, run) {
      const [oldest] = followed
      if (oldest !== undefined && followed.size >= MAX_FOLLOWED) leave(oldest[0], oldest[1].run)
      followed.set(told.id, { told, run })
      run.pending++
    },
    add(run) {
      if (run.pending === 0) on.ended(run)
      else ended.set(run.id, run)
    },
    onCommand({ id, state, reason, at }, now) {
      const known = followed.get(id)
      if (known === undefined || state === 'pending') return
      Object.assign(known.told, { state, reason, took: Math.max(0, now - at) })
      leave(id, known.run)
    },
    all: () => [...ended.values()],
    close() {
      for (const run of ended.values()) on.ended(run)
      ended.clear()
    },
  }
}
