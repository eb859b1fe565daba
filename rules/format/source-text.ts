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
