import Database from 'better-sqlite3'
import { chmodSync, closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { HobError } from '#kernel'
import { examine, markOf, MAX_READ, noteClosed, noteClosing, noteOpen, statePath, type Doubt } from './condition.ts'
import { renewJournal } from './journal.ts'
import { historyMigrations } from './migrations/history.ts'
import { hubMigrations } from './migrations/hub.ts'

/** `hub` must survive everything; `history` may be thrown away. */
export type DatabaseKind = 'hub' | 'history'

export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

export const migrationsOf: Readonly<Record<DatabaseKind, readonly Migration[]>> = {
  hub: hubMigrations,
  history: historyMigrations,
}

/** An open database, ready for operations. */
export interface OpenDatabase {
  readonly raw: Database.Database
  readonly orm: BetterSQLite3Database
  /** What looking at the file could not settle; of hub.db alone. */
  readonly doubt: Doubt | null
  /** How it is left is noted beside it. */
  readonly isNoted?: true
}

/** Pages kept in the write-ahead log before SQLite moves them into the file. */
const JOURNAL_BYTES = 16 * 1024 * 1024

function schemaVersion(raw: Database.Database): number {
  return raw.pragma('user_version', { simple: true }) as number
}

/** Bytes of the shortest database there is: one page. */
const SHORTEST = 512
/** Where a database file says how many steps its schema has taken. */
const SCHEMA_AT = 60

/**
 * Whether a start is going to change the schema of a database. What stands in a log that was left is not asked: then the
 * answer may be yes once too often.
 */
export function lacksMigration(path: string, kind: DatabaseKind): boolean {
  if (!existsSync(path) || statSync(path).size <= SCHEMA_AT + 4) return false
  const bytes = Buffer.alloc(4)
  const file = openSync(path, 'r')
  readSync(file, bytes, 0, bytes.length, SCHEMA_AT)
  closeSync(file)
  const found = bytes.readUInt32BE()
  return found > 0 && found < migrationsOf[kind].length
}

/** @throws HobError `storage.newer_schema` */
export function refuseNewer(path: string, found: number, known: number): void {
  if (found <= known) return
  throw new HobError(
    'storage.newer_schema',
    `${path} was written by a newer version of hob (schema ${found}, this one knows ${known}); install that version or restore a backup`,
  )
}

/** Applies the steps that are missing, each in its own transaction; `user_version` counts them. */
export function migrate(raw: Database.Database, migrations: readonly Migration[]): void {
  for (let done = schemaVersion(raw); done < migrations.length; done++) {
    raw.transaction(() => {
      for (const statement of migrations[done]!.statements) raw.exec(statement)
      raw.pragma(`user_version = ${done + 1}`)
    })()
  }
}

/** What SQLite says of a file that it cannot use, as the owner may act on it; any other error as it is. */
function toFault(error: unknown, path: string): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return new HobError('storage.damaged', `${path} is damaged (${message})`, {}, error)
  }
  if (!code.startsWith('SQLITE_')) return error
  return new HobError('storage.cannot_open', `${path} cannot be opened: ${message}`, {}, error)
}

/**
 * Opens a database for writing and brings its schema up to date.
 * @throws HobError `storage.newer_schema`, `storage.damaged`, `storage.cannot_open`; the file stays as it is then.
 */
export function openDatabase(path: string, kind: DatabaseKind): OpenDatabase {
  try {
    return open(path, kind)
  } catch (error) {
    throw toFault(error, path)
  }
}

function open(path: string, kind: DatabaseKind): OpenDatabase {
  const isKept = kind === 'hub' && path !== ':memory:'
  if (isKept && !existsSync(path)) createWhole(path, kind)
  const doubt = path !== ':memory:' && existsSync(path) ? lookAt(path, kind) : null
  const raw = connect(path, kind)
  if (isKept) noteOpen(path)
  migrate(raw, migrationsOf[kind])
  return { raw, orm: drizzle(raw), doubt, ...(isKept ? { isNoted: true } : {}) }
}

/** A file that is there is whole: it is made beside and gets its name at the end. So an empty one is damaged. */
function createWhole(path: string, kind: DatabaseKind): void {
  const beside = `${path}.new`
  for (const ending of ['', '-wal', '-shm']) rmSync(`${beside}${ending}`, { force: true })
  const raw = connect(beside, kind)
  migrate(raw, migrationsOf[kind])
  raw.pragma('wal_checkpoint(TRUNCATE)')
  raw.close()
  rmSync(statePath(path), { force: true })
  renameSync(beside, path)
}

/**
 * Looks at a file before it is opened for writing, so that one that is refused stays as it is.
 * @returns what stays in doubt.
 */
function lookAt(path: string, kind: DatabaseKind): Doubt | null {
  renewJournal(path)
  const condition = kind === 'hub' ? examine(path) : { doubt: null, isUntouched: true }
  // SQLite takes so short a file for a new database.
  if (kind === 'hub' && statSync(path).size < SHORTEST)
    throw new HobError('storage.damaged', `${path} is empty or cut off`)
  const look = new Database(path, { readonly: true })
  try {
    refuseNewer(path, schemaVersion(look), migrationsOf[kind].length)
    if (!condition.isUntouched) findDisorder(look, { path, kind })
  } finally {
    look.close()
  }
  return condition.doubt
}

/** Reads a file that was not closed, or is not what was closed: whole when it was found to be damaged, else if it is short. */
function findDisorder(look: Database.Database, { path, kind }: { path: string; kind: DatabaseKind }): void {
  const isMarked = existsSync(markOf(path))
  if (!isMarked && statSync(path).size > MAX_READ) return
  const found = findDamage(look, { kind, isQuick: !isMarked })
  if (found !== null) throw new HobError('storage.damaged', `${path} is damaged (${found})`)
  rmSync(markOf(path), { force: true })
}

/** The texts of its tables. */
function tablesOf(raw: Database.Database): string {
  return raw
    .prepare('select group_concat(sql) from (select sql from sqlite_schema order by type, name)')
    .pluck()
    .get() as string
}

/**
 * What is wrong with a database, null when nothing is found. Reads all of it; `isQuick` does not compare indexes with
 * their tables.
 */
export function findDamage(raw: Database.Database, { kind, isQuick }: { kind: DatabaseKind; isQuick: boolean }) {
  const found = raw.pragma(isQuick ? 'quick_check(1)' : 'integrity_check(1)', { simple: true }) as string
  // The first line says which database of the connection it is.
  if (found !== 'ok') return found.split('\n').at(-1)!
  const right = new Database(':memory:')
  migrate(right, migrationsOf[kind].slice(0, schemaVersion(raw)))
  const isRight = tablesOf(right) === tablesOf(raw)
  right.close()
  if (!isRight) return 'its tables are not those of its schema'
  const [orphan] = isQuick ? [] : (raw.pragma('foreign_key_check') as { table: string; parent: string }[])
  return orphan === undefined ? null : `a row of ${orphan.table} belongs to no ${orphan.parent}`
}

function connect(path: string, kind: DatabaseKind): Database.Database {
  const raw = new Database(path)
  if (path !== ':memory:') chmodSync(path, 0o600)
  // Both must come before the first table. Small pages: what is written every ten seconds is a kilobyte.
  if (kind === 'history') raw.pragma('page_size = 1024')
  raw.pragma('auto_vacuum = INCREMENTAL')
  raw.pragma('journal_mode = WAL')
  // better-sqlite3 is built so that a WAL database would be NORMAL, which loses commits in a power cut.
  raw.pragma(kind === 'hub' ? 'synchronous = FULL' : 'synchronous = NORMAL')
  raw.pragma('foreign_keys = ON')
  raw.pragma('trusted_schema = OFF')
  raw.pragma('busy_timeout = 5000')
  raw.pragma(`journal_size_limit = ${JOURNAL_BYTES}`)
  return raw
}

/** Opens a database for reading beside its writer. */
export function openForReading(path: string): OpenDatabase {
  const raw = new Database(path, { readonly: true, fileMustExist: true })
  raw.pragma('busy_timeout = 5000')
  raw.pragma('trusted_schema = OFF')
  return { raw, orm: drizzle(raw), doubt: null }
}

/** Moves the write-ahead log into the file and closes it. */
export function closeDatabase({ raw, isNoted }: OpenDatabase): void {
  try {
    if (!raw.readonly) raw.pragma('wal_checkpoint(TRUNCATE)')
    if (isNoted) noteClosing(raw.name)
  } finally {
    raw.close()
  }
  if (isNoted) noteClosed(raw.name)
}
