import { toPayload } from '#kernel'
import { Composer, isAlias, isMap, isNode, isScalar, Parser, visit, type Document, type Node } from 'yaml'
import { explain } from './yaml-words.ts'
import type { Reading, Says } from './reading.ts'

/** UTF-8 bytes of one file. */
export const MAX_BYTES = 256 * 1024
/** Nesting of maps and lists. */
export const MAX_DEPTH = 64
/** Aliases (`*name`) in one file. */
export const MAX_ALIASES = 100

type Token = ReturnType<Parser['parse']> extends Generator<infer T> ? T : never
interface Nested {
  readonly offset?: number
  readonly value?: Nested | undefined
  readonly items?: readonly { readonly key?: Nested | null; readonly value?: Nested }[]
}

/** The first token nested too deeply. The composer is recursive, so this walk, which is not, goes first. */
function tooDeep(tokens: readonly Token[]): Nested | undefined {
  const waiting: [token: Nested, depth: number][] = tokens.map(token => [token as Nested, 0])
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [token, depth] = next
    // A document and the scalar at the end of a branch count as well.
    if (depth > MAX_DEPTH + 1) return token
    if (token.value) waiting.push([token.value, depth + 1])
    for (const { key, value } of token.items ?? []) {
      if (key) waiting.push([key, depth + 1])
      if (value) waiting.push([value, depth + 1])
    }
  }
  return undefined
}

/** More of these at the top are not read: each becomes a fault, and a file of them takes seconds. */
const MAX_ODD = 20
const ODD: ReadonlySet<string> = new Set(['document', 'error', 'directive'])

function withoutExcess(tokens: readonly Token[]): Token[] {
  let odd = 0
  return tokens.filter(({ type }) => !ODD.has(type) || ++odd <= MAX_ODD)
}

function tooLarge(reading: Reading, at: number, message: string): null {
  reading.report({ start: at, end: at + 1, id: 'too-large', message })
  return null
}

/**
 * Parses YAML 1.2 (core schema) within the limits, and reports what YAML itself forbids, double keys, tags, and
 * the traps that YAML reads in its own way.
 * @returns the document, or null when it cannot be read as one.
 */
export function parseYaml(reading: Reading): Document.Parsed | null {
  const { text } = reading
  if (toPayload(text).length > MAX_BYTES)
    return tooLarge(reading, 0, `a rule file holds at most ${MAX_BYTES / 1024} KiB`)
  const tokens = [...new Parser(reading.lines.addNewLine).parse(text)]
  const deep = tooDeep(tokens)
  if (deep !== undefined) return tooLarge(reading, deep.offset ?? 0, `nested deeper than ${MAX_DEPTH} levels`)
  // Its own search for double keys compares each key with each, which takes 20 s for a file full of keys.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    merge: false,
  })
  const [document, second] = [...composer.compose(withoutExcess(tokens), true, text.length)]
  if (document === undefined) return null
  // One line that cannot be read makes its neighbours odd: the first fault of a line tells enough.
  const seen = new Set<number>()
  for (const error of document.errors) {
    const { line } = reading.place(...error.pos)
    if (!seen.has(line)) reading.report(explain(error, text))
    seen.add(line)
  }
  if (second !== undefined) {
    const start = second.range[0]
    reading.report({ start, end: start + 3, id: 'syntax', message: 'a file holds one YAML document: take `---` out' })
  }
  if (document.errors.length > 0) return null
  inspect(reading, document)
  return document
}

/** Reports what is legal YAML and yet not wanted: tags, double keys, `{{` outside quotes, too many aliases. */
function inspect(reading: Reading, document: Document.Parsed): void {
  let aliases = 0
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) {
        tooLarge(reading, node.range?.[0] ?? 0, `more than ${MAX_ALIASES} aliases`)
        return visit.BREAK
      }
      if (node.resolve(document) === undefined) {
        reading.broken.add(node)
        reportAt(reading, node, { id: 'syntax', message: `there is no anchor "&${node.source}" above` })
      }
      return undefined
    }
    if (!isNode(node)) return undefined
    if (isTrap(reading, node)) {
      reading.broken.add(node)
      return visit.SKIP
    }
    if (isMap(node)) {
      reportDoubleKeys(reading, node.items)
      reportMergeKey(reading, node.items)
    }
    return undefined
  })
}

/** Reports a fault of a node as a whole. */
export function reportAt(reading: Reading, node: Node, says: Says): void {
  const [start, end] = node.range ?? [0, 1]
  reading.report({ start, end, ...says })
}

function reportDoubleKeys(reading: Reading, pairs: readonly { readonly key: unknown }[]): void {
  const seen = new Set<string>()
  for (const { key } of pairs) {
    if (!isScalar(key)) continue
    const text = String(key.value)
    if (seen.has(text)) {
      const first = text.length > 40 ? `${text.slice(0, 40)}...` : text
      reportAt(reading, key, { id: 'duplicate-key', message: `the key "${first}" stands twice` })
    }
    seen.add(text)
  }
}

/** `<<: *base` is YAML 1.1. */
function reportMergeKey(reading: Reading, pairs: readonly { readonly key: unknown }[]): void {
  for (const { key } of pairs) {
    if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN') continue
    reading.broken.add(key)
    reportAt(reading, key, {
      id: 'syntax',
      message: 'YAML 1.2 merges no maps with <<',
      suggestion: 'write the keys out',
    })
  }
}

function isTrap(reading: Reading, node: Node): boolean {
  const start = node.range?.[0] ?? 0
  if (isMap(node) && reading.text.startsWith('{{', start)) {
    const closing = reading.text.indexOf('}}', start)
    reading.report({
      start,
      end: closing === -1 ? start + 2 : closing + 2,
      id: 'syntax',
      message: 'YAML reads a value that begins with {{ as a map',
      suggestion: 'put the whole value in quotes: "{{ ... }}"',
    })
    return true
  }
  if (node.tag === undefined) return false
  const isSecret = node.tag === '!secret'
  const at = Math.max(0, reading.text.lastIndexOf('!', start))
  const wordEnd = reading.text.slice(at).search(/[\s,\]}]|$/)
  reading.report({
    start: at,
    end: at + wordEnd,
    id: isSecret ? 'not-supported' : 'syntax',
    message: isSecret
      ? '`!secret` is not supported yet'
      : `YAML reads "${reading.text.slice(at, at + wordEnd)}" as a tag`,
    suggestion: isSecret ? null : 'write `not ...` in an expression, or put the text in quotes',
  })
  return true
}
