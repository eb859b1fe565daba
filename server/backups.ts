import { rm } from 'node:fs/promises'
import type { Storage } from './storage/index.ts'
import { openCopiesFolder } from './system/index.ts'

/** Copies of the databases for whoever seals them. */
export function createCopies(data: string, storage: Storage) {
  return {
    async make(what: { readonly history: boolean }): Promise<string> {
      const folder = await openCopiesFolder(data, what)
      try {
        await storage.copy(folder, what)
        return folder
      } catch (error) {
        await rm(folder, { recursive: true })
        throw error
      }
    },
  }
}
