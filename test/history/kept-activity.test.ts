import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Activity, ActivityAsk, PurgeStep } from '../../server/history/index.ts'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'

// What the store does with activity, whoever tells it.

const log = { debug() {}, info() {}, warn() {}, error: (facts: object) => fail(facts) }
function fail(facts: unknown): never {
  throw new Error(JSON.stringify(facts))
}

let storage: Storage
beforeEach(async () => {
  const clock = createTestClock()
  const open = { folder: null, clock, log, writeBudget: () => 10, onFatal: fail }
  storage = await openStorage({ ...open, threads: false })
})
afterEach(() => storage.close())

/** The n-th thing that happened, at second n, to an entity. */
function put(n: number, entity = 'lamp'): void {
  const activity: Activity = {
    ...{ id: n, first: n, since: n * 1_000, count: 1, device: null, area: null, cause: [] },
    entity: { id: entity, name: entity },
    what: { kind: 'change', value: 'on', from: false, to: true, unit: null },
    newest: [{ seq: n, at: n * 1_000, to: true, run: null }],
  }
  storage.history.putActivity({ activity, before: null })
}

const ask = (asked: Partial<ActivityAsk> = {}) =>
  storage.history.activity({
    ...{ from: 0, to: Number.MAX_SAFE_INTEGER, only: null, kinds: null, words: [], searchesCauses: true, areas: null },
    ...{ before: null, limit: 200, ...asked },
  })
const places = async (asked?: Partial<ActivityAsk>) => (await ask(asked)).items.map(({ id }) => id)

/** @returns in how many steps. */
async function purge(activity: Partial<PurgeStep['activity']>): Promise<number> {
  await storage.history.flush()
  const step = { cuts: [], statisticsBefore: 0, activity: { before: 0, keep: 50_000, gone: [], ...activity } }
  for (let steps = 1; ; steps++) if (!(await storage.history.purge(step))) return steps
}

describe('activity', () => {
  it('goes when it is too old', async () => {
    for (let n = 1; n <= 5; n++) put(n)
    await purge({ before: 3_000 })
    expect(await places()).toEqual([5, 4, 3])
  })

  it('goes, the oldest first, when it is too much, 200 rows at a step', async () => {
    for (let n = 1; n <= 450; n++) put(n)
    expect(await purge({ keep: 2 })).toBe(3)
    expect(await places()).toEqual([450, 449])
  })

  it('goes with a device that was forgotten', async () => {
    for (let n = 1; n <= 4; n++) put(n, n % 2 === 0 ? 'lamp' : 'fan')
    await purge({ gone: ['lamp'] })
    expect(await places()).toEqual([3, 1])
  })

  it('is looked through 20,000 rows at a time', async () => {
    put(1, 'fan')
    for (let n = 2; n <= 20_500; n++) put(n)
    const only = { entities: ['fan'], devices: [] }
    const first = await ask({ only })
    expect(first).toEqual({ items: [], next: 501 })
    expect(await places({ only, before: first.next })).toEqual([1])
  })

  it('is not looked through beyond a day before what is asked for, and clocks that were set back hide nothing', async () => {
    put(1)
    put(100_000)
    // The clock was set back by an hour here.
    put(100_001)
    put(96_401)
    expect(await places({ from: 96_000_000 })).toEqual([100_001, 100_000, 96_401])
  })
})
