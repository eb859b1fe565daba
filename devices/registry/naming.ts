/** Characters that a name made of common words has at least. */
const SHORTEST = 3

/** The words that all texts begin with; empty when there are none. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts
  const words = first.split(' ')
  let count = words.length
  for (const other of others) {
    const same = other.split(' ').findIndex((word, index) => word !== words[index])
    if (same >= 0) count = Math.min(count, same)
  }
  return words.slice(0, count).join(' ')
}

/**
 * What a device is called that never says its own name, from the names of what it announced: the only one, or the words
 * that all begin with (`plug06 ENERGY Today`, `plug06 ENERGY Total`); else its model, else what identifies it.
 */
export function nameOfNameless(
  hints: ReadonlySet<string>,
  { model, identifiers }: { readonly model: string | null; readonly identifiers: readonly string[] },
): string {
  const start = commonStart([...hints])
  if (start.length >= (hints.size === 1 ? 1 : SHORTEST)) return start
  return model ?? identifiers[0]!.replace(/^\w+:/, '')
}
