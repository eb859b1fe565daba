import { chmodSync } from 'node:fs'
import type { OpenDatabase } from '../database.ts'

// What concerns a database as a whole.

/** Writes what a database holds at this moment into a new file; its writer goes on meanwhile. */
export function copyInto({ raw }: OpenDatabase, path: string): void {
  raw.prepare('VACUUM INTO ?').run(path)
  chmodSync(path, 0o600)
}

/** What is wrong with a database, null when nothing is. Reads all of it. */
export function findDamage({ raw }: OpenDatabase): string | null {
  const found = raw.pragma('integrity_check(1)', { simple: true }) as string
  if (found !== 'ok') return found
  const [orphan] = raw.pragma('foreign_key_check') as { table: string; parent: string }[]
  return orphan === undefined ? null : `a row of ${orphan.table} belongs to no ${orphan.parent}`
}

/** How many steps its schema has taken, 0 for an empty file. */
export function schemaVersion({ raw }: OpenDatabase): number {
  return raw.pragma('user_version', { simple: true }) as number
}
