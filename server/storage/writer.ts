import type { Clock, Writes } from '#kernel'
import { CommitMeter, type CommitPace } from './commit-meter.ts'
import type { Connection } from './worker.ts'

/** Takes operations without waiting and commits them in groups. */
export interface Writer<Op> extends Writes<Op> {
  /** An operation that answers: resolves with its result after the commit that holds it. */
  call(op: Op): Promise<unknown>
  /** Resolves when everything written so far is durable, however much comes behind it. */
  flush(): Promise<void>
  /** How the disk keeps up, since the last call. */
  pace(): CommitPace
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>
}

/**
 * Group commit: what is written in one turn of the event loop is one transaction. One commit is on its
 * way at a time, and what comes meanwhile gathers for the next. After a failed commit nothing is acknowledged any more.
 */
export function createWriter<Op extends { readonly op: string }>(
  connection: Connection,
  { clock, onFatal }: { clock: Clock; onFatal: (error: Error) => void },
): Writer<Op> {
  const meter = new CommitMeter(clock.monotonic)
  const listeners: ((batch: number) => void)[] = []
  let gathering: Op[] = []
  let answers = new Map<number, (result: unknown) => void>()
  let sealed = 0
  let durable = 0
  let isArmed = false
  let isBusy = false
  let isBroken = false
  let waiters: { batch: number; resolve: () => void }[] = []

  const arm = () => {
    if (isArmed || isBusy || isBroken) return
    isArmed = true
    setImmediate(seal)
  }

  function seal(): void {
    isArmed = false
    const batch = ++sealed
    const ops = gathering
    const waiting = answers
    gathering = []
    answers = new Map()
    isBusy = true
    meter.begin()
    connection.run(ops).then(
      results => settle({ batch, results, waiting }),
      (error: Error) => {
        isBroken = true
        onFatal(error)
      },
    )
  }

  function settle({
    batch,
    results,
    waiting,
  }: {
    batch: number
    results: unknown[]
    waiting: Map<number, (result: unknown) => void>
  }): void {
    isBusy = false
    meter.end()
    durable = batch
    for (const listener of listeners) listener(batch)
    for (const [index, resolve] of waiting) resolve(results[index])
    const done = waiters.filter(each => each.batch <= batch)
    waiters = waiters.filter(each => each.batch > batch)
    for (const { resolve } of done) resolve()
    if (gathering.length > 0) arm()
  }

  const isIdle = () => isBroken || (gathering.length === 0 && !isBusy)
  const flush = () => {
    if (isIdle()) return Promise.resolve()
    const batch = gathering.length > 0 ? sealed + 1 : sealed
    return new Promise<void>(resolve => waiters.push({ batch, resolve }))
  }

  const write = (op: Op) => {
    gathering.push(op)
    arm()
    return sealed + 1
  }

  return {
    get durable() {
      return durable
    },
    onDurable: listener => void listeners.push(listener),
    write,
    call(op) {
      const answered = new Promise(resolve => answers.set(gathering.length, resolve))
      write(op)
      return answered
    },
    flush,
    async drain() {
      while (!isIdle()) await flush()
    },
    pace: () => meter.look(gathering.length),
  }
}
