import Database from 'better-sqlite3'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const checks = {
  'PRAGMA integrity_check': 'ok',
  'PRAGMA foreign_key_check': undefined,
} as const

/** What SQLite finds wrong with hub.db and history.db of a folder; looks at copies, since looking changes them. */
export function faultsOfDatabases(folder: string): string[] {
  const faults: string[] = []
  const copy = `${folder}-copy`
  cpSync(folder, copy, { recursive: true })
  for (const name of ['hub.db', 'history.db']) {
    // Before the first fsync of a new folder there may be none.
    if (!existsSync(join(copy, name))) continue
    const database = new Database(join(copy, name))
    for (const [check, good] of Object.entries(checks)) {
      const found: unknown = database.prepare(check).pluck().get()
      if (found !== good) faults.push(`${name}: ${check}: ${String(found)}`)
    }
    database.close()
  }
  rmSync(copy, { recursive: true })
  return faults
}
