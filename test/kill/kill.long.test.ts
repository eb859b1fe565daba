import { expect, it } from 'vitest'
import { killCampaign } from './campaign.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`kill -9, 100 times: HOB_SEED=${seed}`)

it('survives kill -9 at 100 random instants under load', { timeout: 1_800_000 }, async () => {
  const report = await killCampaign(seed, 100)
  console.log(`${report.acknowledged} messages acknowledged, slowest start ${Math.round(report.slowestStart)} ms`)
  expect(report.faults).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(2_000)
  expect(report.slowestStart).toBeLessThan(10_000)
})
