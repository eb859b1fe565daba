import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

// Beside hub.db stands how it was left, in `hub.db.state`:
//
//   open               a hub has it open, or died with it; its log (-wal) was there before this was written
//   closed SUM         it was closed; SHA-256 of the file, when it is short enough
//
// SQLite finds damage in the order of a file, none in what a row says: the sum tells the one from the other while no hub
// runs. A start never waits for more than so many bytes; a longer file is read from end to end each night, when it is
// copied.

/** Bytes of hub.db that a start reads from end to end. */
export const MAX_READ = 32 * 1024 * 1024

/**
 * What cannot be known by looking at the file alone. `log_lost`: what was written last before the hub died is gone.
 * `changed`: it is not the file that the hub closed. Null: nothing.
 */
export type Doubt = 'log_lost' | 'changed'

/** Lies beside a file that turned out to be damaged while the hub ran. */
export const markOf = (database: string) => `${database}.damaged`

export const statePath = (database: string) => `${database}.state`

function sumOf(path: string): string | null {
  return statSync(path).size > MAX_READ ? null : createHash('sha256').update(readFileSync(path)).digest('hex')
}

function writeState(database: string, text: string): void {
  const beside = `${statePath(database)}.new`
  const file = openSync(beside, 'w', 0o600)
  writeSync(file, `${text}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(beside, statePath(database))
  const folder = openSync(dirname(database), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** How a database was left and what is known of it. To be asked before it is opened. */
export interface Condition {
  readonly doubt: Doubt | null
  /** It is, byte for byte, what was closed: there is nothing to look for. */
  readonly isUntouched: boolean
}

export function examine(database: string): Condition {
  const state = statePath(database)
  if (!existsSync(state)) return { doubt: null, isUntouched: false }
  const [how, sum] = readFileSync(state, 'utf8').trim().split(' ')
  if (how === 'open') return { doubt: existsSync(`${database}-wal`) ? null : 'log_lost', isUntouched: false }
  if (how !== 'closed' || sum === undefined) return { doubt: null, isUntouched: false }
  const isSame = sumOf(database) === sum
  return { doubt: isSame ? null : 'changed', isUntouched: isSame }
}

/** The database is open, with its log beside it. */
export function noteOpen(database: string): void {
  writeState(database, 'open')
}

/** To be said before its log goes: from here on that is no loss. */
export function noteClosing(database: string): void {
  writeState(database, 'closed')
}

/** The database is closed. */
export function noteClosed(database: string): void {
  const sum = sumOf(database)
  if (sum !== null) writeState(database, `closed ${sum}`)
}

/** What was closed cannot be read: whoever looks next is to doubt it again. */
export function noteRefused(database: string): void {
  writeState(database, 'closed refused')
}
