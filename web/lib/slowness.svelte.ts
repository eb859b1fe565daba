/** Milliseconds after which waiting is worth a word. */
const WORTH_A_WORD = 5000

/** Whether the hub takes long with something that this page waits for. */
export class Slowness {
  #late = $state(0)

  get isSlow(): boolean {
    return this.#late > 0
  }

  /** Watches an answer that is waited for. */
  async watch<T>(answer: Promise<T>): Promise<T> {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      this.#late++
    }, WORTH_A_WORD)
    try {
      return await answer
    } finally {
      clearTimeout(timer)
      if (isLate) this.#late--
    }
  }
}
