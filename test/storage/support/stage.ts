import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { createUlids, type Cause, type Log } from '#kernel'
import { openStorage, type Storage, type StorageOptions } from '../../../server/storage/index.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'

export const id = createUlids(
  () => Date.UTC(2026, 2, 1),
  length => new Uint8Array(length).fill(7),
)
export const cause: Cause = { id: id(), parent: null, kind: 'user', who: 'anna', depth: 0, byRule: false }

/** A fresh folder and clock for each test of a file, and what storage said. */
export function openStage() {
  let folder: string
  let clock: TestClock
  let logged: string[]
  let fatal: Error[]
  const open: Storage[] = []

  const log: Log = {
    debug() {},
    info() {},
    warn: (_facts, text) => void logged.push(text),
    error: (_facts, text) => void logged.push(text),
  }

  async function start(overrides: Partial<StorageOptions> = {}): Promise<Storage> {
    const storage = await openStorage({
      folder,
      threads: false,
      clock,
      log,
      writeBudget: () => 0,
      onFatal: error => void fatal.push(error),
      ...overrides,
    })
    open.push(storage)
    return storage
  }

  async function restart(storage: Storage): Promise<Storage> {
    await storage.close()
    open.splice(open.indexOf(storage), 1)
    return start()
  }

  const durable = (storage: Storage, batch: number) =>
    new Promise<void>(resolve => {
      if (storage.broker.durable >= batch) return resolve()
      storage.broker.onDurable(reached => {
        if (reached >= batch) resolve()
      })
    })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hob-storage-'))
    clock = createTestClock()
    logged = []
    fatal = []
  })

  afterEach(async () => {
    for (const storage of open.splice(0)) await storage.close()
    rmSync(folder, { recursive: true })
  })

  return {
    /** Storages that are open; those still in it are closed at the end. */
    open,
    get folder() {
      return folder
    },
    get clock() {
      return clock
    },
    get logged() {
      return logged
    },
    get fatal() {
      return fatal
    },
    log,
    start,
    restart,
    durable,
  }
}
