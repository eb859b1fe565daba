import { expect, it } from 'vitest'
import { fuzzBroker } from './broker-fuzz.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz: HOB_SEED=${seed}`)

it('takes any sequence of packets without failing, and others notice nothing', { timeout: 30_000 }, async () => {
  const report = await fuzzBroker(seed, 10_000)
  expect(report.errors).toEqual([])
  expect(report.healthy).toBe(report.healthySent)
  expect(report.connectionsLeft).toBe(1)
  // All lasting sessions are on disk; the one that stands does not last.
  expect(report.sessionsRestored).toBe(report.sessionsLeft - 1)
  expect(report.welcomed).toBeGreaterThan(3_000)
})
