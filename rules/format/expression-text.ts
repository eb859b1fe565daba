import { isScalar, type Node } from 'yaml'
import { follow, type Field, type Reader } from './fields.ts'
import type { Expression, TextContent } from './rule.ts'
import { readScalar, reportValue, sourceText } from './scalars.ts'
import type { SourceText } from './source-text.ts'

const WANTED = 'an expression such as hall_lamp.on'

/** The expression that a scalar holds. */
export function readExpressionNode(reader: Reader, node: Node): Expression | undefined {
  if (!isScalar(node)) return reportValue(reader, node, { wanted: WANTED })
  return { source: sourceText(reader, node), ast: {} }
}

/** The expression behind a key. */
export function readExpression(reader: Reader, field: Field): Expression | undefined {
  if (readScalar(reader, field, WANTED) === undefined) return undefined
  const node = follow(reader, field.value)
  return node === null ? undefined : readExpressionNode(reader, node)
}

/** A text with `{{ expression }}` inside. */
export function readTemplate(_reader: Reader, source: SourceText): TextContent | undefined {
  return { kind: 'template', template: { source, parts: {} }, place: source.place() }
}
