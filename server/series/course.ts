/**
 * How a value went: numbers with the time from which each holds, NaN where nothing is known. Changes come in the order in
 * which they happened. When the clock was set back, what is told from then on takes the place of what was said of the
 * same time before: the clock was wrong then, and the present must not hang on it.
 *
 *   12:00 1, 12:50 2, 13:00 3 (set back), 12:30 4      is      12:00 1, 12:30 4
 */
export class Course {
  at: Float64Array
  value: Float64Array
  length = 0

  constructor(capacity = 64) {
    this.at = new Float64Array(capacity)
    this.value = new Float64Array(capacity)
  }

  push(at: number, value: number): void {
    while (this.length > 0 && this.at[this.length - 1]! > at) this.length--
    if (this.length === this.at.length) this.#grow()
    this.at[this.length] = at
    this.value[this.length] = value
    this.length++
  }

  /** Index of the first change at or after a time. */
  indexAt(time: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.at[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow(): void {
    const [at, value] = [this.at, this.value]
    this.at = new Float64Array(at.length * 2)
    this.value = new Float64Array(at.length * 2)
    this.at.set(at)
    this.value.set(value)
  }
}
