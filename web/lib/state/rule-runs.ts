import type { RuleJson, RunJson } from '#api'
import type { LampState } from '../components/shared/Lamp.svelte'

/** How a run stands for people: its state, and once it is done, how its commands ended. */
export type RunStanding = RunJson['state'] | 'asking' | 'unanswered' | 'refused' | 'unsure'

const DONE: Readonly<Record<NonNullable<RunJson['outcome']>, RunStanding>> = {
  confirmed: 'done',
  pending: 'asking',
  unknown: 'unsure',
  expired: 'unanswered',
  failed: 'refused',
}

export const standingOf = ({ state, outcome }: Pick<RunJson, 'state' | 'outcome'>): RunStanding =>
  state === 'done' && outcome !== null ? DONE[outcome] : state

/** Whether somebody should look at it. */
export const isTrouble = (run: Pick<RunJson, 'state' | 'outcome'>): boolean =>
  ['failed', 'unanswered', 'refused'].includes(standingOf(run))

/** How a run stands, as a lamp. */
export const RUN_LAMPS: Readonly<Record<RunStanding, LampState>> = {
  running: 'wait',
  waiting: 'wait',
  queued: 'wait',
  done: 'ok',
  stopped: 'off',
  cancelled: 'off',
  failed: 'fail',
  asking: 'wait',
  unanswered: 'fail',
  refused: 'fail',
  unsure: 'never',
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
