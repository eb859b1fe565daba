import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { moduleOf } from '../../server/storage/embed-migrations.mjs'
import { migrate, migrationsOf, type DatabaseKind } from '../../server/storage/database.ts'

const kinds: DatabaseKind[] = ['hub', 'history']

function schema(raw: Database.Database): string {
  const rows = raw
    .prepare(
      "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type desc, name",
    )
    .all() as { sql: string }[]
  return `${rows.map(row => row.sql).join(';\n\n')};\n`
}

describe.each(kinds)('the migrations of %s.db', kind => {
  it('stand in the module exactly as they were generated', () => {
    const path = join(import.meta.dirname, `../../server/storage/migrations/${kind}.ts`)
    expect(readFileSync(path, 'utf8')).toBe(moduleOf(kind))
  })

  it('lead to the golden schema', async () => {
    const raw = new Database(':memory:')
    migrate(raw, migrationsOf[kind])
    await expect(schema(raw)).toMatchFileSnapshot(`golden/${kind}.sql`)
  })

  it('go on from each step, and the same steps twice change nothing', () => {
    const all = migrationsOf[kind]
    for (let done = 0; done <= all.length; done++) {
      const raw = new Database(':memory:')
      migrate(raw, all.slice(0, done))
      expect(raw.pragma('user_version', { simple: true })).toBe(done)
      migrate(raw, all)
      const after = schema(raw)
      migrate(raw, all)
      expect(raw.pragma('user_version', { simple: true })).toBe(all.length)
      expect(schema(raw)).toBe(after)
    }
  })

  it('leave a step that fails undone', () => {
    const raw = new Database(':memory:')
    const broken = { name: 'broken', statements: ['create table half (x)', 'create nonsense'] }
    expect(() => migrate(raw, [...migrationsOf[kind], broken])).toThrow(/syntax error/)
    expect(raw.pragma('user_version', { simple: true })).toBe(migrationsOf[kind].length)
    expect(schema(raw)).not.toContain('half')
  })
})
