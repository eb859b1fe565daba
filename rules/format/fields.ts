import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { suggest, didYouMean } from '#expression'
import type { Reading } from './reading.ts'
import { reportAt } from './yaml-text.ts'

/** A document and what is noted while it is read. */
export interface Reader {
  readonly reading: Reading
  readonly document: Document.Parsed
  /** Nodes that may still be looked at; aliases can make a small file say a lot. */
  budget: number
}

/** Nodes of one file, what aliases repeat counted each time. */
export const MAX_NODES = 100_000

/** One key of a map. `value` is null when nothing stands behind it. */
export interface Field {
  readonly key: Scalar
  readonly value: Node | null
}

export type Fields = ReadonlyMap<string, Field>

/** The node itself, or what an alias means. Null for nothing, or for what was reported before. */
export function follow(reader: Reader, node: unknown): Node | null {
  const { reading, document } = reader
  if (reading.broken.has(node)) return null
  if (--reader.budget < 0) {
    if (reader.budget === -1) {
      reading.report({
        start: 0,
        end: 1,
        id: 'too-large',
        message: `more than ${MAX_NODES} parts, what aliases repeat counted each time`,
      })
    }
    return null
  }
  const real = isAlias(node) ? node.resolve(document) : node
  if (real === undefined || reading.broken.has(real)) return null
  return isMap(real) || isSeq(real) || isScalar(real) ? real : null
}

/** Whether nothing stands here: `key:` alone, or `null`. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null)
}

/** Keys that a map may have, those that will come, and what to call the map. */
export interface KeyTable {
  /** `a rule`, `a topic trigger`. */
  readonly what: string
  readonly known: readonly string[]
  /** Keys of the language that this version does not run yet: refused by name. */
  readonly later: readonly string[]
}

/** The keys of a map by name; unknown ones are reported. A key that stands twice counts once. */
export function readFields(reader: Reader, map: YAMLMap, table: KeyTable): Fields {
  const { reading } = reader
  const fields = new Map<string, Field>()
  for (const { key, value } of map.items) {
    if (!isScalar(key)) {
      const node = key as Node | null
      reportAt(reading, node ?? map, { id: 'syntax', message: 'a key is one word' })
      continue
    }
    if (reading.broken.has(key)) continue
    const name = String(key.value)
    if (fields.has(name)) continue
    if (table.known.includes(name)) fields.set(name, { key, value: value as Node | null })
    else if (table.later.includes(name)) {
      reportAt(reading, key, { id: 'not-supported', message: `\`${name}\` is not supported yet` })
    } else reportUnknown(reader, key, table)
  }
  return fields
}

function reportUnknown(reader: Reader, key: Scalar, { what, known }: KeyTable): void {
  const name = String(key.value)
  const shown = name.length > 40 ? `${name.slice(0, 40)}...` : name
  reportAt(reader.reading, key, {
    id: 'unknown-key',
    message: `${what} has no key "${shown}"`,
    suggestion: didYouMean(name, known) ?? `it has ${known.join(', ')}`,
  })
}

/** The items of a list, or the one value that stands in place of it. Empty for nothing. */
export function readItems(reader: Reader, node: Node | null): readonly (Node | null)[] {
  const real = follow(reader, node)
  if (real === null || isEmpty(real)) return []
  return isSeq(real) ? (real.items as (Node | null)[]) : [real]
}

/** Notes that `key` is missing in `map`, unless another key is probably a slip of it. */
export function reportMissing(reader: Reader, map: Node, says: { key: string; what: string }): void {
  const keys = isMap(map) ? map.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : []
  if (keys.some(key => suggest(key, [says.key]) !== null)) return
  const [start] = map.range ?? [0, 1]
  reader.reading.report({
    start,
    end: start + 1,
    id: 'missing-key',
    message: `${says.what} needs \`${says.key}\``,
  })
}
