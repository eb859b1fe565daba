import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import type { Json } from '#kernel'
import { readTemplate } from './expression-text.ts'
import { follow, type Field, type Reader } from './fields.ts'
import { parseQuantity } from './quantity.ts'
import type { Content, Entry, TextContent } from './rule.ts'
import { isQuoted, readScalar, reportValue, sourceText } from './scalars.ts'
import { MAX_DEPTH, reportAt } from './yaml-text.ts'

interface Manner {
  /** Whether `40%` is a number with a unit. In a payload it is a text. */
  readonly units: boolean
  readonly depth: number
}

const placeOf = ({ reading }: Reader, { range }: { range?: readonly [number, number, number] | null }) =>
  reading.place(range?.[0] ?? 0, range?.[1] ?? 0)

/** A text: literal, or with expressions inside. A number or `true` is taken as it was written. */
export function readTextContent(reader: Reader, scalar: Scalar): TextContent | undefined {
  const source = sourceText(reader, scalar)
  if (source.text.includes('{{')) return readTemplate(reader, source)
  return { kind: 'literal', value: source.text, place: source.place() }
}

function scalarContent(reader: Reader, scalar: Scalar, { units }: Manner): Content | undefined {
  const { value } = scalar
  const place = placeOf(reader, scalar)
  if (typeof value !== 'string') {
    const isFinite = typeof value !== 'number' || Number.isFinite(value)
    if (!isFinite) return reportValue(reader, scalar, { wanted: 'a finite number' })
    return { kind: 'literal', value: value as Json, place }
  }
  const quantity = units && !isQuoted(scalar) ? parseQuantity(value) : undefined
  if (quantity !== undefined) return { kind: 'quantity', quantity, text: value, place }
  return readTextContent(reader, scalar)
}

function content(reader: Reader, node: Node, manner: Manner): Content | undefined {
  if (isScalar(node)) return scalarContent(reader, node, manner)
  if (manner.depth > MAX_DEPTH) {
    reportAt(reader.reading, node, { id: 'too-large', message: `nested deeper than ${MAX_DEPTH} levels` })
    return undefined
  }
  const place = placeOf(reader, node)
  if (isMap(node)) return { kind: 'map', entries: entries(reader, node, manner), place }
  if (!isSeq(node)) return undefined
  const items = node.items.flatMap(item => below(reader, item, manner) ?? [])
  return { kind: 'list', items, place }
}

function below(reader: Reader, item: unknown, manner: Manner): Content | undefined {
  const node = follow(reader, item)
  if (node === null) return undefined
  return content(reader, node, { ...manner, depth: manner.depth + 1 })
}

function entries(
  reader: Reader,
  map: { readonly items: readonly { key: unknown; value: unknown }[] },
  manner: Manner,
): readonly Entry[] {
  const found = new Map<string, Entry>()
  for (const { key, value } of map.items) {
    if (!isScalar(key)) {
      if (key !== null) reportAt(reader.reading, key as Node, { id: 'syntax', message: 'a key is one word' })
      continue
    }
    const name = String(key.value)
    if (name === '__proto__') reportValue(reader, key, { wanted: 'another name' })
    const inside =
      value === null
        ? ({ kind: 'literal', value: null, place: placeOf(reader, key) } as const)
        : below(reader, value, manner)
    if (inside !== undefined && !found.has(name)) {
      found.set(name, { key: name, place: placeOf(reader, key), content: inside })
    }
  }
  return [...found.values()]
}

/** Any value: of a payload (`units` false), or for a device, where `40%` is a number with a unit. */
export function readContent(reader: Reader, field: Field, { units }: { units: boolean }): Content | undefined {
  const node = follow(reader, field.value)
  if (node === null || (isScalar(node) && node.value === null && node.source === '')) {
    readScalar(reader, field, 'a value')
    return undefined
  }
  return content(reader, node, { units, depth: 0 })
}

/** The map behind `with`. */
export function readEntries(reader: Reader, field: Field): readonly Entry[] {
  const node = follow(reader, field.value)
  if (node !== null && isMap(node)) return entries(reader, node, { units: true, depth: 0 })
  if (node === null) readScalar(reader, field, 'a map')
  else reportValue(reader, node, { wanted: 'a map such as {brightness: 60%}' })
  return []
}
