import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { seededChances } from '../support/chances.ts'
import { createTestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { cause } from './support/stage.ts'

// What kill -9 costs. A process that is killed leaves its files as they are at that moment, so a copy of the folder of a
// storage that still runs is what the next start finds.

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
const KILLS = 5
const START = Date.UTC(2026, 2, 1, 20)

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function open(folder: string, { clock, budget }: { clock: ReturnType<typeof createTestClock>; budget: number }) {
  const onFatal = (error: Error) => expect.unreachable(error.message)
  return openStorage({ folder, threads: false, clock, log: silent, writeBudget: () => budget, onFatal })
}

/** Every change that is recorded, by its time. */
async function recordedTimes(storage: Storage, now: number): Promise<readonly number[]> {
  const range = { from: START, to: now + 1, now: now + 1 }
  const answer = await storage.history.ask(1, { ...range, kind: 'number', points: 5_000, grain: 'raw' })
  return answer.value.map(value => value as number)
}

/** Whatever a write set going has come to its end. */
const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))

describe(`kill -9 (HOB_SEED=${seed})`, () => {
  it.each([0, 10, 60])('loses at most %i seconds of history and nothing else', async budget => {
    const chances = seededChances(seed + budget)
    const folder = temporaryFolder()
    const clock = createTestClock(START)
    const storage = await open(join(folder.path, 'data'), { clock, budget })
    storage.history.putSeries({ id: 1, entity: 'meter', value: 'n', class: 'n' })
    let second = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      for (const end = second + chances.between(1, 130); second < end;) {
        clock.advance(1_000)
        second++
        storage.history.record(1, { seq: storage.nextSeq(), at: clock.now() }, second)
        const area = { id: `A${second}`, slug: `room_${second}`, name: 'Room', version: 1 }
        storage.devices.write({ op: 'devices.area.put', area, cause })
        await settled()
      }
      const left = join(folder.path, `left-${kill}`)
      cpSync(join(folder.path, 'data'), left, { recursive: true })
      const next = await open(left, { clock, budget })
      const recorded = await recordedTimes(next, clock.now())
      // Every second from the first on, up to one that is not longer ago than the budget.
      expect(recorded).toEqual(Array.from({ length: recorded.length }, (_, i) => i + 1))
      expect(second - recorded.length).toBeLessThanOrEqual(budget)
      // What was acknowledged is all there.
      expect((await next.devices.load()).areas).toHaveLength(second)
      expect(next.nextSeq()).toBeGreaterThan(storage.seq())
      await next.close()
    }
    await storage.close()
    folder.remove()
  })
})
