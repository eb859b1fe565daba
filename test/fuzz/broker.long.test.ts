import { expect, it } from 'vitest'
import { fuzzBroker } from './broker-fuzz.ts'
import { bytesInUse } from './memory.ts'

/**
 * Bytes an input may leave behind on average. What one run of a process keeps differs by 10 MB from the next (compiled
 * code, pools), and does not grow with a second million.
 */
const KEPT = 32
const INPUTS = 1_000_000

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz, long: HOB_SEED=${seed}`)

it('takes a million inputs of clients without failing or growing memory', { timeout: 1_200_000 }, async () => {
  await fuzzBroker(seed, 100_000)
  const before = bytesInUse()
  const { welcomed } = await fuzzBroker(seed, INPUTS)
  expect(welcomed).toBeGreaterThan(100_000)
  expect(bytesInUse() - before).toBeLessThan(KEPT * INPUTS)
})
