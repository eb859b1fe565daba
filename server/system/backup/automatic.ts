import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isHobError, toIso, type Log, type Random } from '#kernel'
import { list } from './backup-file.ts'
import type { Contents } from './contents.ts'
import { keptBackups } from './keep.ts'
import { keyPath, loadKey, openKey } from './key.ts'
import { backupsFolder, makeBackup, openCopiesFolder, type CheckDatabase } from './make.ts'
import { replaceHubDatabase } from './restore.ts'
import type { Lock } from './sealed.ts'

// The backups that the hub makes by itself, in `backups/`: all but what was recorded, sealed with `backup.key`.

const DAY = 86_400_000

const NAME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.hob$/

export interface Automatic {
  readonly path: string
  /** Milliseconds since 1970, to the second. */
  readonly madeAt: number
}

/**
 * The automatic backups of a data folder, newest first. Those named by a time to come, more than a day away, stand last: a
 * clock that was wrong made them, and nobody knows when.
 */
export function listBackups(data: string, now: number): Automatic[] {
  const folder = backupsFolder(data)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap(name => {
      const [, year, month, ...rest] = NAME.exec(name)?.map(Number) ?? []
      if (year === undefined || month === undefined) return []
      const [day = 1, hour = 0, minute = 0, second = 0] = rest
      return [{ path: join(folder, name), madeAt: Date.UTC(year, month - 1, day, hour, minute, second) }]
    })
    .toSorted((a, b) => Number(a.madeAt > now + DAY) - Number(b.madeAt > now + DAY) || b.madeAt - a.madeAt)
}

/** Throws away what a hub that was killed left of a backup that it made. */
export function sweepBackups(data: string): void {
  const folder = backupsFolder(data)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    if (/^\.copies-|\.partial$/.test(name)) rmSync(join(folder, name), { recursive: true })
  }
}

export interface AutomaticMaking extends Pick<Lock, 'derive'> {
  readonly data: string
  readonly now: number
  readonly zone: string
  readonly version: string
  readonly random: Random
  readonly check: CheckDatabase
  /** Copies hub.db into a folder. */
  readonly copy: (into: string) => Promise<void>
  /** Sum of hub.db in the last one, when it is known: the same again is not kept twice. */
  readonly last?: string | undefined
}

/**
 * Makes a backup in `backups/` and throws away those that nobody needs any more. @returns null when nothing
 * differs from the last one.
 * @throws HobError `backup.disk_full`, `backup.bad_key`, `storage.damaged`.
 */
export async function makeAutomatic(making: AutomaticMaking): Promise<{ made: Automatic; contents: Contents } | null> {
  const { data, now, zone } = making
  const passphrase = await openKey(data, making.random)
  const copies = await openCopiesFolder(data, { history: false, now })
  try {
    await making.copy(copies)
    const { sum } = await list({ name: 'hub.db', path: join(copies, 'hub.db') })
    if (sum === making.last) return null
    const path = join(backupsFolder(data), `${toIso(now).slice(0, 19).replaceAll(':', '-')}Z.hob`)
    const contents = await makeBackup({ ...making, copies, path, passphrase, madeAt: now })
    const all = listBackups(data, now)
    const kept = keptBackups(
      all.map(({ madeAt }) => madeAt),
      zone,
    )
    for (const each of all) if (!kept.has(each.madeAt)) rmSync(each.path)
    return { made: all[0]!, contents }
  } finally {
    rmSync(copies, { recursive: true, force: true })
  }
}

export interface Recovery extends Pick<Lock, 'derive'> {
  readonly data: string
  readonly now: number
  readonly check: CheckDatabase
  readonly prepare: CheckDatabase
  /** Moves hub.db out of the way. */
  readonly setAside: () => void
  readonly log: Log
}

/** The backup that was taken, null when none could be, and what is wrong with those before it. */
interface Recovered {
  readonly backup: Automatic | null
  readonly faults: readonly string[]
}

/** Puts hub.db out of the newest good backup in its place. */
export async function recoverHubDatabase(recovery: Recovery): Promise<Recovered> {
  const { data, log } = recovery
  const found = listBackups(data, recovery.now)
  const faults: string[] = []
  const complain = (error: unknown, path: string) => {
    const { message } = error as Error
    const fault = isHobError(error) ? message : `${path} cannot be read: ${message}`
    faults.push(fault)
    log.error({}, fault)
  }
  if (found.length === 0) return { backup: null, faults }
  let passphrase: string | null
  try {
    passphrase = await loadKey(data)
  } catch (error) {
    complain(error, keyPath(data))
    return { backup: null, faults }
  }
  if (passphrase === null) return { backup: null, faults: [`${keyPath(data)} is missing`] }
  mkdirSync(data, { recursive: true, mode: 0o700 })
  for (const backup of found) {
    try {
      await replaceHubDatabase({ ...recovery, path: backup.path, passphrase }, recovery.setAside)
      return { backup, faults }
    } catch (error) {
      complain(error, backup.path)
    }
  }
  return { backup: null, faults }
}
