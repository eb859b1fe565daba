import { expect, it } from 'vitest'
import { powerCutCampaign } from './campaign.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`power cuts: HOB_SEED=${seed}`)

it('survives power cuts under load: nothing lost, nothing of QoS 2 twice', { timeout: 60_000 }, async () => {
  const report = await powerCutCampaign(seed, 3)
  expect(report.faults).toEqual([])
  expect(report.acknowledged).toBeGreaterThanOrEqual(100)
})
