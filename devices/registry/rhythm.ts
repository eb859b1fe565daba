/** Reports within a second belong together: a device that says several things, or one thing twice. */
const TOGETHER = 1_000

/** What a gap weighs: its share of this many usual ones, and at most half. */
const MEMORY = 8
const MOST = 0.5

/** Of so many reports at least half must have said the same again, or it is only told when it changes. */
const WINDOW = 8

/**
 * How often a value is usually reported: a running mean of the gaps between its reports, in which each gap counts by its
 * length and moves the mean by at most half of it. So a minute of busy reports in a quiet day counts as a minute, and a
 * night without power as one long gap. The same few steps for each report.
 */
export class Rhythm {
  #last = 0
  #count = 0
  #mean = 0
  /** The longer one of the first two gaps. */
  #long = 0
  /** The last reports, newest last: a bit is set for one that said the same again. */
  #repeats = 0

  /**
   * @param at wall-clock milliseconds; one before the last report (a clock that was set) begins anew from there.
   * @param isRepeat it said the same as the report before.
   */
  report(at: number, isRepeat = false): void {
    const gap = at - this.#last
    if (this.#last > 0 && gap >= 0 && gap < TOGETHER) return
    const isFirst = this.#last === 0 || gap < 0
    this.#last = at
    if (isFirst) return
    this.#repeats = ((this.#repeats << 1) | Number(isRepeat)) & ((1 << WINDOW) - 1)
    this.#count++
    if (this.#count > 3) {
      const weight = Math.min(MOST, gap / (MEMORY * this.#mean))
      this.#mean += weight * Math.min(gap - this.#mean, this.#mean)
    } else this.#begin(gap)
  }

  /** Milliseconds, null until four reports were heard. */
  get milliseconds(): number | null {
    return this.#count < 3 ? null : Math.round(this.#mean)
  }

  /** Whether it is told again and again, not only when it changes. */
  get isRepeating(): boolean {
    let count = 0
    for (let bits = this.#repeats; bits > 0; bits &= bits - 1) count++
    return count >= WINDOW / 2
  }

  /** The middle one of the first three gaps: a start is seldom regular. */
  #begin(gap: number): void {
    const [short, long] = [this.#mean, this.#long]
    if (this.#count === 1) this.#mean = this.#long = gap
    else if (this.#count === 2) {
      this.#mean = Math.min(short, gap)
      this.#long = Math.max(short, gap)
    } else this.#mean = Math.max(short, Math.min(long, gap))
  }
}
