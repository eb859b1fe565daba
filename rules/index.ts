export { catalogueFromJson } from './check/catalogue-file.ts'
export { checkText } from './check/check-text.ts'
export { createEngine } from './engine.ts'
export type { Draft, Engine, EngineOptions, RuleFileInfo, RuleInfo, RunDetail, RunInfo } from './face.ts'
export type { Completion, Completions } from './complete/complete.ts'
export type { Fault } from './format/errors.ts'
export type { Sentence, SentencePart } from './format/sentence.ts'
export { printFault } from './format/print.ts'
export type {
  RuleOp,
  RuleStore,
  SaveResult,
  StoredDeadline,
  StoredLastRun,
  StoredMoment,
  StoredRuleFile,
  StoredRules,
  StoredRun,
  StoredTrace,
} from './store.ts'
export type { MissReason, NearMiss } from './near-misses.ts'
export type {
  Heard,
  Outcome,
  Trace,
  TraceCommand,
  TraceCondition,
  TraceDeed,
  TracePart,
  TraceSide,
  TraceStep,
  TraceTrigger,
  TraceValue,
} from './trace.ts'
export type { Catalogue, House, World } from './world.ts'
