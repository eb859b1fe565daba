import { LineCounter } from 'yaml'
import type { Suggestion } from '#expression'
import { wordsOf, type Fault } from './errors.ts'
import type { Place } from './source-text.ts'

/** What is wrong, and what would be right. */
export interface Says {
  readonly id: string
  readonly message: string
  readonly suggestion?: Suggestion
}

/** What is wrong with a part of the text, by offsets in it. */
export interface Finding extends Says {
  readonly start: number
  readonly end: number
}

/** One text while it is read: knows its lines and gathers its faults. */
export interface Reading {
  readonly file: string
  readonly text: string
  readonly lines: LineCounter
  readonly faults: Fault[]
  /** Parts that were reported as a whole: whoever meets one says no more about it. */
  readonly broken: Set<unknown>
  place(start: number, end: number): Place
  /** Notes an error. */
  report(finding: Finding): void
  /** Notes an error at a place that is known already. */
  reportPlace(place: Place, says: Says): void
}

/** More faults than this help nobody. */
export const MAX_FAULTS = 100

/** Begins reading `text`. */
export function createReading({ file, text }: { file: string; text: string }): Reading {
  const lines = new LineCounter()
  const faults: Fault[] = []
  const place = (start: number, end: number): Place => {
    const { line, col } = lines.linePos(Math.min(start, text.length))
    const column = Math.max(1, col)
    const lineEnd = text.indexOf('\n', start)
    const stop = Math.min(end, lineEnd === -1 ? text.length : lineEnd)
    return { line: Math.max(1, line), column, endColumn: column + Math.max(1, stop - start) }
  }
  const reportPlace = (where: Place, { id, message, suggestion }: Says) => {
    if (faults.length >= MAX_FAULTS) return
    faults.push({ file, ...where, severity: 'error', id, ...wordsOf(message, suggestion) })
  }
  return {
    file,
    text,
    lines,
    faults,
    broken: new Set(),
    place,
    reportPlace,
    report: ({ start, end, ...says }) => reportPlace(place(start, end), says),
  }
}
