/** How a database keeps up. Times are of commits: from handing a batch over until it is on disk, in milliseconds. */
export interface CommitPace {
  /** Since the start. */
  readonly commits: number
  readonly milliseconds: number
  /** The longest since the last look, counting one that is still on its way; null when there was none. */
  readonly longest: number | null
  /** Operations that wait for the next commit. */
  readonly waiting: number
}

/** Times commits; one is on its way at a time. */
export class CommitMeter {
  readonly #now: () => number
  #commits = 0
  #milliseconds = 0
  #longest: number | null = null
  #since: number | null = null

  /** @param now milliseconds that only ever grow */
  constructor(now: () => number) {
    this.#now = now
  }

  begin(): void {
    this.#since = this.#now()
  }

  end(): void {
    if (this.#since === null) return
    const took = this.#now() - this.#since
    this.#since = null
    this.#commits++
    this.#milliseconds += took
    if (this.#longest === null || took > this.#longest) this.#longest = took
  }

  /** What there is to say since the last look. */
  look(waiting: number): CommitPace {
    const open = this.#since === null ? [] : [this.#now() - this.#since]
    const ended = this.#longest === null ? [] : [this.#longest]
    const times = [...open, ...ended]
    this.#longest = null
    return {
      commits: this.#commits,
      milliseconds: this.#milliseconds,
      longest: times.length === 0 ? null : Math.max(...times),
      waiting,
    }
  }
}
