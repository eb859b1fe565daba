import { monitorEventLoopDelay } from 'node:perf_hooks'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock, type Cause, type Clock } from '#kernel'
import type { Entity, Event, Value } from '../../devices/index.ts'
import { createHistory } from '../../server/history/index.ts'
import { DAY, type SeriesAsk } from '../../server/series/index.ts'
import { openStorage, type Storage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'
import { scratchFolder, startHub } from './processes.ts'
import { dayOf, EVERY, kindOfDevice, writeHistory } from '../storage/support/year.ts'

const SEED = 20_261_125
const DEVICES = 100
const DAYS = 365
const FROM = Date.UTC(2025, 2, 1)
const TO = FROM + DAYS * DAY
const POINTS = 2_000
const HOUR = 3_600_000
/** Values a second for the loop, and for how long. */
const RATE = 50_000
const SECONDS = 10

export interface HistoryReport {
  readonly changes: number
  readonly bytes: number
  readonly writing: number
  /** Milliseconds from asking to the answer, the longest of all devices, by range. */
  readonly charts: readonly {
    readonly range: string
    readonly p50: number
    readonly max: number
    readonly points: number
  }[]
  /** Milliseconds to the ready line with that database. */
  readonly start: number
  /** `turn`: the longest turn of the event loop by its CPU time, which other work on the machine does not touch. */
  readonly ingest: { readonly rate: number; readonly loopDelay: number; readonly turn: number }
  /** Bytes of a day of 100 devices with a budget of 10 s: handed to the system, and counted by it for the disk. */
  readonly day: { readonly handed: number; readonly disk: number; readonly changes: number }
}

const log = { debug() {}, info() {}, warn() {}, error() {} }
const onFatal = (error: Error) => {
  throw error
}

function open(folder: string, clock: Clock): Promise<Storage> {
  return openStorage({ folder, clock, log, writeBudget: () => 10, onFatal })
}

async function measureCharts(storage: Storage): Promise<HistoryReport['charts']> {
  const ranges: Record<string, [number, number]> = {
    'an hour': [TO - HOUR, TO],
    'a day': [TO - DAY, TO],
    '6 days': [TO - 6 * DAY, TO],
    'a week': [TO - 7 * DAY, TO],
    '30 days': [TO - 200 * DAY, TO - 170 * DAY],
    'the year': [FROM, TO],
  }
  const { series } = await storage.history.load()
  const report = []
  for (const [range, [from, to]] of Object.entries(ranges)) {
    const times: number[] = []
    let points = 0
    // The first question opens the reader's thread.
    for (const { id, value } of [series[0]!, ...series]) {
      const kind = value === 'on' ? 'bool' : 'number'
      const ask: SeriesAsk = { kind, from, to, now: TO, points: POINTS, grain: 'auto' }
      const started = performance.now()
      points = Math.max(points, (await storage.history.ask(id, ask)).at.length)
      times.push(performance.now() - started)
    }
    const sorted = times.slice(1).toSorted((a, b) => a - b)
    report.push({ range, p50: sorted[sorted.length >> 1]!, max: sorted.at(-1)!, points })
  }
  return report
}

const CAUSE: Cause = { id: 'C', parent: null, kind: 'device', who: 'bench', depth: 0, byRule: false }
type Writable<T> = { -readonly [Key in keyof T]: T[Key] }
const settings = {
  current: () => ({
    ...{ name: 'Home', zone: 'UTC', place: null, writeBudget: 10 as const, onboarded: true },
    retention: { days: 365, classes: {}, entities: {} },
  }),
  onChange() {},
}

/** Devices whose values can be set, and the recorder that hears of it. */
async function openRecorder(storage: Storage, clock: Clock) {
  const entities: Entity[] = []
  let seq = 0
  const history = createHistory({
    store: storage.history,
    clock,
    log,
    settings,
    entities: () => entities,
    seq: () => seq,
    names: { entity: () => undefined, rule: id => id, token: id => id, pass: id => id, isClient: () => false },
  })
  await history.open()
  const says = Array.from({ length: DEVICES }, (_, device) => {
    const name = kindOfDevice(device)
    const value: Writable<Value> = {
      ...{ name, spec: { type: name === 'on' ? 'bool' : 'number' }, value: null, changedAt: 0, at: 0 },
      ...{ confirmed: true, changedBy: null, every: null },
    }
    const id = `device${device}`
    const entity: Entity = {
      ...{
        id,
        slug: id,
        name: id,
        key: id,
        device: { id, name: id } as Entity['device'],
        area: null,
        component: 'sensor',
      },
      ...{ deviceClass: name, category: null, commands: [], online: true, pending: null },
      ...{ trouble: null, version: 1 },
      values: new Map([[name, value]]),
    }
    entities.push(entity)
    return (to: number | boolean, at: number) => {
      const from = value.value
      value.value = to
      value.changedAt = at
      const event: Event = {
        ...{ seq: ++seq, at, message: null, matched: [], cause: CAUSE },
        changes: [{ kind: 'value', entity, value, from, to, cause: CAUSE }],
      }
      history.event(event)
    }
  })
  return { history, says }
}

async function measureIngest(): Promise<HistoryReport['ingest']> {
  const folder = scratchFolder()
  const storage = await open(folder.path, systemClock)
  const { history, says } = await openRecorder(storage, systemClock)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const started = performance.now()
  let told = 0
  let longest = 0
  const turn = () => {
    const due = ((performance.now() - started) / 1_000) * RATE
    // What is due, but no more than 5 ms of messages in one turn, as sockets give them.
    const until = Math.min(due, told + RATE / 200)
    for (; told < until; told++) says[told % DEVICES]!(told, Date.now())
  }
  await new Promise<void>(resolve => {
    let before = process.threadCpuUsage()
    const step = () => {
      const { user, system } = process.threadCpuUsage(before)
      before = process.threadCpuUsage()
      if (told > RATE) longest = Math.max(longest, (user + system) / 1_000)
      turn()
      // The first second is the warm-up.
      if (told < RATE) delay.reset()
      else delay.enable()
      if (performance.now() - started < SECONDS * 1_000) setImmediate(step)
      else resolve()
    }
    step()
  })
  delay.disable()
  const seconds = (performance.now() - started) / 1_000
  await history.close()
  await storage.close()
  folder.remove()
  return { rate: told / seconds, loopDelay: delay.max / 1e6, turn: longest }
}

function handedBytes(): { handed: number; disk: number } {
  const text = readFileSync('/proc/self/io', 'utf8')
  const number = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)![1])
  return { handed: number('wchar'), disk: number('write_bytes') }
}

/** A day on a clock moved by hand: every ten seconds what a hundred devices said is written. */
async function measureDay(): Promise<HistoryReport['day']> {
  const folder = scratchFolder()
  const clock = createTestClock(TO)
  const storage = await open(folder.path, clock)
  const { history, says } = await openRecorder(storage, clock)
  const days = Array.from({ length: DEVICES }, (_, device) => dayOf({ seed: SEED, device, start: TO }))
  const before = handedBytes()
  let changes = 0
  for (let tick = 0; tick < DAY / EVERY; tick++) {
    days.forEach((samples, device) => {
      const { at, value } = samples[tick]!
      says[device]!(value as number | boolean, at)
      changes++
    })
    clock.advance(EVERY)
    await storage.history.flush()
  }
  clock.advance(600_000)
  await storage.history.space()
  await history.close()
  await storage.close()
  const after = handedBytes()
  folder.remove()
  return { handed: after.handed - before.handed, disk: after.disk - before.disk, changes }
}

/** A year of 100 devices that report every ten seconds: charts, start; then what recording costs. */
export async function measureHistory(): Promise<HistoryReport> {
  const folder = scratchFolder()
  const started = performance.now()
  await writeHistory(join(folder.path, 'history.db'), { seed: SEED, devices: DEVICES, from: FROM, days: DAYS })
  const writing = (performance.now() - started) / 1_000
  const { size: bytes } = statSync(join(folder.path, 'history.db'))
  const hub = await startHub(folder.path)
  await hub.stop()
  const storage = await open(folder.path, createTestClock(TO))
  const charts = await measureCharts(storage)
  await storage.close()
  folder.remove()
  return {
    changes: (DEVICES * DAYS * DAY) / EVERY,
    ...{ bytes, writing, charts, start: hub.startTime },
    ingest: await measureIngest(),
    day: await measureDay(),
  }
}
