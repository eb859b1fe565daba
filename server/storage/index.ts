export type { Storage, StorageOptions } from './face.ts'
