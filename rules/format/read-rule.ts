import { isMap, isScalar, type Node, type YAMLMap } from 'yaml'
import { readExpression, readExpressionNode } from './expression-text.ts'
import { follow, readFields, readItems, reportMissing, type Field, type Fields, type Reader } from './fields.ts'
import { fingerprintOf } from './fingerprint.ts'
import { readSteps } from './read-steps.ts'
import { readTriggers } from './read-triggers.ts'
import type { Binding, Expression, Mode, Rule } from './rule.ts'
import { readBool, readChoice, readDuration, readInteger, readText, reportValue, sourceText } from './scalars.ts'
import { reportAt } from './yaml-text.ts'

export const RULE_KEYS: readonly string[] = [
  'on',
  'if',
  'let',
  'do',
  'mode',
  'max',
  'catch_up',
  'late',
  'enabled',
  'trace',
  'name',
  'description',
  'tags',
]

/** Keys of the language that this version does not run yet. */
export const LATER_RULE_KEYS: readonly string[] = [
  'while',
  'until',
  'on_unknown',
  'linger',
  'at_start',
  'memory',
  'after',
  'finally',
  'on_error',
  'per',
  'limit',
  'cooldown',
  'timeout',
  'self',
  'use',
  'with',
  'each',
]

export const MODES: readonly Mode[] = ['restart', 'single', 'queue', 'parallel']
export const LATE = ['run', 'stop'] as const
const BINDING = /^[a-z_][a-z0-9_]*$/i
const DEFAULT_MAX = 10
const DEFAULT_CATCH_UP = 10 * 60_000
const DEFAULT_KEEP = 50

/** Keys of a file, beside `rules` or a single rule, that this version does not run yet. */
export const LATER_FILE_KEYS: readonly string[] = ['templates', 'scenes', 'lists', 'tests']

/** Who the rule is. */
export interface RuleKey {
  readonly slug: string
  readonly key: string | null
}

/** A rule as far as it can be read, and names that it declares in parts that cannot. */
export interface ReadRule {
  readonly rule: Rule
  readonly lost: ReadonlySet<string>
}

function readConditions(reader: Reader, field: Field | undefined): readonly Expression[] {
  if (field === undefined) return []
  const items = readItems(reader, field.value)
  if (items.length === 0) readExpression(reader, field)
  return items.flatMap(item => {
    const node = follow(reader, item)
    return node === null ? [] : (readExpressionNode(reader, node) ?? [])
  })
}

function readLet(reader: Reader, field: Field | undefined, lost: Set<string>): readonly Binding[] {
  if (field === undefined) return []
  const map = follow(reader, field.value)
  if (map === null || !isMap(map)) {
    if (map !== null) reportValue(reader, map, { wanted: 'a map of names, such as {level: hall_lamp.brightness}' })
    return []
  }
  const bindings = new Map<string, Binding>()
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue
    const name = String(key.value)
    if (!BINDING.test(name)) {
      reportValue(reader, key, { wanted: 'a name of letters, digits and _' })
      continue
    }
    if (bindings.has(name) || reader.reading.broken.has(key)) continue
    const expression = readExpression(reader, { key, value: value as Node | null })
    if (expression === undefined) lost.add(name)
    else bindings.set(name, { name, place: sourceText(reader, key).place(), expression })
  }
  return [...bindings.values()]
}

function readCatchUp(reader: Reader, field: Field | undefined): number | undefined {
  const node = field === undefined ? null : follow(reader, field.value)
  if (isScalar(node) && node.value === 'skip') return 0
  if (isScalar(node) && node.value === 'always') return Infinity
  return readDuration(reader, field)
}

function readTags(reader: Reader, field: Field | undefined): readonly string[] {
  if (field === undefined) return []
  return readItems(reader, field.value).flatMap(item => {
    const node = follow(reader, item)
    if (node === null) return []
    return isScalar(node) ? [sourceText(reader, node).text] : (reportValue(reader, node, { wanted: 'a text' }) ?? [])
  })
}

/** `mode` must be written where it can matter: on a rule that waits. */
function readMode(reader: Reader, fields: Fields): Mode {
  const field = fields.get('mode')
  const mode = readChoice(reader, field, MODES)
  const waits = waitKey(reader, fields)
  if (field === undefined && waits !== undefined) {
    reportAt(reader.reading, waits, {
      id: 'mode-missing',
      message: 'a rule that waits needs `mode`: what shall a trigger do that comes meanwhile?',
      suggestion: 'write mode: restart (begin anew), single (leave it out), queue or parallel',
    })
  }
  const max = fields.get('max')
  if (max !== undefined && (mode === 'restart' || mode === 'single')) {
    reportAt(reader.reading, max.key, { id: 'bad-value', message: `\`max\` means nothing with \`mode: ${mode}\`` })
  }
  return mode ?? 'parallel'
}

/** The key of the first step that waits, also if that step has faults. */
function waitKey(reader: Reader, fields: Fields): Node | undefined {
  for (const item of readItems(reader, fields.get('do')?.value ?? null)) {
    const step = follow(reader, item)
    if (!isMap(step)) continue
    const pair = step.items.find(({ key }) => isScalar(key) && /^wait(_until|_for)?$/.test(String(key.value)))
    if (pair !== undefined) return pair.key as Node
  }
  return undefined
}

/** Triggers and steps; says which of them are missing, unless a form that comes later explains it. */
function readBody(reader: Reader, map: YAMLMap, fields: Fields) {
  const isLater = map.items.some(({ key }) => isScalar(key) && ['while', 'use'].includes(String(key.value)))
  const on = fields.get('on')
  const steps = fields.get('do')
  if (on === undefined && !isLater) reportMissing(reader, map, { key: 'on', what: 'a rule' })
  if (steps === undefined && !isLater) reportMissing(reader, map, { key: 'do', what: 'a rule' })
  return {
    triggers: on === undefined ? [] : readTriggers(reader, on),
    steps: steps === undefined ? [] : readSteps(reader, steps),
  }
}

/** Captures of topic filters that could not be read, so that nobody calls them unknown devices. */
function addLostCaptures(reader: Reader, field: Field | undefined, lost: Set<string>): void {
  const [start, , end] = (field?.value as Node | null)?.range ?? [0, 0, 0]
  for (const [, name] of reader.reading.text.slice(start, end).matchAll(/[+#]([a-z_]\w*)/gi)) lost.add(name!)
}

/** Reads one rule, as much of it as can be read. */
export function readRule(reader: Reader, map: YAMLMap, { slug, key }: RuleKey): ReadRule {
  const later = key === null ? [...LATER_RULE_KEYS, ...LATER_FILE_KEYS] : LATER_RULE_KEYS
  const fields = readFields(reader, map, { what: 'a rule', known: RULE_KEYS, later })
  const lost = new Set<string>()
  const before = reader.reading.faults.length
  const body = readBody(reader, map, fields)
  if (reader.reading.faults.length > before) addLostCaptures(reader, fields.get('on'), lost)
  const [start, end] = map.range ?? [0, 0]
  const rule = {
    id: key === null ? slug : `${slug}/${key}`,
    key,
    name: readText(reader, fields.get('name')) ?? key ?? slug,
    description: readText(reader, fields.get('description')) ?? null,
    tags: readTags(reader, fields.get('tags')),
    enabled: readBool(reader, fields.get('enabled')) ?? true,
    ...body,
    conditions: readConditions(reader, fields.get('if')),
    let: readLet(reader, fields.get('let'), lost),
    mode: readMode(reader, fields),
    max: readInteger(reader, fields.get('max'), { min: 1, max: 1000 }) ?? DEFAULT_MAX,
    catchUp: readCatchUp(reader, fields.get('catch_up')) ?? DEFAULT_CATCH_UP,
    late: readChoice(reader, fields.get('late'), LATE) ?? 'run',
    keep: readInteger(reader, fields.get('trace'), { min: 0, max: 1000 }) ?? DEFAULT_KEEP,
    place: reader.reading.place(start, end),
  }
  return { rule: { ...rule, fingerprint: fingerprintOf(rule) }, lost }
}
