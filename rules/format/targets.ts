import { isScalar } from 'yaml'
import { follow, readItems, type Field, type Reader } from './fields.ts'
import type { Name } from './rule.ts'
import { readScalar, reportValue, sourceText } from './scalars.ts'
import { reportAt } from './yaml-text.ts'

const NAME = /^[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*$/i
const WANTED = 'a name such as hall_lamp'

/** The names that a step acts on: one or a list. Empty when none can be read. */
export function readTargets(reader: Reader, field: Field): readonly Name[] {
  const items = readItems(reader, field.value)
  if (items.length === 0) {
    const node = follow(reader, field.value)
    if (node === null || isScalar(node)) readScalar(reader, field, WANTED)
    else reportValue(reader, node, { wanted: WANTED })
    return []
  }
  return items.flatMap(item => {
    const node = follow(reader, item)
    if (node === null) return []
    if (!isScalar(node)) {
      reportValue(reader, node, { wanted: WANTED })
      return []
    }
    const source = sourceText(reader, node)
    if (NAME.test(source.text)) return [{ text: source.text, source }]
    if (/^\$[a-z_]\w*/i.test(source.text)) {
      reportAt(reader.reading, node, { id: 'not-supported', message: '`$name` is not supported yet' })
      return []
    }
    const suggestion = source.text.includes(',') ? `write a list: [${source.text.trim()}]` : null
    reportValue(reader, node, { wanted: WANTED, suggestion })
    return []
  })
}
