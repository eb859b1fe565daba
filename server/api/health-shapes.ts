import { toIso } from '#kernel'
import type { HealthReport } from '../system/index.ts'
import type { HealthJson } from './contract.ts'

export function healthJson({ at, state, readings, problems }: HealthReport): HealthJson {
  return {
    at: toIso(at),
    state,
    readings: [...readings],
    problems: problems.map(({ since, ...problem }) => ({ ...problem, since: toIso(since) })),
  }
}
