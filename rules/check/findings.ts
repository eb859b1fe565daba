import type { Suggestion } from '#expression'
import { wordsOf, type Fault } from '../format/errors.ts'
import type { Place } from '../format/source-text.ts'

/** A finding and where it is. */
export interface Finding {
  readonly place: Place
  /** `error` when not written. */
  readonly severity?: Fault['severity']
  readonly id: string
  readonly message: string
  readonly suggestion?: Suggestion
}

/** Takes findings about one file. */
export type Note = (finding: Finding) => void

/** A fault as it leaves the check. */
export function toFault(file: string, { place, severity, id, message, suggestion }: Finding): Fault {
  const { line, column, endColumn } = place
  return { file, line, column, endColumn, severity: severity ?? 'error', id, ...wordsOf(message, suggestion) }
}
