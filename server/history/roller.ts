import type { Cancel, Clock, Log } from '#kernel'
import type { Settings } from '../settings/index.ts'
import type { Budget } from './budget.ts'
import type { Recorder, Series } from './recorder.ts'
import { keptDays, purgeAt } from './retention.ts'
import type { HistoryStore } from './store.ts'
import type { Wall } from './wall.ts'

const DAY = 86_400_000
/** Milliseconds between two signs of life. */
const EVERY = 300_000
/** What waits is rolled when it is this much, or this old, or of a day that is over. */
const ROLL_BYTES = 1_048_576
const ROLL_AGE = 21_600_000
/** Milliseconds between two steps of a purge, in which others write. */
const BETWEEN_STEPS = 50

export interface Roller {
  /** `waiting`: what an earlier run left. */
  open(waiting: { bytes: number; since: number }): void
  /** So many bytes more wait. */
  note(bytes: number): void
  /** Purges now: what is kept was changed, or a device was forgotten. */
  purge(): void
  close(): void
}

/** Turns what was recorded into chunks and statistics in time, and removes what is too old in small steps. */
export function createRoller(options: {
  store: HistoryStore
  clock: Clock
  wall: Wall
  log: Log
  budget: Budget
  recorder: Recorder
  retention: () => Settings['retention']
  /** Series of devices that were forgotten. */
  forgotten: () => readonly Series[]
}): Roller {
  const { store, clock, wall, log, budget, recorder, retention } = options
  let waiting = 0
  let since = 0
  let purgedOn = 0
  let timer: Cancel | undefined
  let working: Promise<void> | undefined
  let isClosed = false
  let wantsPurge = false

  /** One thing after the other; what fails is said and tried again later. */
  function work(task: () => Promise<void>): void {
    const done = (working ?? Promise.resolve()).then(task).catch((error: Error) => {
      if (!isClosed) log.error({ error: error.message }, 'history could not be tidied')
    })
    working = done
    void done.then(() => {
      if (working === done) working = undefined
    })
  }

  async function roll(): Promise<void> {
    waiting = 0
    since = 0
    const kept = retention()
    const unkept = Array.from(recorder.all()).flatMap(each => (keptDays(each, kept) === 0 ? [each.id] : []))
    await store.roll(unkept, wall.now())
  }

  const pause = () => new Promise<void>(resolve => void clock.after(BETWEEN_STEPS, resolve))

  async function purge(): Promise<void> {
    wantsPurge = false
    const gone = options.forgotten()
    // What waits of them is told by their numbers, which may be given anew.
    if (gone.length > 0) await roll()
    const entities = [...new Set(gone.map(({ entity }) => entity))]
    const { days } = await store.space()
    const step = purgeAt(wall.now(), { series: recorder.all(), gone: entities, retention: retention(), days })
    const cuts = [...gone.map(({ id }) => ({ series: id, before: Number.POSITIVE_INFINITY })), ...step.cuts]
    while (!isClosed && (await store.purge({ ...step, cuts }))) await pause()
    if (!isClosed) for (const each of gone) recorder.drop(each)
  }

  function tick(): void {
    timer = clock.after(EVERY, tick)
    if (!recorder.tick()) return
    const now = wall.now()
    const today = Math.floor(now / DAY)
    work(budget.tick)
    const isOld = waiting > 0 && (now - since >= ROLL_AGE || Math.floor(since / DAY) !== today)
    if (isOld || purgedOn !== today) work(roll)
    if (wantsPurge || purgedOn !== today) work(purge)
    purgedOn = today
  }

  return {
    open(left) {
      waiting = left.bytes
      since = left.since
      purgedOn = Math.floor((left.since > 0 ? left.since : wall.now()) / DAY)
      timer = clock.after(EVERY, tick)
    },
    note(bytes) {
      if (waiting === 0) since = wall.now()
      waiting += bytes
      if (waiting < ROLL_BYTES || working !== undefined) return
      work(roll)
    },
    purge() {
      if (wantsPurge) return
      wantsPurge = true
      work(purge)
    },
    close() {
      isClosed = true
      timer?.()
    },
  }
}
