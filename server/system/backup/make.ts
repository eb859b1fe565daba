import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { HobError, type Random } from '#kernel'
import { putInPlace, removeFolder, requireSpace, sizeOf, unpackBackup, writeBackup } from './backup-file.ts'
import { databaseNames, fileNames, type Contents } from './contents.ts'
import { damaged, type Lock } from './sealed.ts'

/** Reads a database of a folder from end to end. @throws HobError when it is damaged or of a newer schema. */
export type CheckDatabase = (place: { folder: string; kind: 'hub' | 'history' }) => Promise<void>

export interface Making extends Lock {
  /** The data folder. */
  readonly data: string
  /** Where copies of its databases lie, as files of the same names; they are removed. */
  readonly copies: string
  /** The file to make; one that is there is replaced. */
  readonly path: string
  readonly madeAt: number
  /** Version of this program. */
  readonly version: string
  readonly random: Random
  readonly check: CheckDatabase
}

const COPIES = '.copies-'
/** Milliseconds after which nobody works with copies any more. */
const COPIES_LAST = 3_600_000

const kindOf = (name: string) => (name === 'hub.db' ? 'hub' : 'history')

/** The folder of automatic backups, which also holds copies while a backup is made. */
export function backupsFolder(data: string): string {
  return join(data, 'backups')
}

/** Whoever was killed left them, plain as they are. */
async function removeOldCopies(parent: string, now: number): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name)
    // Another backup may end meanwhile.
    const madeAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
    if (name.startsWith(COPIES) && madeAt < now - COPIES_LAST) await removeFolder(path)
  }
}

/**
 * An empty folder for copies of the databases, on the disk of the data folder; those that were left over are removed.
 * @throws HobError `backup.disk_full`.
 */
export async function openCopiesFolder(
  data: string,
  { history, now }: { history: boolean; now: number },
): Promise<string> {
  const parent = backupsFolder(data)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await removeOldCopies(parent, now)
  const databases = history ? databaseNames : ['hub.db']
  // Copies, then what is unpacked for the trial; the sealed file may lie on the same disk.
  await requireSpace(parent, 2 * (await sizeOf(databases.map(name => join(data, name)))))
  return mkdtemp(join(parent, COPIES))
}

/**
 * Makes a backup out of copies: written beside, synced, opened and read from end to end as a restore would, and only then
 * given its name.
 * @throws HobError `backup.disk_full`, `backup.damaged`, `storage.damaged`.
 */
export async function makeBackup(making: Making): Promise<Contents> {
  const { data, copies, path } = making
  const beside = `${path}.partial`
  const sources = fileNames
    .map(name => ({ name, path: join(databaseNames.includes(name) ? copies : data, name) }))
    .filter(source => existsSync(source.path))
  try {
    const contents = await writeBackup({ ...making, path: beside, sources })
    const trial = join(copies, 'trial')
    await removeFolder(copies)
    await mkdir(trial, { recursive: true, mode: 0o700 })
    await openBackup(beside, { ...making, into: trial })
    await putInPlace(beside, path)
    return contents
  } catch (error) {
    await removeFolder(beside)
    throw error
  } finally {
    await removeFolder(copies)
  }
}

/**
 * Unpacks a backup into an empty folder and reads its databases from end to end.
 * @throws HobError `backup.foreign`, `backup.newer_format`, `backup.damaged`, `backup.wrong_passphrase`,
 * `backup.disk_full`, `backup.newer_schema`.
 */
export async function openBackup(
  path: string,
  opening: Lock & { into: string; check: CheckDatabase },
): Promise<Contents> {
  const { into, check } = opening
  const contents = await unpackBackup(path, opening)
  for (const { name } of contents.files.filter(each => databaseNames.includes(each.name))) {
    await check({ folder: into, kind: kindOf(name) }).catch((error: unknown) => {
      throw toFault(error, { path, name, version: contents.version })
    })
  }
  return contents
}

function toFault(error: unknown, { path, name, version }: { path: string; name: string; version: string }): unknown {
  if (!(error instanceof HobError)) return error
  if (error.code === 'storage.newer_schema') {
    return new HobError(
      'backup.newer_schema',
      `${path} was made by a newer version of hob (${version}): its ${name} has a schema that this one does not know; install that version`,
      {},
      error,
    )
  }
  return error.code === 'storage.damaged' ? damaged(path, `SQLite refuses its ${name}`) : error
}
