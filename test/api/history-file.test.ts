import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileRows } from '../../server/api/history-file.ts'
import type { HistoryAsk } from '../../server/history/index.ts'
import { openHouse, type RecordedHouse, type Thing } from '../history/support/house.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 1)

let house: RecordedHouse
beforeEach(async () => {
  house = await openHouse({ folder: null })
})
afterEach(() => house.close())

async function file({ entity }: Thing, format: 'csv' | 'json', ask: Partial<HistoryAsk>) {
  const whole: HistoryAsk = { from: START, to: house.clock.now() + 1, points: 2, resolution: 'raw', ...ask }
  const pages: string[] = []
  const isBanded = whole.resolution !== 'raw'
  for await (const text of fileRows({ entity, format, isBanded }, house.history.pages(entity, whole))) pages.push(text)
  return { pages, text: pages.join('') }
}

describe('a file of what was recorded', () => {
  it('has the rows that the answer has, page by page', async () => {
    const lamp = house.thing('lamp')
    for (let i = 0; i < 30_000; i++) {
      lamp.says(i)
      house.clock.advance(10_000)
      if (i % 7_000 === 0) await house.storage.history.roll([])
    }
    const wanted = await house.storage.history.page(1, { from: START, to: house.clock.now(), limit: 100_000 })
    const { pages, text } = await file(lamp, 'json', {})
    expect(pages.length).toBeGreaterThan(4)
    const { items } = JSON.parse(text) as { items: { time: string; reading: number }[] }
    expect(items).toHaveLength(30_000)
    expect(items.map(({ reading }) => reading)).toEqual(wanted.value)
    expect(items.map(({ time }) => Date.parse(time))).toEqual(wanted.at)
    const hours = await file(lamp, 'csv', { resolution: 'hour', to: START + 3 * HOUR })
    expect(hours.text.split('\r\n')).toEqual([
      'time,device,entity,value,reading,unit,min,max,sum,changes',
      '2026-03-01T00:00:00.000Z,lamp,lamp,temperature,179.5,°C,0,359,359,360',
      '2026-03-01T01:00:00.000Z,lamp,lamp,temperature,539.5,°C,360,719,360,360',
      '2026-03-01T02:00:00.000Z,lamp,lamp,temperature,899.5,°C,720,1079,360,360',
      '',
    ])
  })

  it('keeps gaps empty, and never gives a spreadsheet a formula', async () => {
    const mode = house.thing('mode', { class: 'enum', type: 'text' })
    for (const text of ['=1+1', 'a "b", c', null, '-5', 'plain']) {
      mode.says(text)
      house.clock.advance(1_000)
    }
    const { text } = await file(mode, 'csv', {})
    const readings = text.trimEnd().split('\r\n').slice(1)
    expect(readings.map(line => line.replace(/^.*?,mode,mode,enum,/, ''))).toEqual([
      "'=1+1,°C",
      '"a ""b"", c",°C',
      ',°C',
      "'-5,°C",
      'plain,°C',
    ])
  })

  it('of nothing is a file without rows', async () => {
    const lamp = house.thing('lamp')
    expect(JSON.parse((await file(lamp, 'json', {})).text)).toEqual({ items: [], next: null })
    expect((await file(lamp, 'csv', {})).text).toBe('time,device,entity,value,reading,unit\r\n')
  })
})
