import { existsSync } from 'node:fs'
import { markOf } from './condition.ts'
import { isDamage, isUnreadable, setAside, watchDamage } from './damage.ts'
import { databasePath } from './executor.ts'
import type { StorageOptions } from './face.ts'
import type { Connection } from './worker.ts'

/** What every start reads. */
const LOADS = ['load.history', 'load.values', 'load.points', 'load.lastRuns'] as const

/** Opens history.db; one that is damaged is set aside and begun anew. The house goes on without its past. */
export async function openHistoryFile(options: StorageOptions, open: () => Promise<Connection>): Promise<Connection> {
  const { folder, clock, log } = options
  const path = databasePath(folder, 'history')
  const watched = (connection: Connection) => watchDamage(connection, { path, kind: 'history', log })
  const beginAnew = () => {
    const aside = setAside(path, clock.now())
    log.error({ aside }, 'history.db is damaged; it was set aside and history begins anew')
  }
  if (folder !== null && existsSync(markOf(path))) beginAnew()
  let opened: Connection | undefined
  try {
    opened = await open()
    // What a start needs is read once, before anybody counts on it.
    for (const name of LOADS) await opened.query(name)
    return watched(opened)
  } catch (error) {
    if (!isDamage(error) && !isUnreadable(error)) throw error
    // Its thread may fail to tidy up what cannot be read.
    await opened?.close().catch(isDamage)
    beginAnew()
    return watched(await open())
  }
}
