import { isMap, isScalar, type Node, type Scalar, type YAMLMap } from 'yaml'
import { readExpression } from './expression-text.ts'
import { follow, readFields, readItems, type Field, type Reader } from './fields.ts'
import type { Trigger } from './rule.ts'
import { readText, reportValue, sourceText } from './scalars.ts'
import { laterTriggers, triggerFormats } from './triggers/index.ts'
import type { TriggerFormat } from './triggers/trigger.ts'
import { reportAt } from './yaml-text.ts'

/** Keys that each trigger may have. */
export const TRIGGER_KEYS = ['id', 'if']
const LATER = ['for', 'enabled']
const names = triggerFormats.map(({ key }) => key).join(', ')

const hasKey = (map: YAMLMap, name: string) => map.items.some(({ key }) => isScalar(key) && key.value === name)
const keyNode = (map: YAMLMap, name: string) =>
  map.items.find(({ key }) => isScalar(key) && key.value === name)?.key as Scalar

/** `on: home/door` is a topic, `on: door.open` an expression. */
function readShort(reader: Reader, scalar: Scalar, path: string): Trigger | undefined {
  const { text } = sourceText(reader, scalar)
  // A slash between spaces divides.
  const kind = text.includes('/') && !/\s\/{1,2}\s/.test(text) ? 'topic' : 'when'
  const format = triggerFormats.find(({ key }) => key === kind)!
  const main: Field = { key: scalar, value: scalar }
  const base = { path, id: null, if: null, place: sourceText(reader, scalar).place() }
  return format.read(reader, { map: scalar, fields: new Map(), main, base })
}

function formatOf(reader: Reader, map: YAMLMap): TriggerFormat | undefined {
  const found = triggerFormats.filter(({ key }) => hasKey(map, key))
  if (found.length === 1) return found[0]
  if (found.length > 1) {
    reportAt(reader.reading, keyNode(map, found[1]!.key), {
      id: 'bad-value',
      message: `one trigger has one of ${names}; \`${found[0]!.key}\` and \`${found[1]!.key}\` stand in one`,
      suggestion: 'write each as an item of a list: - ...',
    })
    return undefined
  }
  const later = laterTriggers.find(name => hasKey(map, name))
  if (later !== undefined) {
    reportAt(reader.reading, keyNode(map, later), {
      id: 'not-supported',
      message: `\`${later}\` as a trigger is not supported yet`,
    })
    return undefined
  }
  // Reports each key, with what it was probably meant to be.
  const known = triggerFormats.map(({ key }) => key)
  if (
    readFields(reader, map, { what: 'a trigger', known: [...known, ...TRIGGER_KEYS], later: LATER }).size > 0 ||
    map.items.length === 0
  ) {
    reportAt(reader.reading, map, { id: 'missing-key', message: `a trigger needs one of ${names}` })
  }
  return undefined
}

function readTrigger(reader: Reader, node: Node, path: string): Trigger | undefined {
  if (isScalar(node)) {
    if (node.value === null) return undefined
    return readShort(reader, node, path)
  }
  if (!isMap(node)) return reportValue(reader, node, { wanted: `a trigger: one of ${names}` })
  const format = formatOf(reader, node)
  if (format === undefined) return undefined
  const fields = readFields(reader, node, {
    what: `a \`${format.key}\` trigger`,
    known: [format.key, ...format.keys, ...TRIGGER_KEYS],
    later: [...format.later, ...LATER.filter(key => !format.keys.includes(key))],
  })
  const main = fields.get(format.key)
  if (main === undefined) return undefined
  const guard = fields.get('if')
  const base = {
    path,
    id: readText(reader, fields.get('id')) ?? null,
    if: guard === undefined ? null : (readExpression(reader, guard) ?? null),
    place: sourceText(reader, main.key).place(),
  }
  return format.read(reader, { map: node, fields, main, base })
}

/** The triggers behind `on`: one or a list. */
export function readTriggers(reader: Reader, field: Field): readonly Trigger[] {
  const items = readItems(reader, field.value)
  if (items.length === 0 && !reader.reading.broken.has(field.value)) {
    reportAt(reader.reading, field.key, { id: 'bad-value', message: '`on` has no trigger' })
  }
  return items.flatMap((item, index) => {
    const node = follow(reader, item)
    return node === null ? [] : (readTrigger(reader, node, `on[${index}]`) ?? [])
  })
}
