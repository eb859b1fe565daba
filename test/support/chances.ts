/** Chances that a seed determines. */
export interface Chances {
  /** A whole number from `least` up to and with `most`. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
}

export function seededChances(seed: number): Chances {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: probability => next() < probability,
  }
}
