import type { FaultJson } from '#api'

/** A change of the text that mends a fault: what stands between two places (UTF-16 units from the start) is replaced. */
export interface Fix {
  /** What will stand there. */
  readonly label: string
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** Ways that are offered for one fault. */
const MAX_FIXES = 3

/** Where the lines of a text begin. */
function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The stretch of the text that a fault is about; within the text whatever the fault says. */
export function spanOf({ line, column, endColumn }: FaultJson, text: string): { from: number; to: number } {
  const starts = lineStarts(text)
  const index = Math.min(Math.max(line, 1), starts.length) - 1
  const end = (starts[index + 1] ?? text.length + 1) - 1
  const from = Math.min(starts[index]! + Math.max(column, 1) - 1, end)
  return { from, to: Math.min(Math.max(from, starts[index]! + endColumn - 1), end) }
}

/** What would mend a fault, as far as the hub knows. */
export function fixesOf(fault: FaultJson, text: string): Fix[] {
  if (fault.id === 'mode-missing') return modeFixes(fault, text)
  const { from, to } = spanOf(fault, text)
  if (from === to) return []
  return fault.replacements.slice(0, MAX_FIXES).map(insert => ({ label: insert, from, to, insert }))
}

/** `mode` stands in front of the `do` of its rule. */
function modeFixes(fault: FaultJson, text: string): Fix[] {
  const lines = text.split('\n')
  const starts = lineStarts(text)
  for (let index = Math.min(fault.line, lines.length) - 1; index >= 0; index--) {
    const indent = /^(\s*)do:/.exec(lines[index]!)?.[1]
    if (indent === undefined) continue
    const at = starts[index]!
    return ['restart', 'single'].map(mode => {
      const label = `mode: ${mode}`
      return { label, from: at, to: at, insert: `${indent}${label}\n` }
    })
  }
  return []
}
