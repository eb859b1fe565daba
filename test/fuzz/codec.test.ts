import { describe, expect, it } from 'vitest'
import { faults } from '../../server/broker/codec/index.ts'
import { fuzzCodec, outcomeOf } from './codec-fuzz.ts'
import { corpus, inputText } from './corpus.ts'
import { bytesInUse } from './memory.ts'
import { shrink } from './shrink.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`codec fuzz: HOB_SEED=${seed}`)

const possible = new Set(Object.values(faults).map(fault => fault.code))

describe('any bytes', () => {
  it('a million inputs give packets or one fault each, in little time and memory', { timeout: 120_000 }, async () => {
    await fuzzCodec(seed, 10_000)
    const before = bytesInUse()
    const report = await fuzzCodec(seed, 1_000_000)
    expect(report.packets).toBeGreaterThan(100_000)
    // The inputs reach nearly everything that can be said about bytes.
    expect(report.outcomes.size).toBeGreaterThan(possible.size * 0.9)
    expect(report.types.size).toBe(15)
    expect(report.slowest).toBeLessThan(250)
    expect(bytesInUse() - before).toBeLessThan(32 * 1024 * 1024)
  })

  it('give the same for the same seed', async () => {
    expect((await fuzzCodec(seed, 2_000)).digest).toBe((await fuzzCodec(seed, 2_000)).digest)
  })
})

describe('the corpus', () => {
  it('leads to the outcomes that it names, in one piece and byte by byte', () => {
    for (const { outcome, ...input } of corpus) {
      expect(outcomeOf(input, [input.bytes.length]), inputText(input)).toBe(outcome)
      expect(outcomeOf(input, [1]), inputText(input)).toBe(outcome)
    }
  })

  it('leads to every fault of bytes', () => {
    // Too many of anything takes more bytes than a line should have.
    const long = ['broker.too_many_filters', 'broker.too_many_properties']
    const reached = new Set([...corpus.map(({ outcome }) => outcome), ...long])
    expect([...possible].filter(code => !reached.has(code))).toEqual([])
  })
})

it('a failing list shrinks to what makes it fail', async () => {
  const items = Array.from({ length: 200 }, (_, i) => i)
  const needed = [3, 77, 78, 199]
  expect(await shrink(items, fewer => needed.every(item => fewer.includes(item)))).toEqual(needed)
  expect(await shrink(items, () => true)).toEqual([])
})
