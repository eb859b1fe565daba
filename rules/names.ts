export type { EntityValue, NameProblem, TargetName, ValueName } from './names/name.ts'
export { resolveTargets, type Asked } from './names/targets.ts'
export { resolveValue } from './names/values.ts'
