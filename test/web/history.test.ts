import { describe, expect, it } from 'vitest'
import { append, gapsOf, summarise, toCourse, valueAt } from '../../web/lib/history/course.ts'
import { spread } from '../../web/lib/history/labels.ts'
import { lookOf } from '../../web/lib/history/palette.svelte.ts'
import { extentOf, merge, stretchesOf, toPlot } from '../../web/lib/history/plot.ts'
import { pointsFor, PRESETS, rangeOf, readSpan, writeSpan } from '../../web/lib/history/range.ts'
import { nightsOf } from '../../web/lib/history/sun.ts'
import { createOffset, fromField, timeTicks, toField, valueScale } from '../../web/lib/history/ticks.ts'
import { HistoryView } from '../../web/lib/history/view.svelte.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.parse('2026-01-22T17:04:00Z')

const changes = (...points: [at: number, value: number | boolean | string | null][]) =>
  toCourse({ at: points.map(([at]) => at), values: points.map(([, value]) => value), width: 0 })

/** A view on an address of its own. */
function viewAt(address: string) {
  const router = {
    query: new URLSearchParams(address),
    setQuery(changes: Readonly<Record<string, string | null>>) {
      for (const [name, value] of Object.entries(changes))
        if (value === null) router.query.delete(name)
        else router.query.set(name, value)
    },
  }
  return { router, view: () => new HistoryView({ ...router, query: new URLSearchParams(router.query) }, () => NOW) }
}

describe('a stretch of time', () => {
  it('is the last day unless the address says otherwise, and what it says is what is read', () => {
    expect(readSpan(new URLSearchParams())).toEqual({ preset: '24h', own: null })
    expect(readSpan(new URLSearchParams('range=2w&from=x&to=y'))).toEqual({ preset: '24h', own: null })
    expect(readSpan(new URLSearchParams('from=2026-01-02&to=2026-01-01')).own).toBeNull()
    for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[])
      for (const own of [null, { from: NOW - HOUR, to: NOW }]) {
        const query = Object.entries(writeSpan({ preset, own })).filter(([, value]) => value !== null)
        expect(readSpan(new URLSearchParams(query as string[][]))).toEqual({ preset, own })
      }
  })

  it('that goes on ends now, and moves in steps that nobody sees', () => {
    const range = rangeOf({ preset: '24h', own: null }, NOW)
    expect(range.to - range.from).toBe(DAY)
    expect(range.to).toBeGreaterThanOrEqual(NOW)
    expect(rangeOf({ preset: '24h', own: null }, NOW + 1_000)).toEqual(range)
  })

  it('zooms around what is pointed at, moves, and never shows the future', () => {
    const { router, view } = viewAt('range=24h')
    const first = view()
    first.moment = NOW - 12 * HOUR
    first.key({ key: '+', shiftKey: false })
    const zoomed = view()
    expect(zoomed.range.to - zoomed.range.from).toBe(DAY / 2)
    expect((zoomed.range.from + zoomed.range.to) / 2).toBeCloseTo(NOW - 12 * HOUR, -5)
    expect(zoomed.isLive).toBe(false)
    zoomed.key({ key: 'PageDown', shiftKey: false })
    view().key({ key: 'PageDown', shiftKey: false })
    view().key({ key: 'PageDown', shiftKey: false })
    expect(view().range.to).toBe(NOW)
    view().key({ key: '0', shiftKey: false })
    expect(view().isLive).toBe(true)
    expect([...router.query.keys()]).toEqual([])
  })

  it('is at least a minute and at most ten years', () => {
    const { view } = viewAt('')
    view().select(NOW - 10, NOW - 5)
    expect(view().range.to - view().range.from).toBe(MINUTE)
    for (let times = 0; times < 30; times++) view().zoom(2)
    expect(view().range.to - view().range.from).toBe(3_653 * DAY)
  })

  it('keeps the moment within what can be known', () => {
    const view = viewAt('').view()
    for (let times = 0; times < 3; times++) view.key({ key: 'ArrowRight', shiftKey: true })
    expect(view.moment).toBe(NOW)
    view.key({ key: 'Home', shiftKey: false })
    expect(view.moment).toBe(view.range.from)
    expect(view.key({ key: 'a', shiftKey: false })).toBe(false)
  })

  it('asks for points that stand for round stretches', () => {
    for (const [preset, width] of [
      ['1h', 5],
      ['24h', 120],
      ['7d', 900],
      ['30d', 3_600],
      ['1y', 43_200],
    ] as const)
      expect([preset, PRESETS[preset] / 1000 / pointsFor({ from: 0, to: PRESETS[preset] }, 1_000)]).toEqual([
        preset,
        width,
      ])
  })
})

describe('the time axis', () => {
  const berlin = createOffset('Europe/Berlin')
  const local = (at: number) => new Date(at + berlin(at)).toISOString().slice(0, 16)

  it.each([
    ['an hour', HOUR, '2026-01-22T17:10', 'time'],
    ['a day', DAY, '2026-01-21T21:00', 'time'],
    ['a month', 30 * DAY, '2025-12-29T00:00', 'day'],
    ['a year', 365 * DAY, '2025-03-01T00:00', 'month'],
  ])('of %s has round marks on the clock of the house', (_name, length, first, kind) => {
    const ticks = timeTicks({ from: NOW - length, to: NOW }, { most: 9, offset: berlin })
    expect(ticks.length).toBeLessThanOrEqual(9)
    expect(ticks.length).toBeGreaterThan(3)
    expect(local(ticks[0]!.at)).toBe(first)
    expect(ticks.some(tick => tick.kind === kind)).toBe(true)
    for (const { at } of ticks) expect(local(at)).toMatch(/T\d\d:\d[05]$/)
  })

  it('keeps midnight at midnight when the clocks change', () => {
    const days = timeTicks(
      { from: Date.parse('2026-03-27T00:00Z'), to: Date.parse('2026-04-01T00:00Z') },
      { most: 6, offset: berlin },
    )
    expect(days.map(({ at }) => local(at))).toEqual([
      '2026-03-28T00:00',
      '2026-03-29T00:00',
      '2026-03-30T00:00',
      '2026-03-31T00:00',
      '2026-04-01T00:00',
    ])
    expect(days[2]!.at - days[1]!.at).toBe(23 * HOUR)
  })

  it('takes what was written into a form back', () => {
    expect(toField(NOW, berlin)).toBe('2026-01-22T18:04')
    expect(fromField('2026-01-22T18:04', berlin)).toBe(NOW)
    expect(fromField('', berlin)).toBeNaN()
  })

  it('of values has few round marks that hold all of them', () => {
    for (const [low, high] of [
      [17.2, 22.6],
      [0, 2_143],
      [-3, -3],
      [0.02, 0.07],
    ] as const) {
      const { min, max, ticks } = valueScale(low, high)
      expect(min).toBeLessThanOrEqual(low)
      expect(max).toBeGreaterThanOrEqual(high)
      expect(ticks.length).toBeLessThanOrEqual(8)
      expect([ticks[0], ticks.at(-1)]).toEqual([min, max].map(each => Number(each.toPrecision(12))))
    }
  })

  it('knows the nights of a place, and of the poles', () => {
    const range = { from: NOW - DAY, to: NOW }
    const [night, dusk] = nightsOf(range, { latitude: 52.52, longitude: 13.4 })
    // Berlin: 22 January, 08:03 and 16:35.
    expect(Math.abs(night!.to - Date.parse('2026-01-22T07:03Z'))).toBeLessThan(5 * MINUTE)
    expect(Math.abs(dusk!.from - Date.parse('2026-01-22T15:35Z'))).toBeLessThan(5 * MINUTE)
    expect(nightsOf(range, { latitude: 80, longitude: 20 })).toEqual([range])
    const summer = { from: Date.parse('2026-06-20T00:00Z'), to: Date.parse('2026-06-21T00:00Z') }
    expect(nightsOf(summer, { latitude: 80, longitude: 20 })).toEqual([])
    expect(nightsOf({ from: NOW - 40 * DAY, to: NOW }, { latitude: 52, longitude: 13 })).toEqual([])
  })
})

describe('a course', () => {
  const course = changes([0, 20], [10, 22], [20, null], [30, 21])

  it('says what held at a moment, and where nothing is known', () => {
    expect([-1, 0, 9, 10, 20, 29, 30, 99].map(at => valueAt(course, at))).toEqual([
      null,
      20,
      20,
      22,
      null,
      null,
      21,
      21,
    ])
    expect(gapsOf(course, 40)).toEqual([{ from: 20, to: 30, sides: [22, 21] }])
    expect(gapsOf(changes([0, null], [5, 1], [10, null]), 40)).toEqual([{ from: 10, to: 40, sides: [1] }])
  })

  it('is told in figures, weighted by how long each value held', () => {
    expect(summarise(course, 40)).toEqual({ low: 20, high: 22, mean: 21, last: 21, sum: 0, silent: 10 })
    expect(summarise(changes([0, null]), 40)).toBeNull()
  })

  it('takes what the stream tells behind what it has', () => {
    expect(append(course, 40, 23).values.at(-1)).toBe(23)
    expect(append(course, 5, 23)).toBe(course)
  })

  it('of a state is stretches, with gaps left out', () => {
    const states = changes([0, false], [10, true], [15, true], [20, null], [30, 'x'])
    expect(stretchesOf(states, 40)).toEqual([
      { from: 0, to: 10, value: false },
      { from: 10, to: 20, value: true },
      { from: 30, to: 40, value: 'x' },
    ])
  })
})

describe('a chart', () => {
  it('lays lines over one row of moments: a gap is null through to its end, what is not said there is left out', () => {
    expect(
      merge([
        { at: [0, 2, 6], cells: [[1, null, 3]] },
        { at: [1, 3, 4], cells: [[7, 8, 9]] },
      ]),
    ).toEqual([
      [0, 1, 2, 3, 4, 6],
      [1, undefined, null, null, null, 3],
      [undefined, 7, undefined, 8, 9, undefined],
    ])
  })

  it('lets a change hold until its gap begins, and the last one until now', () => {
    const plot = toPlot([{ course: changes([0, 5], [1_000, null], [2_000, 7]), before: null }], 3_000)
    expect(plot.columns).toEqual([
      [0, 999, 1_000, 2_000, 3_000],
      [5, 5, null, 7, 7],
    ])
    expect(extentOf(plot, { from: 0, to: 9_000 })).toEqual({ low: 5, high: 7 })
    expect(extentOf(plot, { from: 500, to: 900 })).toEqual({ low: 5, high: 5 })
    expect(extentOf(plot, { from: 1_200, to: 1_900 })).toBeNull()
  })

  it('says no more than was asked for, and the last thing said of a moment', () => {
    const past = toCourse({ at: [0, 5, 5], values: [1, 2, 3], width: 0 }, { until: 10 })
    expect(toPlot([{ course: past, before: null }], 99).columns).toEqual([
      [0, 5, 10],
      [1, 3, 3],
    ])
    expect(toPlot([], 99).columns).toEqual([[0, 99]])
  })

  it('draws bands through their middle, with lowest, highest, and what was before', () => {
    const banded = toCourse({ at: [0, 10], values: [2, 3], min: [1, 2], max: [3, 4], width: 10 })
    const before = toCourse({ at: [-100], values: [9], width: 0 }, { shift: 100 })
    const { columns, places } = toPlot([{ course: banded, before }], 20)
    expect(places).toEqual([{ value: 1, low: 2, high: 3, before: 4 }])
    expect(columns[0]).toEqual([0, 5, 15, 20])
    expect(columns[4]).toEqual([9, undefined, undefined, 9])
  })

  it('has sixteen looks, and labels that do not lie on each other', () => {
    expect(new Set(Array.from({ length: 16 }, (_, place) => JSON.stringify(lookOf(place)))).size).toBe(16)
    expect(spread([50, 52, 10], { least: 20, from: 0, to: 100 })).toEqual([50, 70, 10])
    expect(spread([95, 96, 99], { least: 20, from: 0, to: 100 })).toEqual([60, 80, 100])
  })
})
