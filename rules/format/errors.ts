import type { Suggestion } from '#expression'

/** A finding about a rule text: what, where and what to do. Lines and columns count from 1, columns in UTF-16 units. */
export interface Fault {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Column behind the last character. */
  readonly endColumn: number
  readonly severity: 'error' | 'warning' | 'info'
  /** `unknown-device`, `type-mismatch`, `syntax` ...: the ids of the rules README. */
  readonly id: string
  readonly message: string
  /** What would be right, or null. */
  readonly suggestion: string | null
  /** Texts that would each mend it, put in place of what stands from `column` to `endColumn`. */
  readonly replacements: readonly string[]
}

/** More words than this help nobody. */
const MAX_WORDS = 240
const MAX_REPLACEMENTS = 8

/** A message repeats what was written, which may be long. */
function clip(words: string): string {
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}...` : words
}

/** The words of a fault as they leave. */
export function wordsOf(
  message: string,
  suggestion: Suggestion = null,
): Pick<Fault, 'message' | 'suggestion' | 'replacements'> {
  const { text, replacements } =
    typeof suggestion === 'string' ? { text: suggestion, replacements: [] } : (suggestion ?? NOTHING)
  return {
    message: clip(message),
    suggestion: text === null ? null : clip(text),
    replacements: replacements.slice(0, MAX_REPLACEMENTS).filter(each => each.length <= MAX_WORDS),
  }
}

const NOTHING = { text: null, replacements: [] } as const
