import type { RuleFileInfo, RuleInfo, RunInfo } from './face.ts'
import type { LiveFile } from './rule-files.ts'
import type { RuleState } from './rule-state.ts'
import { runInfo } from './run.ts'
import type { StoredLastRun, StoredTrace } from './store.ts'
import type { Trace } from './trace.ts'

function ruleInfo(state: RuleState, now: number): RuleInfo {
  const { rule } = state.compiled
  return {
    id: rule.id,
    key: rule.key,
    name: rule.name,
    active: state.isActive,
    problems: state.problems,
    lastRun: state.lastRun,
    openRuns: state.open.map(runInfo),
    sentence: state.sentence,
    nextAt: state.nextAt,
    pausedUntil: state.limit.pausedUntil(now),
  }
}

/** A rule file as it is shown. */
export function fileInfo({ stored, states }: LiveFile, now: number): RuleFileInfo {
  return { ...stored, rules: [...states.values()].map(state => ruleInfo(state, now)) }
}

/** A finished run as it is shown. */
export function traceInfo({ trace, ...run }: StoredTrace): RunInfo {
  return endedInfo({ ...run, outcome: (trace as unknown as Trace).outcome })
}

/** The last run of a rule, as it was stored. */
export function endedInfo({
  id,
  rule,
  file,
  version,
  startedAt,
  endedAt,
  result,
  cause,
  outcome,
}: StoredLastRun): RunInfo {
  return { id, rule, file, version, startedAt, state: result, dueAt: null, endedAt, cause, outcome }
}
