export type { CommitPace } from './commit-meter.ts'
export type { Storage, StorageOptions } from './face.ts'
export { lockFolder, type FolderLock } from './lock.ts'
export { openStorage } from './storage.ts'
