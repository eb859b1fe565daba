import Database from 'better-sqlite3'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { HobError } from '#kernel'

export interface FolderLock {
  release(): void
}

/**
 * Holds a data folder for this process; the operating system lets go of it when the process dies, however it dies.
 * @throws HobError `storage.in_use` when another process holds it.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, 'hub.lock')
  const file = new Database(path, { timeout: 0 })
  try {
    chmodSync(path, 0o600)
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw error
    throw new HobError('storage.in_use', `another hob is running on ${folder}; stop it first`, {}, error)
  }
  return { release: () => void file.close() }
}
