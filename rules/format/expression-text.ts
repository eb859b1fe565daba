import { isScalar, type Node } from 'yaml'
import { parse, parseTemplate, type ExpressionFault } from '#expression'
import { follow, type Field, type Reader } from './fields.ts'
import type { Expression, TextContent } from './rule.ts'
import { readScalar, reportValue, sourceText } from './scalars.ts'
import type { SourceText } from './source-text.ts'

const WANTED = 'an expression such as hall_lamp.on'

function reportFaults(reader: Reader, source: SourceText, faults: readonly ExpressionFault[]): undefined {
  for (const { span, id, message, suggestion } of faults) {
    reader.reading.reportPlace(source.place(span.start, span.end), { id, message, suggestion })
  }
}

/** The expression that a scalar holds. */
export function readExpressionNode(reader: Reader, node: Node): Expression | undefined {
  if (!isScalar(node)) return reportValue(reader, node, { wanted: WANTED })
  const source = sourceText(reader, node)
  const parsed = parse(source.text, 'strict')
  return 'faults' in parsed ? reportFaults(reader, source, parsed.faults) : { source, ast: parsed.ast }
}

/** The expression behind a key. */
export function readExpression(reader: Reader, field: Field): Expression | undefined {
  if (readScalar(reader, field, WANTED) === undefined) return undefined
  const node = follow(reader, field.value)
  return node === null ? undefined : readExpressionNode(reader, node)
}

/** A text with `{{ expression }}` inside; exactly one expression keeps its type. */
export function readTemplate(reader: Reader, source: SourceText): TextContent | undefined {
  const parsed = parseTemplate(source.text)
  if ('faults' in parsed) return reportFaults(reader, source, parsed.faults)
  const { parts } = parsed
  const [only] = parts
  if (parts.length === 1 && only?.kind === 'expression') {
    return { kind: 'expression', expression: { source, ast: only.ast }, place: source.place() }
  }
  return { kind: 'template', template: { source, parts }, place: source.place() }
}
