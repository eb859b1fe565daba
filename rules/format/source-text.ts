/** A place in a rule text: lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number
  readonly column: number
  /** Column behind the last character; a place that runs over several lines ends with its first line. */
  readonly endColumn: number
}

/**
 * A text as YAML decoded it (quotes, escapes and block indentation removed) that still knows where each of its
 * characters stands in the file.
 */
export interface SourceText {
  readonly text: string
  /** The place of the characters from `start` to before `end`, offsets in `text`; without both the whole text. */
  place(start?: number, end?: number): Place
}

/** How a scalar was written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block'

const ESCAPE_LENGTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }
const isBlank = (character: string | undefined) =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t'

/** Length of the escape at `raw[at]`, a backslash; 0 for an escaped line end, which stands for nothing. */
function escapeLength(raw: string, at: number): number {
  const letter = raw[at + 1] ?? ''
  if (letter === '\n' || letter === '\r') return 0
  return ESCAPE_LENGTH[letter] ?? 2
}

/**
 * Where each character of `text` stands in `raw`, its YAML source; one more entry for the end. Folded line ends
 * and stripped indentation are passed over: what is left agrees character by character.
 */
export function alignText(text: string, raw: string, style: ScalarStyle): Uint32Array {
  const map = new Uint32Array(text.length + 1)
  let at = style === 'block' ? raw.indexOf('\n') + 1 : style === 'plain' ? 0 : 1
  for (let i = 0; i < text.length; i++) {
    const wanted = text[i]!
    // What YAML left out: indentation, line ends that were folded away, escaped line ends.
    while (at < raw.length && raw[at] !== wanted) {
      if (style === 'double' && raw[at] === '\\') {
        if (escapeLength(raw, at) !== 0) break
        at++
      } else if (isBlank(raw[at]) && !(wanted === ' ' && raw[at] === '\n')) at++
      else break
    }
    map[i] = Math.min(at, raw.length)
    if (style === 'double' && raw[at] === '\\') {
      const length = escapeLength(raw, at)
      // A character beyond U+FFFF is one escape and two UTF-16 units.
      if (length === ESCAPE_LENGTH['U'] && i + 1 < text.length && text.codePointAt(i)! > 0xffff) map[++i] = at
      at += length
    } else if (style === 'single' && raw[at] === "'" && raw[at + 1] === "'") at += 2
    else at++
  }
  map[text.length] = Math.min(at, raw.length)
  return map
}
