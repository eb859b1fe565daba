/** More edits than this are another word, not a slip. */
const MAX_DISTANCE = 2
/** A text from outside is compared up to this length. */
const MAX_LENGTH = 64

/** Damerau-Levenshtein distance (adjacent letters swapped count once), or more than `limit` as soon as that is certain. */
function distance(a: string, b: string, limit = MAX_DISTANCE): number {
  if (Math.abs(a.length - b.length) > limit || a.length > MAX_LENGTH || b.length > MAX_LENGTH) return limit + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(changed, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
      least = Math.min(least, cost)
    }
    if (least > limit) return limit + 1
    before = last
    last = row
  }
  return last[b.length]!
}

/** The choice nearest to `text`, at most 2 edits away and less than half of it; the first of equals. */
export function suggest(text: string, choices: Iterable<string>): string | null {
  const lower = text.toLowerCase()
  let found: string | null = null
  let least = Math.min(MAX_DISTANCE, Math.ceil(lower.length / 2) - 1) + 1
  for (const choice of choices) {
    const edits = choice === text ? least : distance(lower, choice.toLowerCase())
    if (edits < least) {
      least = edits
      found = choice
    }
  }
  return found
}

/** What would be right, in words, and the texts that would each mend the place that is at fault. */
export interface Advice {
  readonly text: string
  readonly replacements: readonly string[]
}

/** A bare text only explains. */
export type Suggestion = string | Advice | null

/** `did you mean "hall_motion"?`, or null. */
export function didYouMean(text: string, choices: Iterable<string>): Advice | null {
  const choice = suggest(text, choices)
  return choice === null ? null : meant(choice)
}

export const meant = (choice: string, facts = ''): Advice => ({
  text: `did you mean "${choice}"${facts}?`,
  replacements: [choice],
})
