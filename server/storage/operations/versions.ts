import { and, desc, eq, sql } from 'drizzle-orm'
import { ulidTime, type Cause } from '#kernel'
import type { OpenDatabase } from '../database.ts'
import { versions } from '../tables/house.ts'

/** What is editable and keeps its versions. */
export type VersionKind = 'rule_file' | 'settings' | 'device' | 'area' | 'user' | 'token' | 'credential' | 'ban'

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

/** Version rows: who changed what, when, and what it was then. */
export function createVersions({ orm }: OpenDatabase): Versions {
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
      return version
    },
  }
}
