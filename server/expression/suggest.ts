// Damerau-Levenshtein distance (adjacent swap counts one), given up beyond `limit`.
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_each, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** Longer words are not compared. */
const MAX_WORD = 64

/** The choice a mistyped word most likely means: at most two slips away, fewer for short words. */
export function suggest(word: string, choices: Iterable<string>): string | null {
  if (word.length > MAX_WORD) return null
  const limit = word.length <= 3 ? 1 : 2
  let best: string | null = null
  let least = limit + 1
  for (const choice of choices) {
    if (choice.length > MAX_WORD) continue
    const found = distance(word.toLowerCase(), choice.toLowerCase(), limit)
    if (found < least) {
      least = found
      best = choice
    }
  }
  return best
}

/** `did you mean "hall_lamp"?`, or null. */
export function didYouMean(word: string, choices: Iterable<string>): string | null {
  const found = suggest(word, choices)
  return found === null ? null : `did you mean "${found}"?`
}
