import { isMap, isScalar, type Node, type Scalar, type YAMLMap } from 'yaml'
import { readFields, type Field, type Reader } from './fields.ts'
import { readFormats, readGuard, readList } from './formats.ts'
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
  if (text === 'start') {
    const suggestion = 'write `on: {start: true}`'
    reportAt(reader.reading, scalar, { id: 'bad-value', message: 'a start is written as a map', suggestion })
    return undefined
  }
  // A slash between spaces divides.
  const kind = text.includes('/') && !/\s\/{1,2}\s/.test(text) ? 'topic' : 'when'
  const format = triggerFormats.find(({ key }) => key === kind)!
  const main: Field = { key: scalar, value: scalar }
  const base = { path, id: null, if: null, place: sourceText(reader, scalar).place() }
  return format.read(reader, { map: scalar, fields: new Map(), main, base })
}

/** What the trigger listens to; more than one is a fault, and all are read for theirs. */
function formatsOf(reader: Reader, map: YAMLMap): readonly TriggerFormat[] {
  const found = triggerFormats.filter(({ key }) => hasKey(map, key))
  if (found.length > 1) {
    reportAt(reader.reading, keyNode(map, found[1]!.key), {
      id: 'bad-value',
      message: `one trigger has one of ${names}; \`${found[0]!.key}\` and \`${found[1]!.key}\` stand in one`,
      suggestion: 'write each as an item of a list: - ...',
    })
  }
  if (found.length > 0) return found
  const later = laterTriggers.find(name => hasKey(map, name))
  if (later !== undefined) {
    reportAt(reader.reading, keyNode(map, later), {
      id: 'not-supported',
      message: `\`${later}\` as a trigger is not supported yet`,
    })
    return []
  }
  // Reports each key, with what it was probably meant to be.
  const known = triggerFormats.map(({ key }) => key)
  if (
    readFields(reader, map, { what: 'a trigger', known: [...known, ...TRIGGER_KEYS], later: LATER }).size > 0 ||
    map.items.length === 0
  ) {
    reportAt(reader.reading, map, { id: 'missing-key', message: `a trigger needs one of ${names}` })
  }
  return []
}

function readTrigger(reader: Reader, node: Node, path: string): readonly Trigger[] {
  if (isScalar(node)) {
    if (node.value === null) return []
    const trigger = readShort(reader, node, path)
    return trigger === undefined ? [] : [trigger]
  }
  if (!isMap(node)) return reportValue(reader, node, { wanted: `a trigger: one of ${names}` }) ?? []
  const formats = formatsOf(reader, node)
  if (formats.length === 0) return []
  const own = formats.flatMap(({ keys }) => keys)
  const fields = readFields(reader, node, {
    what: `a \`${formats[0]!.key}\` trigger`,
    known: [...formats.map(({ key }) => key), ...own, ...TRIGGER_KEYS],
    later: [...formats.flatMap(({ later }) => later), ...LATER].filter(key => !own.includes(key)),
  })
  const shared = {
    path,
    id: readText(reader, fields.get('id')) ?? null,
    if: readGuard(reader, fields),
  }
  return readFormats(reader, formats, { map: node, fields, baseAt: place => ({ ...shared, place }) })
}

/** The triggers behind `on`: one or a list. */
export function readTriggers(reader: Reader, field: Field): readonly Trigger[] {
  return readList(reader, field, { key: 'on', what: 'trigger', read: readTrigger })
}
