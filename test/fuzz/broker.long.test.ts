import { expect, it } from 'vitest'
import { fuzzBroker } from './broker-fuzz.ts'
import { bytesInUse } from './memory.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz, long: HOB_SEED=${seed}`)

it('takes a million inputs of clients without failing or growing memory', { timeout: 1_200_000 }, async () => {
  await fuzzBroker(seed, 20_000)
  const before = bytesInUse()
  const { welcomed } = await fuzzBroker(seed, 1_000_000)
  expect(welcomed).toBeGreaterThan(100_000)
  expect(bytesInUse() - before).toBeLessThan(8 * 1024 * 1024)
})
