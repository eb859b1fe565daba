import type { ExpressionFault, Node } from './ast.ts'
import { parse } from './parser.ts'

/** A piece of a text: as it stands, or an expression whose value goes there. Spans are offsets in the whole text. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly ast: Node }

/** A text cut into its pieces. One expression alone keeps its type. */
export type ParsedTemplate =
  | { readonly parts: readonly TemplatePart[] }
  | { readonly faults: readonly ExpressionFault[] }

// The end of the expression that begins at `from`: `}}` outside of texts and maps, or -1.
function findEnd(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const c = text[i]
    if (c === '"' || c === "'") {
      for (i++; i < text.length && text[i] !== c; i++) if (text[i] === '\\') i++
    } else if (c === '{') depth++
    else if (c === '}') {
      if (depth === 0) return text[i + 1] === '}' ? i : -1
      depth--
    }
  }
  return -1
}

function shift<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map(each => shift(each as unknown, by)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      (key === 'start' || key === 'end') && typeof each === 'number' ? each + by : shift(each as unknown, by),
    ]),
  ) as T
}

/** Cuts a rule's text into what stands there and the expressions between `{{` and `}}`; reports the faults of all of them. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = []
  const faults: ExpressionFault[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open) })
    const close = findEnd(text, open + 2)
    if (close === -1) {
      faults.push({
        span: { start: open, end: open + 2 },
        id: 'syntax',
        message: 'this {{ has no closing }}',
        suggestion: null,
      })
      return { faults }
    }
    const parsed = parse(text.slice(open + 2, close), 'strict')
    if ('ast' in parsed) parts.push({ kind: 'expression', ast: shift(parsed.ast, open + 2) })
    else faults.push(...shift(parsed.faults, open + 2))
    at = close + 2
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) })
  return faults.length > 0 ? { faults } : { parts }
}
