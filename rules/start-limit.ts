/** Starts that a chain with a rule in it may make in `LIMIT_TIME` milliseconds, before the rule is paused. */
export const LIMIT = 30
export const LIMIT_TIME = 10_000
/** Milliseconds of the first pause; each one after it is twice as long, up to the longest. */
export const FIRST_PAUSE = 60_000
export const LONGEST_PAUSE = 3_600_000

/** Keeps rules that start each other from taking the house down. Only starts that a rule caused are counted. */
export class StartLimit {
  /** The last starts, at most `LIMIT`. */
  #starts: number[] = []
  #pausedUntil = 0
  #pause = FIRST_PAUSE

  /** Until when the rule rests; null when it does not. */
  pausedUntil(now: number): number | null {
    return now < this.#pausedUntil ? this.#pausedUntil : null
  }

  /** Counts a start. @returns whether it may be made; a rule that kept the peace for the longest pause is forgiven. */
  take(now: number): boolean {
    if (now < this.#pausedUntil) return false
    if (now - this.#pausedUntil >= LONGEST_PAUSE) this.#pause = FIRST_PAUSE
    this.#starts = this.#starts.filter(at => now - at < LIMIT_TIME)
    this.#starts.push(now)
    if (this.#starts.length <= LIMIT) return true
    this.#pausedUntil = now + this.#pause
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
    this.#starts = []
    return false
  }
}
