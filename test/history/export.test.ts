import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HistoryAsk } from '../../server/history/index.ts'
import { openHouse, type RecordedHouse, type Thing } from './support/house.ts'

// A file of statistics is read page by page; its rows are those of one answer over the whole range.

const DAY = 86_400_000
const START = Date.UTC(2026, 2, 1)

let house: RecordedHouse
beforeEach(async () => {
  house = await openHouse({ folder: null })
})
afterEach(() => house.close())

/** The stretches with their sums and changes: of all pages, and of the single answer. */
async function both({ entity }: Thing, ask: Pick<HistoryAsk, 'from' | 'to' | 'resolution'>) {
  const paged: number[][] = []
  let pages = 0
  for await (const { at, band } of house.history.pages(entity, { ...ask, points: 2 })) {
    pages++
    paged.push(...at.map((time, i) => [time, band!.sum[i]!, band!.count[i]!]))
  }
  const [answer] = await house.history.ask(entity, { ...ask, points: 6_000 })
  const { at, band } = answer!.course
  return { pages, paged, single: at.map((time, i) => [time, band!.sum[i]!, band!.count[i]!]) }
}

it('has each stretch of five minutes once, however the range begins', async () => {
  const meter = house.thing('meter', { class: 'energy' })
  for (let i = 0; i < 21 * 24; i++) {
    meter.says(i)
    await house.pass(3_600_000)
  }
  const from = START + 3_601_567
  const { pages, paged, single } = await both(meter, { from, to: from + 20 * DAY, resolution: '5m' })
  expect(pages).toBe(3)
  expect(paged).toEqual(single)
  expect(new Set(paged.map(([at]) => at)).size).toBe(paged.length)
})

it('has each day of the house once, over summer time', async () => {
  const meter = house.thing('meter', { class: 'energy' })
  // Some changes about where the pages meet: 2,000 days after the beginning.
  const from = START + 1_234_567
  for (const to of [from, from + 1_999 * DAY, from + 2_001 * DAY]) {
    house.clock.jump(to - house.clock.now())
    for (let i = 0; i < 48; i++) {
      meter.says(house.clock.now())
      await house.pass(1_800_000)
    }
  }
  const { pages, paged, single } = await both(meter, { from, to: from + 2_100 * DAY, resolution: 'day' })
  expect(pages).toBe(2)
  expect(paged).toEqual(single)
  expect(new Set(paged.map(([at]) => at)).size).toBe(paged.length)
})
