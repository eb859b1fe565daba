// Output is written once per turn of the event loop: a system call costs more than everything else that
// happens to a packet. A connection that has not been written in this turn is flushed at the end of the read
// callback, so a lone message does not wait; the others when the turn ends.

/** Something with output that waits to be written. */
export interface Flushable {
  isDirty: boolean
  /** The turn it was last flushed in. */
  lastTurn: number
  flush(): void
}

/** Collects who has output in this turn of the event loop. */
export class Turn {
  #number = 1
  #dirty: Flushable[] = []
  #isArmed = false
  #isFlushing = false
  readonly #end = () => {
    this.#isArmed = false
    this.#number++
    this.#flushAll()
  }

  /** Flushes `output` at the end of this read callback or of this turn. */
  mark(output: Flushable): void {
    output.isDirty = true
    this.#dirty.push(output)
    if (this.#isArmed) return
    this.#isArmed = true
    setImmediate(this.#end)
  }

  /** To be called at the end of each callback that took input. */
  afterRead(): void {
    const dirty = this.#dirty
    if (dirty.length === 0 || this.#isFlushing) return
    this.#isFlushing = true
    let kept = 0
    for (const output of dirty) {
      if (output.lastTurn === this.#number) dirty[kept++] = output
      else this.#flush(output)
    }
    dirty.length = kept
    this.#isFlushing = false
  }

  #flushAll(): void {
    const dirty = this.#dirty
    this.#dirty = []
    for (const output of dirty) this.#flush(output)
  }

  #flush(output: Flushable): void {
    output.isDirty = false
    output.lastTurn = this.#number
    output.flush()
  }
}
