import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askSeries, DAY, GAP, type Sample, type SeriesAsk } from '../../server/series/index.ts'
import { recordedOf } from './support/recorded.ts'

const seed = Number(process.env['HOB_SEED'] ?? 20_261_125)
const HOUR = 3_600_000
const MINUTE = 60_000
/** A midnight. */
const START = Date.UTC(2026, 2, 1)

const at = (minutes: number, value: Sample['value']): Sample => ({ seq: 1, at: START + minutes * MINUTE, value })

function ask(samples: readonly Sample[], how: Partial<SeriesAsk> & { summarisedUntil?: number; keptSince?: number }) {
  const { summarisedUntil, keptSince, ...rest } = how
  const known = {
    ...(summarisedUntil === undefined ? {} : { summarisedUntil }),
    ...(keptSince === undefined ? {} : { keptSince }),
  }
  const usual = {
    kind: 'number',
    from: START,
    to: START + HOUR,
    now: START + 100 * DAY,
    points: 10,
    grain: 'auto',
  } as const
  return askSeries(recordedOf(samples, known), { ...usual, ...rest })
}

describe('few changes', () => {
  it('are answered as they were, with what held at the beginning', () => {
    const answer = ask([at(-30, 1), at(10, 2), at(20, null), at(30, 3), at(70, 4)], {})
    expect(answer).toEqual({
      grain: 'raw',
      width: 0,
      at: [0, 10, 20, 30].map(minute => START + minute * MINUTE),
      value: [1, 2, null, 3],
      band: null,
    })
  })

  it('of booleans and texts keep their type', () => {
    expect(ask([at(0, true), at(5, false), at(6, GAP)], { kind: 'bool' }).value).toEqual([true, false, null])
    expect(ask([at(0, 'heat'), at(5, 'off'), at(6, 'heat')], { kind: 'text' }).value).toEqual(['heat', 'off', 'heat'])
  })

  it('of nothing are none', () => {
    expect(ask([], {}).at).toEqual([])
    expect(ask([at(90, 1)], {}).at).toEqual([])
  })
})

describe('many changes', () => {
  const busy = Array.from({ length: 60 }, (_, minute) => at(minute, minute % 2 === 0 ? 10 : 20))

  it('become bands whose mean is weighted by time', () => {
    const { grain, width, value, band } = ask([at(0, 0), at(1, 60), ...busy.slice(6)], { points: 10 })
    expect([grain, width]).toEqual(['raw', 6 * MINUTE])
    expect(value).toEqual([50, ...Array.from({ length: 9 }, () => 15)])
    expect(band!.min).toEqual([0, ...Array.from({ length: 9 }, () => 10)])
    expect(band!.max).toEqual([60, ...Array.from({ length: 9 }, () => 20)])
    expect(band!.count).toEqual([2, ...Array.from({ length: 9 }, () => 6)])
  })

  it('of booleans tell the share of the time', () => {
    const switched = busy.map(({ value, ...rest }) => ({ ...rest, value: value === 10 }))
    expect(ask(switched, { kind: 'bool', points: 6 }).value).toEqual(Array.from({ length: 6 }, () => 0.5))
  })

  it('of texts tell what held longest', () => {
    const modes = Array.from({ length: 60 }, (_, i) => at(i, i % 10 < 7 ? 'heat' : i % 2 === 0 ? 'off' : 'cool'))
    expect(ask(modes, { kind: 'text', points: 6 }).value).toEqual(Array.from({ length: 6 }, () => 'heat'))
  })

  it('know nothing of a gap: no mean, and no weight in the mean beside it', () => {
    const { value } = ask([...busy.slice(0, 3), at(3, GAP), ...busy.slice(21)], { points: 10 })
    expect(value.slice(0, 5)).toEqual([(10 + 20 + 10) / 3, null, null, (20 + 10 + 20) / 3, 15])
  })

  it('end with the present', () => {
    const { value } = ask(busy, { points: 10, now: START + 30 * MINUTE - 1 })
    expect(value.slice(4)).toEqual([15, null, null, null, null, null])
  })
})

describe('a counter', () => {
  const energy = [at(0, 100), at(10, 101.5), at(20, GAP), at(30, 103), at(40, 2), at(50, 1.9), at(59, 2.4)]

  it('sums what it counted over gaps, resets and corrections', () => {
    expect(ask(energy, { grain: '5m', points: 12 }).band!.sum.reduce((a, b) => a + b)).toBeCloseTo(
      1.5 + 1.5 + 2 + 0.4,
      9,
    )
  })

  it('does so from statistics, too', () => {
    const from = { from: START, to: START + DAY, grain: 'hour', points: 24, summarisedUntil: START + DAY } as const
    expect(ask(energy, from).band!.sum[0]).toBeCloseTo(5.4, 6)
  })
})

describe('a clock that is set', () => {
  it('back: what is told anew takes the place of what was said of that time', () => {
    const { at: times, value } = ask([at(0, 1), at(50, 2), at(58, 3), at(30, 4), at(40, 5)], {})
    expect(times.map(time => (time - START) / MINUTE)).toEqual([0, 30, 40])
    expect(value).toEqual([1, 4, 5])
  })

  it('forward: the last value holds, unless a gap says otherwise', () => {
    expect(ask([at(0, 1), at(1, 2), at(50, 3)], {}).value).toEqual([1, 2, 3])
    expect(ask([at(0, 1), at(1, GAP), at(50, 3)], {}).value).toEqual([1, null, 3])
  })
})

describe('statistics', () => {
  const days = 3
  const wave = Array.from({ length: days * 144 }, (_, i) => at(i * 10, Math.round(200 + 100 * Math.sin(i / 20)) / 10))

  it('answer where changes are no longer kept', () => {
    const range = { from: START, to: START + days * DAY, points: 72 }
    const kept = ask(wave, { ...range, grain: 'hour' })
    const gone = ask(wave, { ...range, summarisedUntil: START + 2 * DAY, keptSince: START + 2 * DAY })
    expect(gone.grain).toBe('hour')
    expect(gone.band).toEqual(kept.band)
    gone.value.forEach((value, i) => expect(value).toBeCloseTo(kept.value[i] as number, 2))
  })

  it('of five minutes answer a day that is no longer kept', () => {
    const range = { from: START, to: START + DAY, points: 288 }
    const gone = ask(wave, { ...range, summarisedUntil: START + 2 * DAY, keptSince: START + 2 * DAY })
    expect([gone.grain, gone.width, gone.at.length]).toEqual(['5m', 5 * MINUTE, 288])
    expect(gone.value[1]).toBe(20)
  })

  it('hold the last value over days in which nothing changed', () => {
    const gone = ask([at(0, 5), at(60 * 24 * 5, 7)], {
      from: START + DAY,
      to: START + 7 * DAY,
      points: 6,
      summarisedUntil: START + 6 * DAY,
      keptSince: START + 6 * DAY,
    })
    expect(gone.value).toEqual([5, 5, 5, 5, 7, null])
  })

  it('of days follow the days of the house: 23 hours when summer time begins', () => {
    const edges = [
      Date.UTC(2026, 2, 27, 23),
      Date.UTC(2026, 2, 28, 23),
      Date.UTC(2026, 2, 29, 22),
      Date.UTC(2026, 2, 30, 22),
    ]
    const hourly = Array.from({ length: 80 }, (_, i) => ({ seq: i, at: edges[0]! + i * HOUR, value: i }))
    const answer = ask(hourly, { from: edges[0]!, to: edges[3]!, edges, points: 3, now: edges[3]! })
    expect(answer.band!.count).toEqual([24, 23, 24])
    expect(answer.value).toEqual([11.5, 35, 58.5])
    expect(answer.width).toBe(0)
  })
})

describe(`whatever was recorded (seed ${seed})`, () => {
  const value = fc.oneof({ arbitrary: fc.integer({ min: -50, max: 50 }), weight: 6 }, fc.constantFrom(null, GAP))
  const list = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 500 }), value), { minLength: 1, maxLength: 300 })
    .map(steps => {
      let minute = -100
      return steps.map(([step, each]) => at((minute += step), each))
    })

  /** Minute by minute. */
  function naive(samples: readonly Sample[], from: number, to: number) {
    let [sum, known, min, max] = [0, 0, Infinity, -Infinity]
    for (let minute = from; minute < to; minute += MINUTE) {
      const held = samples.findLast(sample => sample.at <= minute)?.value
      if (typeof held !== 'number') continue
      sum += held
      known++
      min = Math.min(min, held)
      max = Math.max(max, held)
    }
    return known === 0 ? null : [sum / known, min, max]
  }

  it('bands are what looking at each minute gives, from changes and from statistics', () => {
    const whole = { from: START, to: START + 3 * DAY, points: 36, grain: 'hour' } as const
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 4 }), (samples, days) => {
        const now = START + 3 * DAY
        const { at: times, value: means, band } = ask(samples, { ...whole, now, summarisedUntil: START + days * DAY })
        times.forEach((from, i) => {
          const wanted = naive(samples, from, from + 2 * HOUR)
          if (wanted === null) return expect(means[i]).toBeNull()
          expect(means[i]).toBeCloseTo(wanted[0]!, 1)
          expect([band!.min[i], band!.max[i]]).toEqual(wanted.slice(1))
        })
      }),
      { seed, numRuns: 40 },
    )
  })
})
