import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { HobError } from '#kernel'
import { isDamage } from './damage.ts'
import { databasePath } from './executor.ts'
import type { StorageOptions } from './face.ts'
import type { Connection } from './worker.ts'

/** Lies beside a file that turned out to be damaged while the hub ran. */
const markOf = (path: string) => `${path}.damaged`

/** Moves the file out of the way; whoever wants to may look at it. */
function setAside(path: string, options: Pick<StorageOptions, 'clock' | 'log'>): void {
  const aside = `${path}.damaged-${options.clock.now()}`
  if (existsSync(path)) renameSync(path, aside)
  for (const ending of ['-wal', '-shm', '.damaged']) rmSync(`${path}${ending}`, { force: true })
  options.log.error({ aside }, 'history.db is damaged; it was set aside and history begins anew')
}

/** Tells damage from other failures, once: the next start sets the file aside. The house goes on without its past. */
export function watchDamage(
  connection: Connection,
  { folder, log }: Pick<StorageOptions, 'folder' | 'log'>,
): Connection {
  const path = databasePath(folder, 'history')
  const told = (error: unknown): never => {
    if (!isDamage(error)) throw error
    if (folder !== null && !existsSync(markOf(path))) {
      writeFileSync(markOf(path), '', { mode: 0o600 })
      log.error({ path }, 'history.db is damaged; it is set aside when the hub starts again')
    }
    throw new HobError(
      'storage.history_damaged',
      'what was recorded cannot be read: history.db is damaged; it is set aside and begun anew when the hub starts again',
      {},
      error,
    )
  }
  return {
    run: ops => connection.run(ops).catch(told),
    query: (name, argument) => connection.query(name, argument).catch(told),
    // It is closed all the same when its log cannot be moved into it.
    close: () =>
      connection.close().catch((error: unknown) => {
        if (!isDamage(error)) throw error
      }),
  }
}

/** Opens history.db; one that is damaged is set aside and begun anew. */
export async function openHistoryFile(options: StorageOptions, open: () => Promise<Connection>): Promise<Connection> {
  const path = databasePath(options.folder, 'history')
  if (options.folder !== null && existsSync(markOf(path))) setAside(path, options)
  let opened: Connection | undefined
  try {
    opened = await open()
    // What a start needs is read once, before anybody counts on it.
    await opened.query('load.history')
    return watchDamage(opened, options)
  } catch (error) {
    if (!isDamage(error)) throw error
    // Its thread may fail to tidy up what cannot be read.
    await opened?.close().catch(isDamage)
    setAside(path, options)
    return watchDamage(await open(), options)
  }
}
