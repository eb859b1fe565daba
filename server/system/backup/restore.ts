import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeFolder } from './backup-file.ts'
import { databaseNames, fileNames, type Contents } from './contents.ts'
import { openBackup, type CheckDatabase } from './make.ts'
import type { Lock } from './sealed.ts'
import { beginSwap, commitSwap, dropEarlierAside, finishSwap } from './swap.ts'

export interface Restoring extends Lock {
  /** The data folder; nobody may have it open. */
  readonly data: string
  readonly path: string
  readonly now: number
  readonly check: CheckDatabase
  /** Brings a copy's schema up to date. */
  readonly prepare: CheckDatabase
}

async function fill(restoring: Restoring, names: readonly string[]): Promise<Contents> {
  const { data, prepare } = restoring
  const filling = beginSwap(data)
  try {
    const contents = await openBackup(restoring.path, { ...restoring, into: filling })
    for (const { name } of contents.files) {
      if (!names.includes(name)) rmSync(join(filling, name))
      else if (databaseNames.includes(name)) {
        await prepare({ folder: filling, kind: name === 'hub.db' ? 'hub' : 'history' })
      }
    }
    return contents
  } catch (error) {
    await removeFolder(filling)
    throw error
  }
}

/**
 * Puts a backup in the place of what a data folder holds, which is kept until the next restore. After a kill it is the
 * old house or the new one. @returns what the backup holds, and where the old files lie, null when there were none.
 * @throws HobError as `openBackup`.
 */
export async function restoreBackup(restoring: Restoring): Promise<{ contents: Contents; aside: string | null }> {
  const { data, now } = restoring
  finishSwap(data)
  const contents = await fill(restoring, fileNames)
  commitSwap(data, now)
  const aside = finishSwap(data)
  dropEarlierAside(data, aside)
  return { contents, aside }
}

/** Puts the hub.db of a backup in the place of a damaged one. @throws HobError as `openBackup`. */
export async function replaceHubDatabase(restoring: Restoring, setAside: () => void): Promise<Contents> {
  const contents = await fill(restoring, ['hub.db'])
  // Killed behind this, a start finds no hub.db and takes the newest backup again.
  setAside()
  commitSwap(restoring.data, restoring.now)
  finishSwap(restoring.data)
  return contents
}
