import { Problem } from '../problem.ts'

/** Milliseconds between two looks. */
const LOOKS_EVERY = 5_000

/** Something that is asked for again and again while it is in view. What came stays when the next look fails. */
export class Looked<Found> {
  /** Null until it came once. */
  found = $state.raw<Found | null>(null)
  /** Why it did not come the last time. */
  problem = $state.raw<Problem | null>(null)
  /** When it came, in milliseconds since 1970. */
  at = $state(0)
  readonly #ask: () => Promise<Found>
  readonly #every: number
  #isStopped = false
  #looks = 0

  /** @param every milliseconds between two looks */
  constructor(ask: () => Promise<Found>, every = LOOKS_EVERY) {
    this.#ask = ask
    this.#every = every
  }

  /** Looks now and again and again. @returns how to stop. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const next = async () => {
      await this.look()
      if (!this.#isStopped) timer = setTimeout(() => void next(), this.#every)
    }
    void next()
    return () => {
      this.#isStopped = true
      clearTimeout(timer)
    }
  }

  /** Looks once. An answer that a later one overtook does not count. */
  async look(): Promise<void> {
    const look = ++this.#looks
    try {
      const found = await this.#ask()
      if (look === this.#looks) this.#keep(found)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (look === this.#looks) this.problem = error
    }
  }

  /** What the hub told by itself. */
  take(found: Found): void {
    this.#looks++
    this.#keep(found)
  }

  #keep(found: Found): void {
    this.found = found
    this.at = Date.now()
    this.problem = null
  }
}
