import { expect, it } from 'vitest'
import { fuzzApi } from './support/fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`API fuzz: HOB_SEED=${seed}`)

it('never fails inside, whatever is asked of any route', { timeout: 120_000 }, async () => {
  const { asked, taken } = await fuzzApi(seed, 20)
  expect(asked).toBeGreaterThan(700)
  // Not all is turned away at the door.
  expect(taken).toBeGreaterThan(asked / 20)
})
