import { isMap, isScalar, type Node, type Scalar, type YAMLMap } from 'yaml'
import { readFields, type Field, type Reader } from './fields.ts'
import { readFormats, readGuard, readList } from './formats.ts'
import type { Step } from './rule.ts'
import { readText, reportValue } from './scalars.ts'
import { laterSteps, stepFormats } from './steps/index.ts'
import type { StepFormat } from './steps/step.ts'
import { reportAt } from './yaml-text.ts'

/** Keys that each step may have. */
export const STEP_KEYS = ['if', 'name']
const LATER = ['as', 'retry', 'on_error', 'enabled']
const verbs = stepFormats.map(({ key }) => key).join(', ')
const WANTED = `a step: one of ${verbs}, for example turn_on: hall_lamp`

const keyNode = (map: YAMLMap, name: string) =>
  map.items.find(({ key }) => isScalar(key) && key.value === name)?.key as Scalar | undefined

/** What the step does; more than one is a fault, and all are read for theirs. */
function formatsOf(reader: Reader, map: YAMLMap): readonly StepFormat[] {
  const later = laterSteps.map(name => keyNode(map, name)).find(key => key !== undefined)
  if (later !== undefined) {
    const name = later.value === 'then' ? '`if` with `then`' : `\`${String(later.value)}\``
    reportAt(reader.reading, later, { id: 'not-supported', message: `${name} is not supported yet` })
    return []
  }
  const found = stepFormats.filter(({ key }) => keyNode(map, key) !== undefined)
  if (found.length > 1) {
    const [first, second] = found
    reportAt(reader.reading, keyNode(map, second!.key)!, {
      id: 'bad-value',
      message: `a step does one thing; \`${first!.key}\` and \`${second!.key}\` stand in one`,
      suggestion: 'write each as an item of a list: - ...',
    })
  }
  if (found.length > 0) return found
  const known = [...stepFormats.map(({ key }) => key), ...STEP_KEYS]
  if (readFields(reader, map, { what: 'a step', known, later: LATER }).size > 0 || map.items.length === 0) {
    reportAt(reader.reading, map, { id: 'missing-key', message: `a step needs a verb: one of ${verbs}` })
  }
  return []
}

function readStep(reader: Reader, node: Node, path: string): readonly Step[] {
  if (!isMap(node)) return reportValue(reader, node, { wanted: WANTED }) ?? []
  const formats = formatsOf(reader, node)
  if (formats.length === 0) return []
  const fields = readFields(reader, node, {
    what: `\`${formats[0]!.key}\``,
    known: [...formats.flatMap(({ key, keys }) => [key, ...keys]), ...STEP_KEYS],
    later: [...formats.flatMap(({ later }) => later), ...LATER],
  })
  const shared = {
    path,
    name: readText(reader, fields.get('name')) ?? null,
    if: readGuard(reader, fields),
  }
  return readFormats(reader, formats, { map: node, fields, baseAt: place => ({ ...shared, place }) })
}

/** The steps behind `do`: one or a list. */
export function readSteps(reader: Reader, field: Field): readonly Step[] {
  return readList(reader, field, { key: 'do', what: 'step', read: readStep })
}
