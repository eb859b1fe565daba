import { describe, expect, it } from 'vitest'
import { faults } from '../../server/broker/codec/index.ts'
import { fuzzCodec } from './codec-fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`codec fuzz: HOB_SEED=${seed}`)

describe('any bytes', () => {
  it('give packets or one fault, never an exception', { timeout: 30_000 }, () => {
    const report = fuzzCodec(seed, 60_000)
    expect(report.packets).toBeGreaterThan(5_000)
    expect(report.slowest).toBeLessThan(250)
    // The inputs reach nearly everything that can be said about bytes.
    const possible = new Set(Object.values(faults).map(fault => fault.code))
    expect(report.faults.size).toBeGreaterThan(possible.size * 0.8)
    expect(report.types.size).toBe(15)
  })

  it('give the same for the same seed', () => {
    expect(fuzzCodec(seed, 2_000).digest).toBe(fuzzCodec(seed, 2_000).digest)
  })
})
