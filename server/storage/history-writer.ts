import type { Cancel, Clock, Log } from '#kernel'
import type { BurstWrite, Moment, StoredSeries } from '../history/index.ts'
import { BatchWriter, type Sample } from '../series/index.ts'
import { CommitMeter, type CommitPace } from './commit-meter.ts'
import type { HistoryOp } from './executor.ts'
import type { Connection } from './worker.ts'

/** Operations, and bytes of changes, that may wait in memory however long the budget is. */
const MAX_WAITING = 10_000
const MAX_BYTES = 262_144

/** Gathers what may be lost and writes it when the owner's write budget allows. */
export interface HistoryWriter {
  write(op: HistoryOp): void
  /** Adds a change to the batch. @returns the bytes it takes. */
  record(series: number, moment: Moment, value: Sample['value']): number
  putSeries(series: StoredSeries): void
  /** A burst that grows while it waits is written once. */
  putActivity(burst: BurstWrite): void
  /** Writes what waits, now. */
  flush(): Promise<void>
  /** How the disk keeps up, since the last call. */
  pace(): CommitPace
  /** Why the last write failed, null when it did not. */
  fault(): string | null
}

/**
 * A failed write costs what it held, and is told in the log and until one succeeds; nothing else: history may be thrown away, the house goes on.
 * Only the names of series are kept for the next try, since all that follows is told by their numbers.
 */
export function createHistoryWriter(
  connection: Connection,
  options: { clock: Clock; log: Log; writeBudget: () => number },
): HistoryWriter {
  const { clock, log } = options
  const batch = new BatchWriter()
  const meter = new CommitMeter(clock.monotonic)
  let names: StoredSeries[] = []
  let others: HistoryOp[] = []
  /** By the place of their first. */
  let bursts = new Map<number, BurstWrite>()
  let timer: Cancel | undefined
  let isArmed = false
  let fault: string | null = null
  /** How far the clock was ahead of the time that passed at the last change: it may be set while that waits. */
  let lead = 0
  let writing: Promise<void> = Promise.resolve()

  const flush = (): Promise<void> => {
    timer?.()
    timer = undefined
    isArmed = false
    if (names.length + others.length + bursts.size + batch.size === 0) return writing
    const known = names
    const ops: HistoryOp[] = [...known.map(series => ({ op: 'history.series.put', series }) as const), ...others]
    for (const burst of bursts.values()) ops.push({ op: 'history.activity', ...burst })
    if (batch.size > 0)
      ops.push({ op: 'history.append', changes: batch.take(), at: Math.round(lead + clock.monotonic()) })
    names = []
    others = []
    bursts = new Map()
    writing = writing
      .then(() => {
        meter.begin()
        return connection.run(ops)
      })
      .then(
        () => {
          meter.end()
          fault = null
        },
        (error: Error) => {
          meter.end()
          names = [...known, ...names]
          fault = error.message
          log.error({ error: error.message, lost: ops.length }, 'history could not be written')
        },
      )
    return writing
  }

  const arm = () => {
    if (others.length + bursts.size >= MAX_WAITING || batch.size >= MAX_BYTES) return void flush()
    if (isArmed) return
    isArmed = true
    const seconds = options.writeBudget()
    if (seconds === 0) setImmediate(() => void flush())
    else timer = clock.after(seconds * 1000, () => void flush())
  }

  return {
    write(op) {
      others.push(op)
      arm()
    },
    record(series, moment, value) {
      const bytes = batch.add(series, moment, value)
      lead = clock.now() - clock.monotonic()
      arm()
      return bytes
    },
    putSeries(series) {
      names.push(series)
      arm()
    },
    putActivity({ activity, before }) {
      const waiting = bursts.get(activity.first)
      bursts.set(activity.first, { activity, before: waiting === undefined ? before : waiting.before })
      arm()
    },
    flush,
    pace: () => meter.look(names.length + others.length),
    fault: () => fault,
  }
}
