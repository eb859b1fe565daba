/** How something is. `unknown`: the machine does not say. */
export type State = 'good' | 'warning' | 'bad' | 'unknown'

/** From which number on something is a warning, and bad: `below` them it is good, or `above`. */
export interface Limit {
  readonly good: 'below' | 'above'
  readonly warning: number
  readonly bad: number
}

/**
 * What one look found: a number that the limit judges, or a word that says its state itself. Null is unknown; of what
 * was `idle` there was nothing to measure, which is good.
 */
export type Found = number | null | 'idle' | { readonly word: string; readonly state: State }

/** How many looks in a row it takes until a state is worse, and until it is better. */
export interface Patience {
  readonly rise: number
  readonly fall: number
}

/** How far a number must be on the good side of its limit until that counts. */
const MARGIN = 0.1

const RANKS = { unknown: 0, good: 0, warning: 1, bad: 2 } as const
const STATES = ['good', 'warning', 'bad'] as const

export function isWorse(one: State, other: State): boolean {
  return RANKS[one] > RANKS[other]
}

function rankOf(value: number, { good, warning, bad }: Limit, ease: number): 0 | 1 | 2 {
  const reaches = (limit: number) => (good === 'below' ? value >= limit * (1 - ease) : value <= limit * (1 + ease))
  return reaches(bad) ? 2 : reaches(warning) ? 1 : 0
}

/** The state of one reading, with patience: what swings about its limit does not flicker. */
export class Judge {
  readonly #limit: Limit | null
  readonly #patience: Patience
  #state: State = 'unknown'
  #value: number | string | null = null
  /** Looks in a row that were on one side of the state, and the mildest of a rise, the worst of a fall. */
  #streak = { side: 0, looks: 0, rank: 0 as 0 | 1 | 2 }

  constructor(limit: Limit | null, patience: Patience) {
    this.#limit = limit
    this.#patience = patience
  }

  get state(): State {
    return this.#state
  }

  /** The number of the last look that found one; the word of the look that the state is from. */
  get value(): number | string | null {
    return this.#value
  }

  take(found: Found): void {
    if (found === 'idle') {
      if (this.#state !== 'unknown') this.#step(RANKS.good)
      return
    }
    const state = this.#judge(found)
    if (state === 'unknown') {
      this.#state = 'unknown'
      this.#value = found === null || typeof found === 'number' ? found : found.word
      this.#streak = { side: 0, looks: 0, rank: 0 }
      return
    }
    if (this.#state === 'unknown') this.#state = 'good'
    this.#step(RANKS[state])
    if (typeof found === 'number') this.#value = found
    else if (found !== null && !isWorse(this.#state, state)) this.#value = found.word
  }

  #judge(found: Exclude<Found, 'idle'>): State {
    if (found === null) return 'unknown'
    if (typeof found !== 'number') return found.state
    if (this.#limit === null) return 'good'
    const now = rankOf(found, this.#limit, 0)
    const held = Math.min(RANKS[this.#state], rankOf(found, this.#limit, MARGIN)) as 0 | 1 | 2
    return STATES[now > held ? now : held]
  }

  #step(rank: 0 | 1 | 2): void {
    const side = Math.sign(rank - RANKS[this.#state])
    if (side !== this.#streak.side) this.#streak = { side, looks: 0, rank }
    const streak = this.#streak
    streak.looks++
    if (side === 0) return
    streak.rank = side > 0 === rank < streak.rank ? rank : streak.rank
    if (streak.looks < (side > 0 ? this.#patience.rise : this.#patience.fall)) return
    this.#state = STATES[streak.rank]
    this.#streak = { side: 0, looks: 0, rank: 0 }
  }
}
