import { isMap, isScalar, type Document, type Node, type YAMLMap } from 'yaml'
import type { Fault } from './errors.ts'
import { follow, MAX_NODES, readFields, type Reader } from './fields.ts'
import { LATER_FILE_KEYS, LATER_RULE_KEYS, readRule, RULE_KEYS, type ReadRule } from './read-rule.ts'
import { createReading } from './reading.ts'
import { reportValue } from './scalars.ts'
import { parseYaml, reportAt } from './yaml-text.ts'

/** What could be read of a text, and all that is wrong with how it is written. */
export interface ReadFile {
  readonly slug: string
  readonly rules: readonly ReadRule[]
  readonly faults: readonly Fault[]
}

const keysOf = (map: YAMLMap) => map.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []))

function readKey(reader: Reader, key: Node): string | undefined {
  const text = isScalar(key) ? String(key.value) : ''
  if (text.trim() !== '' && text.length <= 64 && !/[/\p{Cc}]/u.test(text)) return text
  return reportValue(reader, key, { wanted: 'a key of 1 to 64 characters without /' })
}

function readRules(reader: Reader, map: YAMLMap, slug: string): readonly ReadRule[] {
  const seen = new Set<string>()
  return map.items.flatMap(({ key, value }) => {
    const text = readKey(reader, key as Node)
    if (text === undefined || seen.has(text)) return []
    seen.add(text)
    const node = follow(reader, value)
    if (isMap(node)) return [readRule(reader, node, { slug, key: text })]
    if (!reader.reading.broken.has(value)) {
      reportAt(reader.reading, key as Node, { id: 'bad-value', message: `the rule "${text}" is empty` })
    }
    return []
  })
}

/** The form with `rules:`. */
function readMany(reader: Reader, map: YAMLMap, slug: string): readonly ReadRule[] {
  const { reading } = reader
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value) : ''
    if (!RULE_KEYS.includes(name) && !LATER_RULE_KEYS.includes(name)) continue
    reading.broken.add(key)
    reportAt(reading, key as Node, {
      id: 'bad-value',
      message: `\`${name}\` stands beside \`rules\`: a file is one rule, or a map of rules`,
      suggestion: 'move it below the key of a rule',
    })
  }
  const field = readFields(reader, map, { what: 'a rule file', known: ['rules'], later: LATER_FILE_KEYS }).get('rules')
  const rules = field === undefined ? null : follow(reader, field.value)
  if (isMap(rules) && rules.items.length > 0) return readRules(reader, rules, slug)
  if (field !== undefined && !reading.broken.has(field.value)) {
    reportAt(reading, field.key, {
      id: 'bad-value',
      message: '`rules` takes a map: the key of each rule, and the rule',
    })
  }
  return []
}

function readDocument(reader: Reader, document: Document.Parsed, slug: string): readonly ReadRule[] {
  const { reading } = reader
  const top = follow(reader, document.contents)
  if (!isMap(top)) {
    if (reading.broken.has(document.contents)) return []
    const [start, end] = top?.range ?? [0, 1]
    reading.report({
      start,
      end,
      id: 'missing-key',
      message: 'the file holds no rule',
      suggestion: 'write `on: ...` and `do: ...`, or several rules below `rules:`',
    })
    return []
  }
  const keys = keysOf(top)
  if (keys.includes('rules')) return readMany(reader, top, slug)
  const isRule = keys.some(key => RULE_KEYS.includes(key) || LATER_RULE_KEYS.includes(key))
  if (isRule || !keys.some(key => LATER_FILE_KEYS.includes(key))) return [readRule(reader, top, { slug, key: null })]
  readFields(reader, top, { what: 'a rule file', known: ['rules'], later: LATER_FILE_KEYS })
  return []
}

/** Reads a rule text: YAML, keys, values, syntax of expressions. Names are not looked at. Never throws. */
export function readFile({ text, file, slug }: { text: string; file: string; slug: string }): ReadFile {
  const reading = createReading({ file, text })
  const document = parseYaml(reading)
  if (document === null) return { slug, rules: [], faults: reading.faults }
  const rules = readDocument({ reading, document, budget: MAX_NODES }, document, slug)
  return { slug, rules, faults: reading.faults }
}
