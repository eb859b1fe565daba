import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes the log that an earlier process left behind anew, and syncs it. A start reads it from the page cache, and
 * after a failed fsync that shows what never got to the disk and, being marked clean, never will: the next power cut
 * would tear a hole into it, and what was acknowledged behind the hole would be lost. Nobody may have the database open.
 */
export function renewJournal(database: string): void {
  const journal = `${database}-wal`
  if (!existsSync(journal) || statSync(journal).size === 0) return
  const fresh = `${journal}.fresh`
  const bytes = readFileSync(journal)
  const file = openSync(fresh, 'w', 0o600)
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
  fsyncSync(file)
  closeSync(file)
  renameSync(fresh, journal)
  const folder = openSync(dirname(database), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
