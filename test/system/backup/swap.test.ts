import type * as Fs from 'node:fs'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  beginSwap,
  commitSwap,
  dropEarlierAside,
  finishSwap,
  isSwapPending,
} from '../../../server/system/backup/swap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// Whatever changes the disk passes here, so that a death can be put before each of its steps.
const fuse = vi.hoisted(() => ({ left: Infinity }))
vi.mock('node:fs', async original => {
  const real = await original<typeof Fs>()
  const burning = <Call extends (...given: never[]) => unknown>(call: Call) =>
    ((...given: never[]) => {
      if (fuse.left-- <= 0) throw new Error('killed')
      return call(...given)
    }) as Call
  const { renameSync, rmSync } = real
  return { ...real, renameSync: burning(renameSync), rmSync: burning(rmSync) as typeof rmSync, fsyncSync() {} }
})

const NOW = Date.UTC(2026, 2, 1, 20)
const OLD = {
  'hub.db': 'old hub',
  'hub.db-wal': 'old log',
  'hub.db-shm': 'old index',
  'history.db': 'old history',
  'history.db-wal': 'old history log',
  'config.yaml': 'old config',
  'certs/mqtts.pem': 'old leaf',
}
const NEW = { 'hub.db': 'new hub', 'backup.key': 'new key', 'certs/mqtts.pem': 'new leaf' }
/** What the new house does not hold stays. */
const AFTER = {
  ...NEW,
  'history.db': 'old history',
  'history.db-wal': 'old history log',
  'config.yaml': 'old config',
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

function read(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String)
  const files = names.filter(name => statSync(join(folder, name)).isFile()).toSorted()
  return Object.fromEntries(files.map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** What stands in the house, without what was put aside. */
const house = (folder: string) =>
  Object.fromEntries(Object.entries(read(folder)).filter(([name]) => !name.startsWith('before-restore-')))

/** Does something, and dies before its n-th step on the disk. @returns whether it died. */
function dies(steps: number, work: () => void): boolean {
  fuse.left = steps
  try {
    work()
    return false
  } catch (error) {
    if ((error as Error).message !== 'killed') throw error
    return true
  } finally {
    fuse.left = Infinity
  }
}

function swap(folder: string): void {
  write(beginSwap(folder), NEW)
  commitSwap(folder, NOW)
  finishSwap(folder)
}

/** A fresh old house for each case. */
function inHouse(work: (folder: string) => void): void {
  const folder = temporaryFolder()
  try {
    write(folder.path, OLD)
    work(folder.path)
  } finally {
    folder.remove()
  }
}

describe('a restored house', () => {
  it('takes the place of the old one, which is kept beside', () => {
    inHouse(folder => {
      write(beginSwap(folder), NEW)
      commitSwap(folder, NOW)
      expect(isSwapPending(folder)).toBe(true)
      const aside = finishSwap(folder)
      expect(isSwapPending(folder)).toBe(false)
      expect(house(folder)).toEqual(AFTER)
      expect(aside).toBe(join(folder, 'before-restore-20260301T200000Z'))
      expect(read(aside!)).toEqual({
        'hub.db': 'old hub',
        'hub.db-wal': 'old log',
        'hub.db-shm': 'old index',
        'certs/mqtts.pem': 'old leaf',
      })
      expect(finishSwap(folder)).toBeNull()
    })
  })

  it('is the old one or the new one, whenever it is killed, and killed again on the way back', () => {
    const outcomes = new Set<string>()
    for (let first = 0, wasKilled = true; wasKilled; first++) {
      for (let second = 0, wasKilledAgain = true; wasKilledAgain; second++) {
        inHouse(folder => {
          wasKilled = dies(first, () => swap(folder))
          wasKilledAgain = dies(second, () => finishSwap(folder))
          finishSwap(folder)
          const isNew = house(folder)['hub.db'] === 'new hub'
          outcomes.add(isNew ? 'new' : 'old')
          expect([first, second, house(folder)]).toEqual([first, second, isNew ? AFTER : OLD])
          // What counted is never lost, only put aside.
          const aside = join(folder, 'before-restore-20260301T200000Z')
          if (isNew) expect(read(aside)).toMatchObject({ 'hub.db': 'old hub', 'hub.db-wal': 'old log' })
        })
      }
    }
    expect(outcomes).toEqual(new Set(['old', 'new']))
  })

  it('drops what an earlier restore put aside', () => {
    inHouse(folder => {
      write(folder, { 'before-restore-20250101T000000Z/hub.db': 'older', 'before-restore-notes/mine': 'mine' })
      write(beginSwap(folder), NEW)
      commitSwap(folder, NOW)
      dropEarlierAside(folder, finishSwap(folder))
      expect(readdirSync(folder).filter(name => name.startsWith('before'))).toEqual([
        'before-restore-20260301T200000Z',
        'before-restore-notes',
      ])
    })
  })

  it('has nothing to put aside in an empty folder', () => {
    const folder = temporaryFolder()
    write(beginSwap(folder.path), NEW)
    commitSwap(folder.path, NOW)
    expect(finishSwap(folder.path)).toBeNull()
    expect(read(folder.path)).toEqual(NEW)
    expect(existsSync(join(folder.path, 'restoring'))).toBe(false)
    folder.remove()
  })
})
