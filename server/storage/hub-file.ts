import { HobError } from '#kernel'
import { noteRefused, type Doubt } from './condition.ts'
import { watchDamage } from './damage.ts'
import { databasePath } from './executor.ts'
import type { StorageOptions } from './face.ts'
import type { Connection } from './worker.ts'

const SAYS: Readonly<Record<Doubt, string>> = {
  log_lost:
    'the log of hub.db (hub.db-wal) is gone since the hub ended: what was changed last before that may be missing; hob restore brings back a backup',
  changed:
    'hub.db is not the file that the hub closed, and SQLite finds nothing wrong with it; if nobody changed it on purpose, hob restore brings back a backup',
}

/** What every start reads. */
const LOADS = ['load.broker', 'load.devices', 'load.rules', 'load.access', 'load.settings'] as const

/**
 * Opens hub.db; what stays in doubt about it is told.
 * @throws HobError `storage.newer_schema`, `storage.damaged`, `storage.cannot_open`.
 */
export async function openHubFile(options: StorageOptions, open: () => Promise<Connection>): Promise<Connection> {
  const { folder, log } = options
  const path = databasePath(folder, 'hub')
  const connection = watchDamage(await open(), { path, kind: 'hub', log })
  const doubt = (await connection.query('doubt')) as Doubt | null
  try {
    if (doubt === 'changed') for (const name of LOADS) await connection.query(name)
  } catch (error) {
    await connection.close()
    noteRefused(path)
    const { message } = error as Error
    throw new HobError('storage.damaged', `${path} is damaged (it cannot be read: ${message})`, {}, error)
  }
  if (doubt !== null) log.error({ path }, SAYS[doubt])
  return connection
}
