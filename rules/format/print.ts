import type { Fault } from './errors.ts'

/** Columns of a line that are shown around a fault. */
const WIDTH = 110

/** The part of a line that holds the columns of a fault, and where it begins. */
function excerpt(line: string, { column, endColumn }: Fault): { text: string; from: number } {
  if (line.length <= WIDTH) return { text: line, from: 0 }
  const room = Math.max(0, WIDTH - (endColumn - column))
  const from = Math.max(0, Math.min(column - 1 - Math.floor(room / 2), line.length - WIDTH))
  return { text: line.slice(from, from + WIDTH), from }
}

/**
 * A fault as people read it: place, finding, the line with a caret below what is meant, and what would be right.
 * `source` is the text it was found in; without it there is no excerpt.
 */
export function printFault(fault: Fault, source: string): string {
  const { file, line, column, severity, id, message, suggestion } = fault
  const head = `${file}:${line}:${column}: ${severity}[${id}]: ${message}`
  const whole = source.split('\n')[line - 1]?.replace(/\r$/, '')
  if (whole === undefined || whole.trim() === '') return suggestion === null ? head : `${head}\n   note: ${suggestion}`
  const { text, from } = excerpt(whole.replaceAll('\t', ' '), fault)
  const gap = ' '.repeat(Math.max(0, column - 1 - from))
  const room = Math.max(1, text.length - gap.length)
  const carets = '^'.repeat(Math.max(1, Math.min(fault.endColumn - column, room)))
  const below = suggestion === null ? carets : `${carets} ${suggestion}`
  return `${head}\n${String(line).padStart(5)} | ${text}\n      | ${gap}${below}`
}

const RANK = { error: 0, warning: 1, info: 2 }

/** In the order of the text; what stands at one place, the worst first. */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column || RANK[a.severity] - RANK[b.severity])
}
