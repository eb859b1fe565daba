import { expect, it } from 'vitest'
import { fuzzBroker } from './broker-fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz, long: HOB_SEED=${seed}`)

it('takes 300,000 sequences of packets without failing or growing memory', async () => {
  await fuzzBroker(seed, 2_000)
  const before = process.memoryUsage()
  const report = await fuzzBroker(seed, 300_000)
  const after = process.memoryUsage()
  expect(report.errors).toEqual([])
  expect(report.healthy).toBe(report.healthySent)
  expect(report.connectionsLeft).toBe(1)
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024)
})
