/**
 * Durability as the parts see it. Whatever is written in one turn of the event loop lands in one
 * transaction, a *batch*; batches are numbered from 1 and become durable in order. An effect that must
 * not come before its record waits for the number of its batch.
 */
export interface Commits {
  /** The newest batch that is on disk (after fsync). */
  readonly durable: number
  /** Calls `listener` after each batch became durable. */
  onDurable(listener: (batch: number) => void): void
}

/** Lets an answer wait for its record: resolves when the batch is on disk. */
export function createDurableWait(commits: Commits): (batch: number) => Promise<void> {
  const waiting: { batch: number; resolve: () => void }[] = []
  commits.onDurable(durable => {
    while (waiting.length > 0 && waiting[0]!.batch <= durable) waiting.shift()!.resolve()
  })
  return batch => {
    if (batch <= commits.durable) return Promise.resolve()
    return new Promise(resolve => waiting.push({ batch, resolve }))
  }
}

/** A store that takes writes without waiting for them. */
export interface Writes<Op> extends Commits {
  /**
   * Adds an operation to the batch that is gathering. `op` is plain data and is copied when the batch
   * is sealed: a byte array must own its buffer, not be a window on a larger one.
   * @returns the number of the batch.
   */
  write(op: Op): number
}

/** One line for the owner of the box, with facts beside it. Never payloads, never secrets. */
export interface Log {
  debug(facts: object, text: string): void
  info(facts: object, text: string): void
  warn(facts: object, text: string): void
  error(facts: object, text: string): void
}
