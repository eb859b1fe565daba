import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { HobError, isHobError, type Log } from '#kernel'
import { markOf, statePath } from './condition.ts'
import type { DatabaseKind } from './database.ts'
import type { Connection } from './worker.ts'

/** Whether an error says that a file is damaged, and not that something else went wrong. */
export function isDamage(error: unknown): boolean {
  return (
    isHobError(error, 'storage.damaged') || /^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '')
  )
}

/** Whether history.db as a whole is readable, but not what stands in its rows. */
export function isUnreadable(error: unknown): boolean {
  return isHobError(error, 'storage.history_damaged')
}

/** Moves a database out of the way, with its log; whoever wants to may look at it. @returns where it is now. */
export function setAside(path: string, now: number): string {
  const aside = `${path}.damaged-${now}`
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`)
  if (existsSync(path)) renameSync(path, aside)
  for (const each of [`${path}-shm`, statePath(path), markOf(path)]) rmSync(each, { force: true })
  return aside
}

const SAYS: Readonly<Record<DatabaseKind, { code: string; log: string; error: string }>> = {
  hub: {
    code: 'storage.damaged',
    log: 'hub.db is damaged; when the hub starts again it goes on with the newest good backup',
    error: 'hub.db is damaged; when the hub starts again it goes on with the newest good backup',
  },
  history: {
    code: 'storage.history_damaged',
    log: 'history.db is damaged; it is set aside when the hub starts again',
    error:
      'what was recorded cannot be read: history.db is damaged; it is set aside and begun anew when the hub starts again',
  },
}

/** Tells damage from other failures, once, and marks the file: the next start does what is to be done. */
export function watchDamage(
  connection: Connection,
  { path, kind, log }: { path: string; kind: DatabaseKind; log: Log },
): Connection {
  const says = SAYS[kind]
  const told = (error: unknown): never => {
    if (!isDamage(error) && !isUnreadable(error)) throw error
    if (path !== ':memory:' && !existsSync(markOf(path))) {
      writeFileSync(markOf(path), '', { mode: 0o600 })
      log.error({ path }, says.log)
    }
    throw new HobError(says.code, says.error, {}, error)
  }
  return {
    run: ops => connection.run(ops).catch(told),
    // One row that an answer cannot read does not cost the rest of what was recorded.
    query: (name, argument) =>
      connection.query(name, argument).catch((error: unknown) => {
        if (!isUnreadable(error)) return told(error)
        log.error({ path, query: name }, (error as Error).message)
        throw error
      }),
    // It is closed all the same when its log cannot be moved into it.
    close: () =>
      connection.close().catch((error: unknown) => {
        if (!isDamage(error)) throw error
      }),
  }
}
