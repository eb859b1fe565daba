import { monitorEventLoopDelay } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { systemClock } from '#kernel'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { scratchFolder } from './processes.ts'

/** Milliseconds that the disk stands still at a time, and how often. */
const STALL = 200
const STALLS = 10
/** Messages written in one turn of the event loop under load. */
const BURST = 100

export interface StorageReport {
  /** One message after the other, each waiting for its commit: milliseconds. */
  readonly single: { readonly p50: number; readonly p99: number }
  /** Under a steady load: commits a second, messages a second. */
  readonly commits: number
  readonly messages: number
  /** The longest the event loop stood still while the disk did for 200 ms at a time, milliseconds. */
  readonly loopDelay: number
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

function writeMessage({ broker }: Storage, key: number): number {
  const body = { topic: 'bench/topic', payload: new Uint8Array(64), qos: 1, retain: false, properties: null } as const
  const message = { ...body, key, expiresAt: null, user: null, clientId: null, at: 0 }
  return broker.write({ op: 'broker.message.put', message })
}

/** Calls back for each batch that is on disk; one listener serves all parts of the measurement. */
function onBatch(storage: Storage) {
  let listener = (_batch: number) => {}
  storage.broker.onDurable(batch => listener(batch))
  return (next: (batch: number) => void) => void (listener = next)
}

/** What hub.db takes on this machine's disk, through its thread. */
export async function measureStorage(seconds: number): Promise<StorageReport> {
  const folder = scratchFolder()
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const onFatal = (error: Error) => {
    throw error
  }
  const storage = await openStorage({ folder: folder.path, clock: systemClock, log, writeBudget: () => 10, onFatal })
  const listen = onBatch(storage)
  let key = 0
  const latencies: number[] = []
  for (let i = 0; i < 500; i++) {
    const started = performance.now()
    await new Promise<void>(resolve => {
      const batch = writeMessage(storage, ++key)
      listen(durable => durable >= batch && resolve())
    })
    latencies.push(performance.now() - started)
  }
  latencies.sort((a, b) => a - b)

  let commits = 0
  const before = key
  listen(() => commits++)
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) {
    for (let i = 0; i < BURST; i++) writeMessage(storage, ++key)
    const sent = commits
    while (commits === sent) await new Promise(resolve => setImmediate(resolve))
  }
  const messages = (key - before) / seconds

  const loopDelay = await loopDelayWhileStalled(folder.path, () => void writeMessage(storage, ++key))
  await storage.close()
  folder.remove()
  const single = { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
  return { single, commits: commits / seconds, messages, loopDelay }
}

/** Another connection holds the database, so that its writer stands as before a slow disk. */
async function loopDelayWhileStalled(folder: string, write: () => void): Promise<number> {
  const other = new Database(join(folder, 'hub.db'))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  for (let i = 0; i < STALLS; i++) {
    other.exec('BEGIN IMMEDIATE')
    const writing = setInterval(write, 5)
    await pause(STALL)
    clearInterval(writing)
    other.exec('COMMIT')
    await pause(20)
  }
  delay.disable()
  other.close()
  return delay.max / 1e6
}
