import type { RuleJson, RunJson } from '#api'
import type { LampState } from '../components/shared/Lamp.svelte'

/** How a run stands, as a lamp. */
export const RUN_LAMPS: Readonly<Record<RunJson['state'], LampState>> = {
  running: 'wait',
  waiting: 'wait',
  queued: 'wait',
  done: 'ok',
  stopped: 'off',
  cancelled: 'off',
  failed: 'fail',
}

/** The newest run of a rule, open ones too. */
export function newestRun({ lastRun, openRuns }: RuleJson): RunJson | null {
  const all = lastRun === null ? openRuns : [...openRuns, lastRun]
  return all.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0] ?? null
}

/** When the first of the waiting runs goes on, in milliseconds since 1970. */
export function nextDue({ openRuns }: RuleJson): number | null {
  const due = openRuns.flatMap(({ dueAt }) => (dueAt === null ? [] : [Date.parse(dueAt)]))
  return due.length === 0 ? null : Math.min(...due)
}
