import { mkdirSync } from 'node:fs'
import { lockFolder, openStorage, type Storage, type StorageOptions } from './storage/index.ts'

/** The data folder, held for this process, with its databases open. */
export interface Disk {
  readonly storage: Storage
  close(): Promise<void>
}

/** @throws HobError `storage.in_use` when another hub holds the folder; `storage.newer_schema`. */
export async function openDisk(folder: string, options: Omit<StorageOptions, 'folder' | 'threads'>): Promise<Disk> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
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
