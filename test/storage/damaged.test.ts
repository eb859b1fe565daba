import Database from 'better-sqlite3'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededChances } from '../support/chances.ts'
import { damagedHouses, flip, flipBits, sumOf, type DamagedHouses, type House } from './support/damaged-houses.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
const chances = seededChances(seed)
const COUNT = 40

let houses: DamagedHouses
beforeAll(async () => {
  houses = await damagedHouses()
})
afterAll(() => houses.remove())

/** What SQLite cannot read any more. */
const ruins: Record<string, (file: string) => void> = {
  'is empty': file => truncateSync(file, 0),
  'has one byte': file => truncateSync(file, 1),
  'ends in its header': file => truncateSync(file, 99),
  'ends behind its first page': file => truncateSync(file, 4096),
  'ends within a page': file => truncateSync(file, 4096 * 10 + 100),
  'lacks its last page': file => truncateSync(file, statSync(file).size - 4096),
  'is zeros': file => writeFileSync(file, Buffer.alloc(statSync(file).size)),
  'is something else': file => writeFileSync(file, 'a letter to the editor\n'.repeat(5_000)),
  'has another header': file =>
    writeFileSync(file, Buffer.concat([Buffer.alloc(100, 7), readFileSync(file).subarray(100)])),
  'has a page of noise': file => writeFileSync(file, Buffer.from(readFileSync(file)).fill(0xa5, 4096 * 3, 4096 * 4)),
}

const asideOf = ({ folder }: House) => readdirSync(folder).filter(name => /^hub\.db\.damaged-\d+$/.test(name))

describe('a hub.db that', () => {
  it.each(Object.entries(ruins))('%s is set aside, and the newest good backup takes its place', async (_name, ruin) => {
    const house = houses.house()
    ruin(house.file)
    const damaged = sumOf(house.file)
    const started = await house.start()
    expect(started.house).toBe('then')
    expect(started.says.join()).toMatch(
      /the hub goes on with the backup of 2026-03-01T20:00:00.000Z, changes since are lost/,
    )
    const aside = asideOf(house)
    expect(aside).toHaveLength(1)
    expect(sumOf(join(house.folder, aside[0]!))).toBe(damaged)
    // It is over with that.
    expect(await house.start()).toEqual({ house: 'then', says: [] })
  })

  it.each(Object.entries(ruins))(
    '%s stops the start when there is no backup, and stays as it is',
    async (_name, ruin) => {
      const house = houses.house({ backup: false })
      ruin(house.file)
      const damaged = sumOf(house.file)
      const started = await house.start()
      expect(started.house).toBe('storage.damaged')
      expect(started.says.at(-1)).toMatch(
        /hub\.db.*, and there is no good backup in .*; bring one with hob restore FILE/,
      )
      expect(sumOf(house.file)).toBe(damaged)
      expect(asideOf(house)).toEqual([])
    },
  )

  it('is missing comes back from the backup; without one a new house begins', async () => {
    const house = houses.house()
    rmSync(house.file)
    expect(await house.start()).toMatchObject({ house: 'then', says: [expect.stringMatching(/hub\.db is missing/)] })
    const bare = houses.house({ backup: false })
    rmSync(bare.file)
    expect(await bare.start()).toEqual({ house: 'neither', says: [] })
  })

  it('SQLite finds whole, but nobody can read, is found to be damaged again and again', async () => {
    const spoil = (file: string) => {
      const raw = new Database(file)
      raw.exec("insert into settings (id, settings, version) values (1, '{', 1)")
      raw.close()
    }
    const house = houses.house()
    spoil(house.file)
    expect(await house.start()).toMatchObject({ house: 'then', says: [expect.stringMatching(/it cannot be read/)] })
    const bare = houses.house({ backup: false })
    spoil(bare.file)
    for (const _start of [1, 2]) {
      expect(await bare.start()).toMatchObject({
        house: 'storage.damaged',
        says: [expect.stringMatching(/cannot be read/)],
      })
    }
  })

  it('cannot come back from damaged backups goes on with the newest one that opens, or not at all', async () => {
    const house = houses.house()
    const [backup] = readdirSync(join(house.folder, 'backups'))
    const newer = join(house.folder, 'backups', '2026-03-02T02-00-00Z.hob')
    writeFileSync(newer, readFileSync(join(house.folder, 'backups', backup!)).subarray(0, -1))
    truncateSync(house.file, 0)
    const started = await house.start()
    expect(started.house).toBe('then')
    expect(started.says[0]).toMatch(/2026-03-02T02-00-00Z\.hob is damaged/)

    const hopeless = houses.house()
    flip(join(hopeless.folder, 'backups', backup!), 200, chances)
    truncateSync(hopeless.file, 0)
    expect(await hopeless.start()).toMatchObject({ house: 'storage.damaged' })
    const keyless = houses.house()
    rmSync(join(keyless.folder, 'backup.key'))
    truncateSync(keyless.file, 0)
    expect(await keyless.start()).toMatchObject({ house: 'storage.damaged' })
  })

  it('cannot come back from a backup that the disk does not give goes on with the next one', async () => {
    const unreadable = (house: House) => mkdirSync(join(house.folder, 'backups', '2026-03-02T02-00-00Z.hob'))
    const house = houses.house()
    unreadable(house)
    truncateSync(house.file, 0)
    const started = await house.start()
    expect(started.house).toBe('then')
    expect(started.says[0]).toMatch(/2026-03-02T02-00-00Z\.hob cannot be read: EISDIR/)

    // The last word says what is wrong with each.
    const hopeless = houses.house()
    unreadable(hopeless)
    const [backup] = readdirSync(join(hopeless.folder, 'backups'))
    flip(join(hopeless.folder, 'backups', backup!), 200, chances)
    truncateSync(hopeless.file, 0)
    const { house: is, says } = await hopeless.start()
    expect(is).toBe('storage.damaged')
    expect(says.at(-1)).toMatch(
      /no good backup in .* \(.*02T02-00-00Z\.hob cannot be read: EISDIR.*; .*is damaged.*\); bring/,
    )

    const keyless = houses.house()
    rmSync(join(keyless.folder, 'backup.key'))
    truncateSync(keyless.file, 0)
    expect((await keyless.start()).says.at(-1)).toMatch(/\(\S+backup\.key is missing\)/)
    mkdirSync(join(keyless.folder, 'backup.key'))
    expect((await keyless.start()).says.at(-1)).toMatch(/\(\S+backup\.key cannot be read: EISDIR.*\)/)
  })

  it('is whole after kill -9 goes on with all that it had, and nothing is said', async () => {
    expect(await houses.house({ from: 'killed' }).start()).toEqual({ house: 'now', says: [] })
    expect(await houses.house().start()).toEqual({ house: 'now', says: [] })
  })

  it('has lost its log is not told from an older one by SQLite, but by the hub', async () => {
    const house = houses.house({ from: 'killed' })
    rmSync(`${house.file}-wal`)
    const { says } = await house.start()
    expect(says[0]).toMatch(/the log of hub\.db \(hub\.db-wal\) is gone/)
  })

  it('is another one than was closed, yet whole, is used, and that is told', async () => {
    const house = houses.house()
    appendFileSync(house.file, Buffer.alloc(4096))
    const started = await house.start()
    expect(started.house).toBe('now')
    expect(started.says).toEqual([expect.stringMatching(/hub\.db is not the file that the hub closed/)])
    // The new one is what it closed.
    expect(await house.start()).toEqual({ house: 'now', says: [] })
  })

  it(
    `has any bit flipped never passes in silence: ${COUNT} copies (HOB_SEED=${seed})`,
    { timeout: 120_000 },
    async () => {
      expect(await flipBits(houses, chances, COUNT)).toEqual([])
    },
  )
})
