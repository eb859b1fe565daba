import fc from 'fast-check'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/storage/database.ts'
import { openSlots } from '../../server/storage/operations/slots.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const seed = Number(process.env['HOB_SEED'] ?? 20_261_125)

describe(`the ring of slots (seed ${seed})`, () => {
  it('gives back what was added since the last restart, in order, whatever its size', () => {
    const step = fc.oneof(
      { arbitrary: fc.integer({ min: 1, max: 3_000 }), weight: 5 },
      { arbitrary: fc.constantFrom(935, 936, 937, 1_876), weight: 1 },
      { arbitrary: fc.constant('restart' as const), weight: 1 },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const database = openDatabase(':memory:', 'history')
        const slots = openSlots(database)
        let held: number[][] = []
        let [first, last] = [0, 0]
        steps.forEach((what, i) => {
          const at = 1_772_000_000_000 + i
          if (what === 'restart') {
            slots.restart(at)
            held = []
            first = at
          } else {
            const bytes = Uint8Array.from({ length: what }, (_, n) => (n * 31 + i) % 256)
            slots.append(bytes, at)
            held.push([...bytes])
            if (first === 0) first = at
          }
          last = at
          // Another connection sees the same.
          const other = openSlots(database)
          expect(other.batches().map(bytes => [...bytes])).toEqual(held)
          expect(other.times()).toEqual({ first, last })
        })
        database.raw.close()
      }),
      { seed, numRuns: 30 },
    )
  })

  it('costs one page for each write, once it went round', () => {
    const folder = temporaryFolder()
    const path = join(folder.path, 'history.db')
    const database = openDatabase(path, 'history')
    const slots = openSlots(database)
    const at = 1_772_000_000_000
    const fill = () => {
      for (let i = 0; i < 200; i++) slots.append(new Uint8Array(900).fill(i), at + i)
    }
    fill()
    slots.restart(at)
    database.raw.pragma('wal_checkpoint(TRUNCATE)')
    fill()
    const { size } = statSync(`${path}-wal`)
    expect(size / (1_024 + 24)).toBeLessThan(205)
    slots.touch(at + 1_000)
    expect(slots.times()).toEqual({ first: at, last: at + 1_000 })
    database.raw.close()
    folder.remove()
  })
})
