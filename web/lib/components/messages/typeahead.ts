import type { TreeRow } from './topic-tree.svelte.ts'

/** Milliseconds after which typing begins a new word. */
const PAUSE = 700

/**
 * Finds the next line whose level begins with what was typed. One letter goes on from the line at `place`; the same
 * letter again goes on to the next.
 */
export function typeahead(): (letter: string, rows: readonly TreeRow[], place: number) => number | null {
  let typed = ''
  let at = 0
  return (letter, rows, place) => {
    const now = performance.now()
    typed = now - at > PAUSE ? letter : typed + letter
    at = now
    const isRepeated = [...typed].every(each => each === letter)
    const wanted = (isRepeated ? letter : typed).toLowerCase()
    const start = isRepeated ? place + 1 : Math.max(0, place)
    for (let step = 0; step < rows.length; step++) {
      const index = (start + step) % rows.length
      const { kind, node } = rows[index]!
      if (kind === 'topic' && node.level.toLowerCase().startsWith(wanted)) return index
    }
    return null
  }
}
