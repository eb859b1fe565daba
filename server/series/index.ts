export { BatchWriter, readBatch } from './batch.ts'
export { decodeChunk, decodeColumns, encodeChunk, valueAt, type Columns } from './chunk.ts'
export { Course } from './course.ts'
export { DAY, summariseDay } from './day.ts'
export {
  askSeries,
  type Grain,
  type Recorded,
  type SeriesAnswer,
  type SeriesAsk,
  type SeriesKind,
  type StoredDay,
} from './query.ts'
export { GAP, type Sample, type Scalar } from './sample.ts'
