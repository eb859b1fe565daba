import type { AvailabilityRule } from '../dialects/dialect.ts'

/** What the sources of an entity's availability said, and what follows from it. */
export class Availability {
  readonly #mode: AvailabilityRule['mode']
  readonly #told: (boolean | null)[]
  #latest: boolean | null = null

  constructor({ mode, sources }: AvailabilityRule) {
    this.#mode = mode
    this.#told = sources.map(() => null)
  }

  /** Notes what the source at `index` said. */
  tell(index: number, online: boolean): void {
    this.#told[index] = online
    this.#latest = online
  }

  /** Null while it does not follow from what was said. */
  get online(): boolean | null {
    if (this.#mode === 'latest') return this.#latest
    const decisive = this.#mode === 'any'
    if (this.#told.includes(decisive)) return decisive
    return this.#told.includes(null) ? null : !decisive
  }
}
