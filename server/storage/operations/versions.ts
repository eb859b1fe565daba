import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { ulidTime, type Cause } from '#kernel'
import type { StoredVersion, VersionKind, VersionQuery } from '../../versions/index.ts'
import type { OpenDatabase } from '../database.ts'
import { versions } from '../tables/house.ts'
import type { Audit } from './audit.ts'
import { fromJson } from './operations.ts'

export interface VersionRow {
  readonly kind: VersionKind
  readonly object: string
  readonly cause: Cause
  /** Text or JSON; null when the object is removed. Never a secret. */
  readonly content: string | null
}

export interface Versions {
  /** Adds the next version of an object. @returns its number. */
  add(row: VersionRow): number
  /** The newest number, 0 when there is none. */
  newest(kind: VersionKind, object: string): number
}

/** The part of an object that people decide, as its version keeps it: always in the same order. */
export function contentOf<T extends object>(object: T, fields: readonly (keyof T & string)[]): string {
  return JSON.stringify(Object.fromEntries(fields.map(field => [field, object[field]])))
}

/** Version rows: who changed what, when, and what it was then. */
export function createVersions({ orm }: OpenDatabase, audit: Audit): Versions {
  const p = sql.placeholder
  const newest = orm
    .select({ version: versions.version })
    .from(versions)
    .where(and(eq(versions.kind, p('kind')), eq(versions.object, p('object'))))
    .orderBy(desc(versions.version))
    .limit(1)
    .prepare()
  const insert = orm
    .insert(versions)
    .values({
      kind: p('kind'),
      object: p('object'),
      version: p('version'),
      at: p('at'),
      cause: p('cause'),
      content: p('content'),
    })
    .prepare()
  const newestOf = (kind: VersionKind, object: string) => newest.get({ kind, object })?.version ?? 0
  return {
    newest: newestOf,
    add({ kind, object, cause, content }) {
      const version = newestOf(kind, object) + 1
      insert.run({ kind, object, version, at: ulidTime(cause.id), cause: JSON.stringify(cause), content })
      // What a device brings along when it is adopted is noted with the device.
      if (kind !== 'entity' || version > 1)
        audit.add({ cause, action: `${kind}.${content === null ? 'remove' : 'put'}`, object, detail: { version } })
      return version
    },
  }
}

/** Versions of one object, newest first. */
export function findVersions(
  { orm }: OpenDatabase,
  { kind, object, limit, before = Number.MAX_SAFE_INTEGER }: VersionQuery,
): StoredVersion[] {
  return orm
    .select({ version: versions.version, at: versions.at, cause: versions.cause, content: versions.content })
    .from(versions)
    .where(and(eq(versions.kind, kind), eq(versions.object, object), lt(versions.version, before)))
    .orderBy(desc(versions.version))
    .limit(limit)
    .all()
    .map(row => ({ ...row, cause: fromJson<Cause>(row.cause) }))
}
