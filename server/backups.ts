import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Clock, Log } from '#kernel'
import type { HouseSettings } from './settings/index.ts'
import { copyingInThreads, type Storage } from './storage/index.ts'
import { createNightly, openCopiesFolder, openKey, type Nightly } from './system/index.ts'

export interface BackupsOptions {
  /** The data folder. */
  readonly folder: string
  readonly storage: Pick<Storage, 'copy'>
  readonly settings: Pick<HouseSettings, 'current'>
  readonly clock: Clock
  readonly log: Log
  readonly version: string
}

export interface Backups extends Nightly {
  /** Copies of the databases in a fresh folder, for whoever seals them: with `backup.key` when `key`, which then is there. */
  make(what: { readonly history: boolean; readonly key: boolean }): Promise<string>
}

/** The backups that this hub makes by itself from now on, and what it gives to those who make one. */
export function createBackups(options: BackupsOptions): Backups {
  const { folder: data, storage, settings, clock } = options
  const random = (length: number) => randomBytes(length)
  const nightly = createNightly({
    ...options,
    ...{ data, random, check: copyingInThreads.check },
    zone: () => settings.current().zone,
    copy: into => storage.copy(into, { history: false }),
  })
  nightly.open()
  return {
    ...nightly,
    async make({ history, key }) {
      if (key) await openKey(data, random)
      const folder = await openCopiesFolder(data, { history, now: clock.now() })
      try {
        await storage.copy(folder, { history })
        return folder
      } catch (error) {
        await rm(folder, { recursive: true })
        throw error
      }
    },
  }
}
