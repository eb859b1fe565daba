import { expect, it } from 'vitest'
import { fuzzApi } from './support/fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`API fuzz, long: HOB_SEED=${seed}`)

it('never fails inside, whatever is asked of any route, for long', async () => {
  const { asked } = await fuzzApi(seed, 1_000)
  expect(asked).toBeGreaterThan(30_000)
})
