import Database from 'better-sqlite3'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDisk } from '../../server/disk.ts'
import { migrate } from '../../server/storage/database.ts'
import { copyingHere } from '../../server/storage/index.ts'
import { hubMigrations } from '../../server/storage/migrations/hub.ts'
import { listBackups, loadKey, restoreBackup } from '../../server/system/index.ts'
import { createTestClock } from '../support/clock.ts'
import { rowsOf } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NOON = Date.UTC(2026, 2, 1, 12)
const silent = { debug() {}, info() {}, warn() {}, error() {} }

describe('a house of an earlier version', () => {
  it('is backed up before its schema changes, and comes back out of that backup migrated', async () => {
    const folder = temporaryFolder()
    const data = join(folder.path, 'data')
    mkdirSync(data)
    const raw = new Database(join(data, 'hub.db'))
    migrate(raw, hubMigrations.slice(0, 1))
    raw.exec("insert into area (id, slug, name, version) values ('A', 'hall', 'Hall', 1)")
    raw.close()
    const clock = createTestClock(NOON)
    const onFatal = (error: Error) => expect.unreachable(error.message)
    const disk = await openDisk(data, { threads: false, clock, log: silent, writeBudget: () => 0, onFatal })
    await disk.close()
    const [backup] = listBackups(data, Date.now())
    expect(backup!.madeAt).toBe(NOON)
    // Once is enough.
    await (await openDisk(data, { threads: false, clock, log: silent, writeBudget: () => 0, onFatal })).close()
    expect(listBackups(data, Date.now())).toEqual([backup])

    const { aside } = await restoreBackup({
      ...copyingHere,
      ...{ data, path: backup!.path, now: NOON },
      passphrase: (await loadKey(data))!,
    })
    expect(existsSync(join(aside!, 'hub.db'))).toBe(true)
    const restored = new Database(join(data, 'hub.db'), { readonly: true })
    expect(restored.pragma('user_version', { simple: true })).toBe(hubMigrations.length)
    restored.close()
    expect(rowsOf(join(data, 'hub.db'))['area']).toMatchObject([{ slug: 'hall' }])
    folder.remove()
  })
})
