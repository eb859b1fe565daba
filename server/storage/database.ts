import Database from 'better-sqlite3'
import { chmodSync, existsSync } from 'node:fs'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { HobError } from '#kernel'
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
}

/** Pages kept in the write-ahead log before SQLite moves them into the file. */
const JOURNAL_BYTES = 16 * 1024 * 1024

function schemaVersion(raw: Database.Database): number {
  return raw.pragma('user_version', { simple: true }) as number
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
    return new HobError('storage.damaged', `${path} is damaged (${message}); restore a backup`, {}, error)
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
  const migrations = migrationsOf[kind]
  if (path !== ':memory:' && existsSync(path)) {
    renewJournal(path)
    const look = new Database(path, { readonly: true })
    try {
      refuseNewer(path, schemaVersion(look), migrations.length)
    } finally {
      look.close()
    }
  }
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
  migrate(raw, migrations)
  return { raw, orm: drizzle(raw) }
}

/** Opens a database for reading beside its writer. */
export function openForReading(path: string): OpenDatabase {
  const raw = new Database(path, { readonly: true, fileMustExist: true })
  raw.pragma('busy_timeout = 5000')
  raw.pragma('trusted_schema = OFF')
  return { raw, orm: drizzle(raw) }
}

/** Moves the write-ahead log into the file and closes it. */
export function closeDatabase({ raw }: OpenDatabase): void {
  try {
    if (!raw.readonly) raw.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    raw.close()
  }
}
