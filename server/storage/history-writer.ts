import type { Cancel, Clock, Log } from '#kernel'
import type { HistoryOp } from './executor.ts'
import type { Connection } from './worker.ts'

/** Operations that may wait in memory however long the budget is. */
const MAX_WAITING = 10_000

/** Gathers what may be lost and writes it when the owner's write budget allows. */
export interface HistoryWriter {
  write(op: HistoryOp): void
  /** Writes what waits, now. */
  flush(): Promise<void>
}

/**
 * Of each value only the last one waits. A failed write costs what it held and a line in the log, nothing else:
 * history may be thrown away, the house goes on.
 */
export function createHistoryWriter(
  connection: Connection,
  options: { clock: Clock; log: Log; writeBudget: () => number },
): HistoryWriter {
  const values = new Map<string, HistoryOp>()
  let traces: HistoryOp[] = []
  let timer: Cancel | undefined
  let isArmed = false
  let writing: Promise<void> = Promise.resolve()

  const flush = (): Promise<void> => {
    timer?.()
    timer = undefined
    isArmed = false
    if (values.size + traces.length === 0) return writing
    const ops = [...values.values(), ...traces]
    values.clear()
    traces = []
    writing = writing
      .then(() => connection.run(ops))
      .then(
        () => undefined,
        (error: Error) => options.log.error({ error: error.message, lost: ops.length }, 'history could not be written'),
      )
    return writing
  }

  const arm = () => {
    if (values.size + traces.length >= MAX_WAITING) return void flush()
    if (isArmed) return
    isArmed = true
    const seconds = options.writeBudget()
    if (seconds === 0) setImmediate(() => void flush())
    else timer = options.clock.after(seconds * 1000, () => void flush())
  }

  return {
    write(op) {
      if (op.op === 'devices.value.put') values.set(`${op.value.entity} ${op.value.name}`, op)
      else traces.push(op)
      arm()
    },
    flush,
  }
}
