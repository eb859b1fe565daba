export type { WriteReport } from './budget.ts'
export type { Period } from './calendar.ts'
export type { ExportPage } from './export.ts'
export { createHistory, type History, type HistoryAsk, type Resolution, type ValueHistory } from './history.ts'
export type { SpaceReport } from './space.ts'
export type {
  HistoryStore,
  Moment,
  PageAsk,
  RecorderOp,
  SamplePage,
  StoredHistory,
  StoredSeries,
  StoredSpace,
} from './store.ts'
