/** A fall to less than this share of what it was is a reset; a smaller one is a correction. */
const RESET_BELOW = 0.9

/**
 * What a counter (energy, water, gas) counted between two readings. After a reset it began at zero.
 *
 *   10 -> 12 is 2    12 -> 3 is 3 (a reset)    12 -> 11.9 is -0.1 (a correction)    NaN -> 5 is 0 (where it stood is not known)
 */
export function counted(before: number, now: number): number {
  if (Number.isNaN(before)) return 0
  return now < before * RESET_BELOW ? now : now - before
}
