import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HobError, isHobError, toIso } from '#kernel'
import { version } from './paths.ts'
import {
  copyingHere,
  lacksMigration,
  lockFolder,
  openStorage,
  setAside,
  type Storage,
  type StorageOptions,
} from './storage/index.ts'
import { finishSwap, listBackups, makeAutomatic, recoverHubDatabase, sweepBackups } from './system/index.ts'

/** The data folder, held for this process, with its databases open. */
export interface Disk {
  readonly storage: Storage
  close(): Promise<void>
}

type DiskOptions = Omit<StorageOptions, 'folder'>

/** Node's recursive form never ends where the system lets nobody make a folder, as in /proc. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 })
}

/**
 * A hub.db that is damaged is set aside, and the newest good backup takes its place.
 * @throws HobError `storage.in_use` when another hub holds the folder; `storage.newer_schema`; `storage.damaged` when there
 * is no good backup: then hub.db stays as it is.
 */
export async function openDisk(folder: string, options: DiskOptions): Promise<Disk> {
  makeFolder(folder)
  const lock = lockFolder(folder)
  try {
    finishSwap(folder)
    sweepBackups(folder)
    const storage = await openOrRecover(folder, options)
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

async function openOrRecover(folder: string, options: DiskOptions): Promise<Storage> {
  const path = join(folder, 'hub.db')
  if (!existsSync(path) && listBackups(folder, options.clock.now()).length > 0)
    await recover(folder, options, `${path} is missing`)
  try {
    await backUpBeforeMigration(folder, options)
    return await openStorage({ ...options, folder })
  } catch (error) {
    if (!isHobError(error, 'storage.damaged')) throw error
    await recover(folder, options, error.message)
    return openStorage({ ...options, folder })
  }
}

async function recover(folder: string, { clock, log }: DiskOptions, fault: string): Promise<void> {
  const path = join(folder, 'hub.db')
  let aside = ''
  const { backup, faults } = await recoverHubDatabase({
    ...copyingHere,
    ...{ data: folder, now: clock.now(), log },
    setAside: () => (aside = setAside(path, clock.now())),
  })
  if (backup === null) {
    throw new HobError(
      'storage.damaged',
      `${fault}, and there is no good backup in ${join(folder, 'backups')}${faults.length === 0 ? '' : ` (${faults.join('; ')})`}; bring one with hob restore FILE, or move hub.db away to begin anew`,
    )
  }
  const from = toIso(backup.madeAt)
  log.error(
    { aside, backup: backup.path },
    `${fault}; the hub goes on with the backup of ${from}, changes since are lost`,
  )
}

/** The way back, should the new version not do. That it cannot be made is told, and stops nobody. */
async function backUpBeforeMigration(folder: string, { clock, log }: DiskOptions): Promise<void> {
  if (!lacksMigration(join(folder, 'hub.db'), 'hub')) return
  const random = (length: number) => randomBytes(length)
  try {
    const result = await makeAutomatic({
      ...copyingHere,
      ...{ data: folder, now: clock.now(), zone: 'UTC', version, random },
      copy: into => copyingHere.copy({ folder, kind: 'hub' }, into),
    })
    log.info({ file: result?.made.path }, 'made a backup before the databases are brought up to date')
  } catch (error) {
    if (!(error instanceof HobError) || error.code === 'storage.damaged') throw error
    log.warn({}, `no backup before the databases are brought up to date: ${error.message}`)
  }
}
