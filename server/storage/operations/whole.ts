import { chmodSync } from 'node:fs'
import { findDamage, type DatabaseKind, type OpenDatabase } from '../database.ts'

// What concerns a database as a whole.

/** Writes what a database holds at this moment into a new file; its writer goes on meanwhile. */
export function copyInto({ raw }: OpenDatabase, path: string): void {
  raw.prepare('VACUUM INTO ?').run(path)
  chmodSync(path, 0o600)
}

/** What is wrong with a database, null when nothing is. Reads all of it. */
export function damageOf({ raw }: OpenDatabase, kind: DatabaseKind): string | null {
  return findDamage(raw, { kind, isQuick: false })
}

/** How many steps its schema has taken, 0 for an empty file. */
export function schemaVersion({ raw }: OpenDatabase): number {
  return raw.pragma('user_version', { simple: true }) as number
}
