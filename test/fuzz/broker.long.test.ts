import { expect, it } from 'vitest'
import { fuzzBroker } from './broker-fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz, long: HOB_SEED=${seed}`)

it('takes a million inputs of clients without failing or growing memory', async () => {
  await fuzzBroker(seed, 20_000)
  const before = process.memoryUsage()
  const { welcomed } = await fuzzBroker(seed, 1_000_000)
  const after = process.memoryUsage()
  expect(welcomed).toBeGreaterThan(100_000)
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024)
})
