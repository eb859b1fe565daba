import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchWriter, decodeChunk, encodeChunk, GAP, readBatch, type Sample } from '../../server/series/index.ts'

const seed = Number(process.env['HOB_SEED'] ?? 20_261_125)
const runs = { seed, numRuns: 300 }

const decimal = fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.nat(4)).map(([n, k]) => n / 10 ** k)
const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const text = fc.string({ unit: 'binary', maxLength: 20 })
const absent = fc.constantFrom(null, GAP)
const kinds: Record<string, fc.Arbitrary<Sample['value']>> = {
  decimals: decimal,
  doubles: double,
  booleans: fc.boolean(),
  texts: fc.constantFrom('heat', 'cool', 'off'),
  anything: fc.oneof(
    decimal,
    double,
    fc.boolean(),
    text,
    fc.array(fc.jsonValue() as fc.Arbitrary<never>, { maxLength: 3 }),
  ),
  nothing: absent,
}

/** Mostly a steady beat with jitter; now and then the clock is set, in either direction. */
const step = fc.oneof(
  { arbitrary: fc.integer({ min: 9_950, max: 10_050 }), weight: 8 },
  { arbitrary: fc.integer({ min: -90_000_000_000, max: 90_000_000_000 }), weight: 1 },
  { arbitrary: fc.constant(0), weight: 1 },
)

function samplesOf(value: fc.Arbitrary<Sample['value']>): fc.Arbitrary<Sample[]> {
  const one = fc.record({ step, hop: fc.nat(300), value: fc.oneof({ arbitrary: value, weight: 5 }, absent) })
  return fc.array(one, { maxLength: 200 }).map(list => {
    let [seq, at] = [123_456_789, 1_772_000_000_000]
    return list.map(each => ({ seq: (seq += each.hop), at: (at += each.step), value: each.value }))
  })
}

describe(`chunks (seed ${seed})`, () => {
  it.each(Object.entries(kinds))('give back every change exactly: %s', (_name, value) => {
    fc.assert(
      fc.property(samplesOf(value), samples => {
        expect(decodeChunk(encodeChunk(samples))).toStrictEqual(samples)
      }),
      runs,
    )
  })

  it('keep the sign of zero, the smallest and the largest', () => {
    const values = [-0, 0, 5e-324, -Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 0.1 + 0.2, 1e21]
    const samples = values.map((value, i) => ({ seq: i, at: i, value }))
    expect(decodeChunk(encodeChunk(samples))).toStrictEqual(samples)
    for (const value of values) {
      const one = [{ seq: 1, at: 1, value }]
      expect(decodeChunk(encodeChunk(one))).toStrictEqual(one)
    }
  })

  it('take about four bytes for a reading every ten seconds', () => {
    let value = 215
    const samples = Array.from({ length: 8_640 }, (_, i) => {
      value += ((i * 7_919) % 5) - 2
      return { seq: i * 100, at: 1_772_000_000_000 + i * 10_000 + ((i * 31) % 40), value: value / 10 }
    })
    expect(encodeChunk(samples).length / samples.length).toBeLessThan(4.1)
  })

  it('are refused when they are cut short or are something else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        try {
          decodeChunk(bytes)
        } catch (error) {
          expect(error instanceof RangeError || error instanceof SyntaxError, String(error)).toBe(true)
        }
      }),
      runs,
    )
    const whole = encodeChunk([{ seq: 1, at: 1, value: 'heat' }])
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeChunk(whole.subarray(0, length)), `${length} bytes`).toThrow(/cut short|JSON/)
    }
    expect(() => decodeChunk(Uint8Array.of(9, 0))).toThrow('newer version')
  })
})

describe(`batches (seed ${seed})`, () => {
  it('give back the changes of all values in their order', () => {
    fc.assert(
      fc.property(samplesOf(kinds['anything']!), fc.array(fc.nat(5_000), { minLength: 1 }), (samples, series) => {
        const writer = new BatchWriter()
        const whose = (i: number) => series[i % series.length]!
        let size = 0
        samples.forEach((sample, i) => (size += writer.add(whose(i), sample, sample.value)))
        expect(writer.size).toBe(size)
        const read: [number, Sample][] = []
        const bytes = writer.take()
        readBatch(bytes, { each: (id, sample) => void read.push([id, sample]) })
        expect(read).toStrictEqual(samples.map((sample, i) => [whose(i), sample]))
        const own: Sample[] = []
        readBatch(bytes, { only: series[0]!, each: (_id, sample) => void own.push(sample) })
        expect(own).toStrictEqual(samples.filter((_, i) => whose(i) === series[0]))
        expect(writer.size).toBe(0)
      }),
      runs,
    )
  })

  it('begin anew after they were taken', () => {
    const writer = new BatchWriter()
    const sample = { seq: 7, at: 1_772_000_000_000, value: 21.4 }
    writer.add(1, sample, sample.value)
    const first = writer.take()
    writer.add(1, sample, sample.value)
    expect(writer.take()).toEqual(first)
  })

  it('hold a number that is none as unknown', () => {
    const writer = new BatchWriter()
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) writer.add(1, { seq: 1, at: 1 }, value)
    const read: Sample['value'][] = []
    readBatch(writer.take(), { each: (_id, { value }) => void read.push(value) })
    expect(read).toEqual([null, null])
  })
})
