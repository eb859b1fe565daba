export { BatchWriter, readBatch } from './batch.ts'
export { decodeChunk, encodeChunk } from './chunk.ts'
export { GAP, type Sample } from './sample.ts'
