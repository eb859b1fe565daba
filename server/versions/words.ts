import type { Json } from '#kernel'
import type { FieldChange } from './face.ts'

/** Cells of the table of common lines; larger texts count as replaced. */
const MAX_CELLS = 1_000_000

type Fields = Readonly<Record<string, Json>>

/** The fields that differ, in the order of the newer version. */
export function changesBetween(from: Fields, to: Fields): FieldChange[] {
  const fields = new Set([...Object.keys(to), ...Object.keys(from)])
  return [...fields].flatMap(field => {
    const [before = null, after = null] = [from[field], to[field]]
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, from: before, to: after }]
  })
}

const shown = (value: Json) => (value === null ? 'nothing' : JSON.stringify(value))

/** `name: "Hall" became "Entrance"`. */
export function changeInWords({ field, from, to }: FieldChange): string {
  return `${field}: ${shown(from)} became ${shown(to)}`
}

/** Lines of the longest text that is part of both. */
function commonLines(a: readonly string[], b: readonly string[]): number {
  if (a.length * b.length > MAX_CELLS) return 0
  let above = new Uint32Array(b.length + 1)
  for (const line of a) {
    const row = new Uint32Array(b.length + 1)
    for (let i = 0; i < b.length; i++) row[i + 1] = line === b[i] ? above[i]! + 1 : Math.max(above[i + 1]!, row[i]!)
    above = row
  }
  return above[b.length]!
}

const lineCount = (count: number) => `${count} ${count === 1 ? 'line' : 'lines'}`

/** What an edit did to a text: `2 lines added, 1 line removed`. */
export function textInWords(from: string, to: string): string[] {
  if (from === to) return []
  const before = from.split('\n')
  const after = to.split('\n')
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++
  const [a, b] = [before.slice(start), after.slice(start)]
  const common = commonLines(a, b)
  const counts: [number, string][] = [
    [b.length - common, 'added'],
    [a.length - common, 'removed'],
  ]
  return [
    counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${lineCount(count)} ${what}`)
      .join(', '),
  ]
}
