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
}
