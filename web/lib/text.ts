// Marks that turn the direction of what follows, and other control characters.
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

// Of these, the ones that let a text read otherwise than it is: overrides, embeddings, isolates.
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g

const escape = (marks: string) =>
  [...marks].map(mark => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('')

/** A text from outside as it is: what would turn the direction inside it is seen instead. */
export const unturned = (text: string): string => text.replaceAll(TURNS, escape)

/** The first `max` characters of a text from outside, unturned; whole graphemes, an ellipsis for the rest. */
export function shorten(given: string, max = 120): string {
  const text = unturned(given.slice(0, max + 33))
  if (text.length <= max) return text
  const graphemes = new Intl.Segmenter().segment(text.slice(0, max + 32))
  let end = 0
  for (const { index, segment } of graphemes) {
    if (index + segment.length > max - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end)}…`
}

/** A text from outside where no markup can isolate it (a title, a label): short, and without what turns its neighbours. */
export function plain(text: string, max = 120): string {
  return shorten(
    text
      .slice(0, max * 8)
      .replaceAll(CONTROLS, ' ')
      .trim(),
    max,
  )
}

/** A name from the wire (`color_temp`) as a word: `Color temp`. */
export function toWord(name: string): string {
  const spaced = name.replaceAll('_', ' ').trim()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** A text inside JSON, with what turns its neighbours written as escapes. */
export function escapeControls(text: string): string {
  return text.replaceAll(CONTROLS, escape)
}
