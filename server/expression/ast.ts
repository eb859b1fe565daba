import type { Suggestion } from './suggest.ts'
/** Offsets in the source text, `end` behind the last character. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** How a text is read: `strict` for rules, `lenient` for the snippets that firmware announces. */
export type ExpressionMode = 'strict' | 'lenient'

export type ArithmeticOp = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~'
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

/** A node of a parsed expression; the kinds of the grammar in the README. */
export type Node = Span &
  (
    | { readonly kind: 'literal'; readonly value: boolean | number | string | null }
    /** A number with a unit other than time: `40%`, `10lx`. */
    | { readonly kind: 'quantity'; readonly value: number; readonly unit: string }
    /** Milliseconds. */
    | { readonly kind: 'duration'; readonly value: number }
    /** Milliseconds after midnight. */
    | { readonly kind: 'time'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly object: Node; readonly name: string; readonly nameSpan: Span }
    | { readonly kind: 'index'; readonly object: Node; readonly index: Node }
    | { readonly kind: 'slice'; readonly object: Node; readonly from: Node | null; readonly to: Node | null }
    | { readonly kind: 'call'; readonly callee: Node; readonly args: readonly Argument[] }
    | {
        readonly kind: 'filter'
        readonly input: Node
        readonly name: string
        readonly nameSpan: Span
        readonly args: readonly Argument[]
      }
    | {
        readonly kind: 'test'
        readonly input: Node
        readonly name: string
        readonly nameSpan: Span
        readonly negated: boolean
        readonly args: readonly Argument[]
      }
    | { readonly kind: 'not'; readonly operand: Node }
    | { readonly kind: 'negate'; readonly operand: Node }
    | { readonly kind: 'arithmetic'; readonly op: ArithmeticOp; readonly left: Node; readonly right: Node }
    | {
        readonly kind: 'compare'
        readonly first: Node
        readonly rest: readonly { readonly op: CompareOp; readonly right: Node }[]
      }
    | { readonly kind: 'logical'; readonly op: 'and' | 'or'; readonly left: Node; readonly right: Node }
    | { readonly kind: 'coalesce'; readonly left: Node; readonly right: Node }
    | { readonly kind: 'conditional'; readonly test: Node; readonly yes: Node; readonly else: Node | null }
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | { readonly kind: 'map'; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
    | { readonly kind: 'range'; readonly from: Node; readonly to: Node }
    /** `x > 5 for 10min`: milliseconds it must have been true. */
    | { readonly kind: 'held'; readonly operand: Node; readonly duration: number }
  )

export interface Argument {
  /** Null for a positional one. */
  readonly name: string | null
  readonly value: Node
}

/** What is wrong with an expression, and where. `id` names the kind of finding for people's lists. */
export interface ExpressionFault {
  readonly span: Span
  readonly id: string
  readonly message: string
  readonly suggestion: Suggestion
}

/** The nodes directly below a node, in the order of the text. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'quantity':
    case 'duration':
    case 'time':
    case 'name':
      return []
    case 'member':
      return [node.object]
    case 'index':
      return [node.object, node.index]
    case 'slice':
      return [node.object, node.from, node.to].filter(each => each !== null)
    case 'call':
      return [node.callee, ...node.args.map(arg => arg.value)]
    case 'filter':
    case 'test':
      return [node.input, ...node.args.map(arg => arg.value)]
    case 'not':
    case 'negate':
    case 'held':
      return [node.operand]
    case 'arithmetic':
    case 'logical':
    case 'coalesce':
      return [node.left, node.right]
    case 'compare':
      return [node.first, ...node.rest.map(each => each.right)]
    case 'conditional':
      return [node.yes, node.test, ...(node.else === null ? [] : [node.else])]
    case 'list':
      return node.items
    case 'map':
      return node.entries.flatMap(entry => [entry.key, entry.value])
    case 'range':
      return [node.from, node.to]
  }
}

/** Calls `visit` for a node and everything below it; a `false` answer leaves out what is below. */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  if (visit(node) === false) return
  for (const child of children(node)) walk(child, visit)
}

/** `a.b.c` as its names, or null when the node is no such chain. */
export function pathOf(node: Node): readonly { readonly name: string; readonly span: Span }[] | null {
  if (node.kind === 'name') return [{ name: node.name, span: { start: node.start, end: node.end } }]
  if (node.kind !== 'member') return null
  const front = pathOf(node.object)
  return front === null ? null : [...front, { name: node.name, span: node.nameSpan }]
}
