import { expect, it } from 'vitest'
import { runCampaign } from './campaign.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`kill -9, 50 times: HOB_SEED=${seed}`)

it('survives kill -9 at 50 random instants under load', async () => {
  const report = await runCampaign(seed, 50)
  console.log(`${report.acknowledged} messages acknowledged, slowest start ${Math.round(report.slowestStart)} ms`)
  expect(report.faults).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(1_000)
  expect(report.slowestStart).toBeLessThan(10_000)
})
