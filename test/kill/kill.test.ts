import { expect, it } from 'vitest'
import { killCampaign } from './campaign.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`kill -9: HOB_SEED=${seed}`)

it('survives kill -9 under load: nothing lost, nothing of QoS 2 twice', { timeout: 60_000 }, async () => {
  const report = await killCampaign(seed, 5)
  expect(report.faults).toEqual([])
  expect(report.acknowledged).toBeGreaterThanOrEqual(100)
})
