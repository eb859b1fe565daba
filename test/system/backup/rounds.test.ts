import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyingHere, openStorage, type Storage } from '../../../server/storage/index.ts'
import { makeBackup, openCopiesFolder } from '../../../server/system/backup/make.ts'
import { restoreBackup } from '../../../server/system/backup/restore.ts'
import { createTestClock } from '../../support/clock.ts'
import { rowsOf } from '../../support/rows.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { quickLock } from './support/quick-lock.ts'

// Backups of a house that does not stand still. What is written counts up, so a copy from between two commits shows.

const clock = createTestClock()
const folder = temporaryFolder()
const data = join(folder.path, 'data')

function open(at: string, threads: boolean): Promise<Storage> {
  return openStorage({
    folder: at,
    threads,
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    writeBudget: () => 0,
    onFatal: error => expect.unreachable(error.message),
  })
}

let storage: Storage
/** Rows that were written, and the first of those that are not known to be on disk. */
let written = 0
let durable = 0
let isLoaded = true

beforeAll(async () => {
  storage = await open(data, true)
  storage.history.putSeries({ id: 1, entity: 'meter', value: 'n', class: 'n' })
  const batches: { batch: number; upTo: number }[] = []
  const { broker, history } = storage
  const writeSome = () => {
    // What belongs together is one commit: a topic's new message, and the end of its old one.
    for (let i = 0; i < TOGETHER; i++) {
      const key = written++
      const topic = `t/${key % TOPICS}`
      broker.write({ op: 'broker.message.put', message: { ...MESSAGE, key, topic } })
      broker.write({ op: 'broker.message.remove', key: key - TOPICS })
      const batch = broker.write({ op: 'broker.retained.put', retained: { topic, message: key } })
      batches.push({ batch, upTo: written })
    }
    history.record(1, { seq: storage.nextSeq(), at: clock.now() }, written)
  }
  storage.broker.onDurable(reached => {
    while (batches.length > 0 && batches[0]!.batch <= reached) durable = batches.shift()!.upTo
    if (isLoaded) writeSome()
  })
  writeSome()
})

afterAll(async () => {
  isLoaded = false
  await storage.close()
  folder.remove()
})

/** Topics, which are written over again and again, so many at a time. */
const TOPICS = 300
const TOGETHER = 3
const MESSAGE = {
  payload: Uint8Array.of(1, 2, 3),
  qos: 1,
  retain: true,
  properties: null,
  expiresAt: null,
  user: 'u',
  clientId: 'c',
  at: 1,
} as const

/** A backup, and a fresh house made of it. */
async function round(name: string): Promise<string> {
  const path = join(folder.path, `${name}.hob`)
  const copies = await openCopiesFolder(data, { history: true, now: clock.now() })
  await storage.copy(copies, { history: true })
  const how = { ...quickLock, path, ...copyingHere }
  await makeBackup({ ...how, data, copies, madeAt: clock.now(), version: '1', random: n => randomBytes(n) })
  const fresh = join(folder.path, name)
  // A fresh house is an empty data folder.
  await (await open(fresh, false)).close()
  await restoreBackup({ ...how, data: fresh, now: clock.now() })
  return fresh
}

describe('a backup under load', { timeout: 120_000 }, () => {
  it.each([1, 2, 3])('restores what was on disk, and no half of a commit (round %i)', async number => {
    await storage.history.flush()
    const [least, seq] = [durable, storage.seq()]
    const restored = await open(await round(`round-${number}`), false)
    const { retained, messages } = await restored.broker.load()
    const kept = retained.map(({ message }) => message).toSorted((a, b) => a - b)
    const newest = kept.at(-1)!
    expect(newest + 1).toBeGreaterThanOrEqual(least)
    expect(newest).toBeLessThan(written)
    // The newest of each topic, up to the end of a commit, and their messages.
    expect((newest + 1) % TOGETHER).toBe(0)
    const first = Math.max(0, newest + 1 - TOPICS)
    expect(kept).toEqual(Array.from({ length: newest + 1 - first }, (_, i) => first + i))
    expect(messages.map(({ key }) => key).toSorted((a, b) => a - b)).toEqual(kept)
    // What was recorded is as new, and no number of the sequence comes again.
    const { values } = await restored.devices.load()
    expect(values[0]!.value).toBeGreaterThanOrEqual(least)
    expect(restored.nextSeq()).toBeGreaterThan(storage.seq())
    expect(storage.seq()).toBeGreaterThan(seq)
    await restored.close()
  })

  it('restores equal, row by row, once the house stands still', async () => {
    isLoaded = false
    await storage.history.flush()
    const fresh = await round('equal')
    for (const name of ['hub.db', 'history.db']) {
      expect(rowsOf(join(fresh, name))).toEqual(rowsOf(join(data, name)))
    }
    expect(rowsOf(join(fresh, 'hub.db'))['broker_retained']).toHaveLength(TOPICS)
  })
})
