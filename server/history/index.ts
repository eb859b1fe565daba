export type { BurstWrite } from './activity/bursts.ts'
export type { Names } from './activity/chain.ts'
export type { Activity, ActivityKind, CauseLink, Once } from './activity/entry.ts'
export type { WriteReport } from './budget.ts'
export type { Period } from './calendar.ts'
export type { ExportPage } from './export.ts'
export { createHistory, type History, type HistoryAsk, type Resolution, type ValueHistory } from './history.ts'
export type { SpaceReport } from './space.ts'
export type {
  ActivityAsk,
  ActivityPage,
  HistoryStore,
  Moment,
  PageAsk,
  PurgeStep,
  RecorderOp,
  SamplePage,
  StoredHistory,
  StoredSeries,
  StoredSpace,
} from './store.ts'
