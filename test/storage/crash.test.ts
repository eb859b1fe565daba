import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { openStorage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const child = join(import.meta.dirname, 'crash-child.ts')
const seed = Number(process.env['HOB_SEED'] ?? 20_260_301)

it(`keeps every number that was durable before kill -9 (seed ${seed})`, { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hob-crash-'))
  let random = seed
  let sequence = 0
  const promised = new Set<string>()
  const recorded = new Map<number, number>()
  for (let round = 0; round < 3; round++) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    const killAfter = 20 + (random % 60)
    const process_ = spawn(process.execPath, [child, folder, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = 0
    createInterface({ input: process_.stdout }).on('line', line => {
      const [, kind, value] = /^(\w+) (.*)$/.exec(line) as unknown as [string, string, string]
      if (kind === 'seq') {
        expect(Number(value)).toBeGreaterThan(sequence)
        sequence = Number(value)
      } else if (kind === 'sample') recorded.set(Number(value.split(' ')[0]), Number(value.split(' ')[1]))
      else promised.add(value)
      if (++seen === killAfter) process_.kill('SIGKILL')
    })
    await once(process_, 'close')
  }
  const storage = await openStorage({
    folder,
    threads: false,
    clock: createTestClock(),
    log: silent,
    writeBudget: () => 0,
    onFatal: error => expect.unreachable(error.message),
  })
  const { retained } = await storage.broker.load()
  const kept = new Set(retained.map(row => row.topic))
  expect(promised.size).toBeGreaterThan(30)
  expect([...promised].filter(topic => !kept.has(topic))).toEqual([])
  expect(storage.nextSeq()).toBeGreaterThan(sequence)
  // History: nothing is lost that was written, and only what is within the budget is not written yet.
  for (const { entity, value } of (await storage.devices.load()).values) {
    expect(value).toBeGreaterThanOrEqual(recorded.get(Number(entity)) ?? 0)
  }
  expect(recorded.size).toBeGreaterThan(0)
  await storage.close()
  rmSync(folder, { recursive: true })
})
