import { eq, sql } from 'drizzle-orm'
import type { Settings, SettingsOp, StoredSettings } from '../../settings/index.ts'
import type { OpenDatabase } from '../database.ts'
import { sequences, settings } from '../tables/house.ts'
import { excluded, fromJson, type Operations } from './operations.ts'
import type { Versions } from './versions.ts'

/** Raises the mark of a sequence. */
export type SequenceOp = { readonly op: 'sequence.raise'; readonly name: string; readonly mark: number }

const p = sql.placeholder

/** The settings of the house and the marks of sequences. */
export function houseOperations({ orm }: OpenDatabase, versions: Versions): Operations<SettingsOp | SequenceOp> {
  const put = orm
    .insert(settings)
    .values({ id: 1, settings: p('settings'), version: p('version') })
    .onConflictDoUpdate({ target: settings.id, set: excluded('settings', 'version') })
    .prepare()
  const raise = orm
    .insert(sequences)
    .values({ name: p('name'), mark: p('mark') })
    .onConflictDoUpdate({ target: sequences.name, set: excluded('mark') })
    .prepare()
  return {
    'settings.put': ({ stored, cause }) => {
      const text = JSON.stringify(stored.settings)
      put.run({ settings: text, version: stored.version })
      versions.add({ kind: 'settings', object: 'house', cause, content: text })
    },
    'sequence.raise': ({ name, mark }) => void raise.run({ name, mark }),
  }
}

export function loadSettings({ orm }: OpenDatabase): StoredSettings | null {
  const row = orm.select().from(settings).get()
  return row === undefined ? null : { settings: fromJson<Settings>(row.settings), version: row.version }
}

/** The mark of a sequence, 0 when it never was raised. */
export function loadMark({ orm }: OpenDatabase, name: string): number {
  return orm.select().from(sequences).where(eq(sequences.name, name)).get()?.mark ?? 0
}
