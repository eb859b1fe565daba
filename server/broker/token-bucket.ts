/** So many at once, and so many a second in the long run. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Holds somebody to a rate. Monotonic milliseconds come in, so it has no timer. */
export class TokenBucket {
  readonly #rate: Rate
  #left: number
  #filledAt: number
  #isOverrun = false

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#left = rate.burst
    this.#filledAt = now
  }

  /** Whether more was asked than the rate allows, and the bucket has not been full since. */
  isOverrun(now: number): boolean {
    this.#fill(now)
    return this.#isOverrun
  }

  /** @returns false when nothing is left. */
  take(now: number): boolean {
    this.#fill(now)
    if (this.#left < 1) {
      this.#isOverrun = true
      return false
    }
    this.#left--
    return true
  }

  #fill(now: number): void {
    const { burst, perSecond } = this.#rate
    this.#left += ((now - this.#filledAt) * perSecond) / 1000
    this.#filledAt = now
    if (this.#left < burst) return
    this.#left = burst
    this.#isOverrun = false
  }
}
