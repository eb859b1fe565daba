import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '#kernel'
import { createBackups } from '../../../server/backups.ts'
import type { Settings } from '../../../server/settings/index.ts'
import { copyingHere, openStorage, type Storage } from '../../../server/storage/index.ts'
import { listBackups, makeAutomatic, sweepBackups } from '../../../server/system/backup/automatic.ts'
import { keptBackups, nightOf } from '../../../server/system/backup/keep.ts'
import { loadKey } from '../../../server/system/backup/key.ts'
import { createNightly } from '../../../server/system/backup/nightly.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { quickLock } from './support/quick-lock.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOON = Date.UTC(2026, 2, 1, 12)
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
const random = (length: number) => randomBytes(length)

describe('the backups that stay', () => {
  it('are the newest of 3 days, 4 weeks and 6 months', () => {
    // One each night for a year, newest first.
    const times = Array.from({ length: 365 }, (_, night) => NOON - night * DAY)
    const days = Array.from(keptBackups(times, 'UTC'), at => new Date(at).toISOString().slice(0, 10))
    expect(days).toEqual([
      '2026-03-01',
      '2026-02-28',
      '2026-02-27',
      // Sundays, the last days of weeks.
      '2026-02-22',
      '2026-02-15',
      '2026-02-08',
      // The last days of months.
      '2026-01-31',
      '2025-12-31',
      '2025-11-30',
      '2025-10-31',
    ])
  })

  it('are few when the hub seldom runs, and never none', () => {
    const seldom = [0, 40, 80, 400].map(nights => NOON - nights * DAY)
    expect(keptBackups(seldom, 'UTC')).toEqual(new Set(seldom))
    const many = [0, 1, 2, 3, 4, 5].map(hours => NOON - hours * HOUR)
    expect(keptBackups(many, 'UTC')).toEqual(new Set([NOON]))
    expect(keptBackups([], 'UTC')).toEqual(new Set())
  })

  it('belong to nights that end at three in the house, also where summer time begins', () => {
    const zone = 'Europe/Berlin'
    const before = nightOf(Date.UTC(2026, 2, 29, 0, 30), zone)
    expect(nightOf(Date.UTC(2026, 2, 29, 12), zone)).toBe(before + 1)
    expect(nightOf(Date.UTC(2026, 2, 28, 12), zone)).toBe(before)
    expect(nightOf(NOON, 'Pacific/Auckland')).toBe(nightOf(NOON, 'UTC'))
    expect(nightOf(NOON + 3 * HOUR, 'Pacific/Auckland')).toBe(nightOf(NOON, 'UTC') + 1)
  })
})

describe('the hub makes a backup by itself', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let data: string
  let storage: Storage
  let clock: TestClock
  /** What was logged, and whoever waits for the next line. */
  let lines: string[]
  let next: (() => void) | undefined

  const note = (_facts: object, text: string) => {
    lines.push(text)
    next?.()
  }
  const log: Log = { ...silent, info: note, warn: note, error: note }

  beforeEach(async () => {
    folder = temporaryFolder()
    data = join(folder.path, 'data')
    clock = createTestClock(NOON)
    lines = []
    const onFatal = (error: Error) => expect.unreachable(error.message)
    storage = await openStorage({ folder: data, threads: false, clock, log: silent, writeBudget: () => 0, onFatal })
  })
  afterEach(async () => {
    await storage.close()
    folder.remove()
  })

  const options = () => ({
    ...{ data, version: '1', random, derive: quickLock.derive, check: copyingHere.check, clock, log },
    zone: () => 'Europe/Berlin',
    copy: (into: string) => storage.copy(into, { history: false }),
  })

  /** Lets time pass, and waits for the line that it is to bring. */
  async function pass(milliseconds: number): Promise<void> {
    const said = new Promise<void>(resolve => (next = resolve))
    clock.advance(milliseconds)
    await said
  }

  const change = () => {
    storage.devices.write({ op: 'devices.alias.put', alias: { kind: 'device', slug: `s${clock.now()}`, id: 'D' } })
  }

  it('soon after its first start, then each night at three of the house; never twice the same', async () => {
    const made: number[] = []
    const nightly = createNightly({
      ...options(),
      copy: async into => {
        made.push(clock.now())
        await storage.copy(into, { history: false })
      },
    })
    expect(nightly.status()).toEqual({ last: null, fault: null })
    nightly.open()
    await pass(600_000)
    expect(lines).toEqual(['made a backup, and it opens'])
    const [first] = listBackups(data, clock.now())
    expect(first).toEqual({ path: join(data, 'backups', '2026-03-01T12-10-00Z.hob'), madeAt: NOON + 600_000 })
    expect(nightly.status()).toEqual({ last: first, fault: null })
    // Two in the night of Berlin is one in UTC.
    change()
    await pass(14 * HOUR)
    expect(listBackups(data, clock.now()).map(({ madeAt }) => madeAt)).toEqual([
      Date.UTC(2026, 2, 2, 2, 0),
      first!.madeAt,
    ])
    expect(made).toHaveLength(2)
    await nightly.close()
    expect(clock.pending).toBe(0)
  })

  it('and says why it does not, once a night', async () => {
    const nightly = createNightly({ ...options(), copy: async () => Promise.reject(new Error('the disk is gone')) })
    nightly.open()
    await pass(600_000)
    expect(lines).toEqual(['the backup of tonight failed: the disk is gone'])
    expect(nightly.status()).toEqual({ last: null, fault: 'the disk is gone' })
    clock.advance(10 * HOUR)
    expect(lines).toHaveLength(1)
    await nightly.close()
  })

  it('and ends the one that it is making before it closes', async () => {
    let go = () => {}
    const gate = new Promise<void>(resolve => (go = resolve))
    const nightly = createNightly({
      ...options(),
      copy: async into => {
        await gate
        await storage.copy(into, { history: false })
      },
    })
    nightly.open()
    clock.advance(600_000)
    const closed = nightly.close()
    go()
    await closed
    expect(lines).toEqual(['made a backup, and it opens'])
    expect(nightly.status().last).toEqual(listBackups(data, clock.now())[0])
  })

  it('and first removes copies that were left over an hour ago', async () => {
    const backups = join(data, 'backups')
    for (const [name, age] of [
      ['.copies-old', HOUR + 1_000],
      ['.copies-new', HOUR - 1_000],
    ] as const) {
      mkdirSync(join(backups, name), { recursive: true })
      writeFileSync(join(backups, name, 'hub.db'), 'plain')
      const at = new Date(clock.now() - age)
      utimesSync(join(backups, name), at, at)
    }
    await makeAutomatic({ ...options(), now: clock.now(), zone: 'UTC' })
    expect(readdirSync(backups).toSorted()).toEqual(['.copies-new', '2026-03-01T12-00-00Z.hob'])
  })

  it('and makes the key for whoever makes one beside it, when that one needs it', async () => {
    const settings = { current: () => ({ zone: 'UTC' }) as Settings }
    const backups = createBackups({ ...options(), folder: data, storage, settings })
    expect(readdirSync(await backups.make({ history: true, key: false })).toSorted()).toEqual(['history.db', 'hub.db'])
    expect(await loadKey(data)).toBeNull()
    expect(readdirSync(await backups.make({ history: false, key: true }))).toEqual(['hub.db'])
    expect(await loadKey(data)).toMatch(/^\w{26}$/)
    await backups.close()
  })

  it('and keeps no second one of the same', async () => {
    change()
    const making = { ...options(), now: clock.now(), zone: 'UTC' }
    const first = await makeAutomatic(making)
    const { sum } = first!.contents.files.find(({ name }) => name === 'hub.db')!
    expect(await makeAutomatic({ ...making, now: clock.now() + DAY, last: sum })).toBeNull()
    expect(listBackups(data, clock.now())).toEqual([first!.made])
    expect(readdirSync(join(data, 'backups'))).toHaveLength(1)
    clock.advance(1)
    change()
    expect(await makeAutomatic({ ...making, now: clock.now() + DAY, last: sum })).not.toBeNull()
  })

  it('for the owner of the folder alone, and throws away those of earlier nights and what a kill left', async () => {
    const making = { ...options(), zone: 'UTC' }
    for (const night of [0, 1, 2, 3]) {
      change()
      clock.advance(DAY)
      await makeAutomatic({ ...making, now: NOON + night * DAY })
    }
    // Of the four, one was of the week before.
    expect(listBackups(data, clock.now()).map(({ madeAt }) => (madeAt - NOON) / DAY)).toEqual([3, 2, 1, 0])
    await makeAutomatic({ ...making, now: NOON + 4 * DAY })
    expect(listBackups(data, clock.now()).map(({ madeAt }) => (madeAt - NOON) / DAY)).toEqual([4, 3, 2, 0])
    const backups = join(data, 'backups')
    for (const name of readdirSync(backups)) expect(statSync(join(backups, name)).mode & 0o777).toBe(0o600)
    expect(statSync(backups).mode & 0o777).toBe(0o700)
    mkdirSync(join(backups, '.copies-x'))
    writeFileSync(join(backups, 'x.hob.partial'), '')
    writeFileSync(join(backups, 'my-own.hob'), '')
    sweepBackups(data)
    expect(readdirSync(backups).filter(name => !name.startsWith('2026'))).toEqual(['my-own.hob'])
  })

  it('and one named by a time to come is the last choice: a clock that was wrong made it', async () => {
    const making = { ...options(), zone: 'UTC' }
    const daysOf = (found: ReturnType<typeof listBackups>) => found.map(({ madeAt }) => (madeAt - NOON) / DAY)
    await makeAutomatic({ ...making, now: NOON + 3_650 * DAY })
    const made: number[] = []
    for (const day of [10, 11, 12]) {
      change()
      clock.advance(DAY)
      const result = await makeAutomatic({ ...making, now: NOON + day * DAY })
      made.push((result!.made.madeAt - NOON) / DAY)
    }
    expect(made).toEqual([10, 11, 12])
    expect(daysOf(listBackups(data, NOON + 12 * DAY))).toEqual([12, 11, 10, 3_650])
    // A day ahead is the same night elsewhere.
    expect(daysOf(listBackups(data, NOON + 11 * DAY))).toEqual([12, 11, 10, 3_650])
    expect(createNightly({ ...options(), clock: createTestClock(NOON + 12 * DAY) }).status().last!.madeAt).toBe(
      NOON + 12 * DAY,
    )
  })
})
