import { describe, expect, it } from 'vitest'
import { createBudget } from '../../server/history/budget.ts'
import type { HistoryStore } from '../../server/history/index.ts'
import { createTestClock } from '../support/clock.ts'

const MINUTE = 60_000
const DAY = 86_400_000

function watched(start: { hub: number | null; history: number | null }) {
  const clock = createTestClock()
  let written = { ...start, runs: 0, activity: 0 }
  const store = { written: async () => written } as HistoryStore
  return { clock, budget: createBudget({ clock, store }), write: (now: typeof written) => void (written = now) }
}

describe('the write report', () => {
  it('shares what the disk got among those who had something to say, and tells the life of a card', async () => {
    const { clock, budget, write } = watched({ hub: 0, history: 0 })
    budget.note(1, 300)
    budget.note(7, 100)
    clock.advance(DAY / 4)
    write({ hub: 2_000_000, history: 8_000_000, runs: 300, activity: 100 })
    const { perDay, cardYears, writers } = await budget.report()
    expect(perDay).toBe(40_000_000)
    expect(cardYears).toBe(109.6)
    expect(writers.map(({ kind, series, perDay: each, share }) => [kind, series, each, share])).toEqual([
      ['series', 1, 12_000_000, 0.3],
      ['runs', null, 12_000_000, 0.3],
      ['house', null, 8_000_000, 0.2],
      ['series', 7, 4_000_000, 0.1],
      ['activity', null, 4_000_000, 0.1],
    ])
  })

  it('is of the last whole day once there is one', async () => {
    const { clock, budget, write } = watched({ hub: 0, history: 0 })
    budget.note(1, 10)
    clock.advance(DAY)
    write({ hub: 0, history: 5_000_000, runs: 0, activity: 0 })
    await budget.tick()
    clock.advance(DAY / 2)
    write({ hub: 0, history: 500_000_000, runs: 0, activity: 0 })
    expect((await budget.report()).perDay).toBe(5_000_000)
  })

  it('guesses nothing in the first minutes, nor where the system does not count', async () => {
    const young = watched({ hub: 0, history: 0 })
    young.clock.advance(9 * MINUTE)
    expect(await young.budget.report()).toMatchObject({ perDay: null, cardYears: null, writers: [] })
    const blind = watched({ hub: null, history: null })
    blind.clock.advance(DAY)
    expect(await blind.budget.report()).toMatchObject({ perDay: null, writers: [] })
  })
})
