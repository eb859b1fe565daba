import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDurableWait, type Cause } from '#kernel'
import { createSettings, type Settings } from '../../server/settings/index.ts'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const cause: Cause = {
  id: '01KJM7QA000000000000000000',
  parent: null,
  kind: 'user',
  who: 'test',
  depth: 0,
  byRule: false,
}
const clock = createTestClock()

let storage: Storage
beforeEach(async () => {
  storage = await openStorage({
    folder: null,
    clock,
    log: silent,
    writeBudget: () => 0,
    onFatal(error) {
      throw error
    },
  })
})
afterEach(() => storage.close())

async function open() {
  const settings = createSettings({ store: storage.settings, clock, systemZone: 'Europe/Berlin' })
  await settings.open()
  return settings
}

describe('settings of the house', () => {
  it('begin with defaults, are changed one by one, and come back', async () => {
    const settings = await open()
    const retention = { days: 90, classes: {}, entities: {} }
    const first = { name: 'Home', zone: 'Europe/Berlin', place: null, writeBudget: 10, retention, onboarded: false }
    expect([settings.current(), settings.version()]).toEqual([first, 0])
    await settings.change({ name: 'Garden street 7' }, { cause })
    await settings.change({ onboarded: true }, { cause, ifVersion: 1 })
    await expect(settings.change({ name: 'Late' }, { cause, ifVersion: 1 })).rejects.toMatchObject({
      code: 'settings.stale_version',
      facts: { current: 2 },
    })
    const again = await open()
    const last = { ...first, name: 'Garden street 7', onboarded: true }
    expect([again.current(), again.version()]).toEqual([last, 2])
  })

  it('that were stored before one of them came have its default', async () => {
    const old = { zone: 'UTC', place: null, writeBudget: 60 } as Partial<Settings> as Settings
    const stored = { settings: old, version: 3 }
    const batch = storage.settings.write({ op: 'settings.put', stored, cause, at: 1 })
    await createDurableWait(storage.settings)(batch)
    const settings = await open()
    const retention = { days: 90, classes: {}, entities: {} }
    expect(settings.current()).toEqual({ ...old, name: 'Home', retention, onboarded: false })
    expect(settings.version()).toBe(3)
  })
})
