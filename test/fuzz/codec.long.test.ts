import { expect, it } from 'vitest'
import { fuzzCodec } from './codec-fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`codec fuzz, long: HOB_SEED=${seed}`)

it('takes a million inputs without an exception, a slow one or growing memory', () => {
  fuzzCodec(seed, 10_000)
  const before = process.memoryUsage()
  const report = fuzzCodec(seed, 1_000_000)
  const after = process.memoryUsage()
  expect(report.inputs).toBe(1_000_000)
  expect(report.slowest).toBeLessThan(250)
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024)
})
