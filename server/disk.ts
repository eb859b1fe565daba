import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { finishSwap } from './system/index.ts'
import { lockFolder, openStorage, type Storage, type StorageOptions } from './storage/index.ts'

/** The data folder, held for this process, with its databases open. */
export interface Disk {
  readonly storage: Storage
  close(): Promise<void>
}

/** Node's recursive form never ends where the system lets nobody make a folder, as in /proc. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 })
}

/** @throws HobError `storage.in_use` when another hub holds the folder; `storage.newer_schema`. */
export async function openDisk(folder: string, options: Omit<StorageOptions, 'folder' | 'threads'>): Promise<Disk> {
  makeFolder(folder)
  const lock = lockFolder(folder)
  try {
    finishSwap(folder)
    const storage = await openStorage({ ...options, folder })
    return {
      storage,
      async close() {
        await storage.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
