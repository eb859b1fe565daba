import { UNKNOWN, type Compiled, type Context, type Node, type Result, type Unknown } from '#expression'
import type { Value } from '#devices'
import type { Expression } from './format/rule.ts'
import { MAX_PARTS, short, shown, type TraceCondition, type TracePart, type TraceValue } from './trace.ts'

/** Turns an expression into what runs; tells each value that it reads, by the name it is read by. */
export type Compile = (ast: Node, onValue: (name: string, value: Value) => void) => Compiled

interface Part {
  readonly text: string
  readonly holds: Compiled
  readonly sides: readonly { readonly text: string; readonly read: Compiled }[]
}

const truthOf = (value: Result): boolean | null => (typeof value === 'boolean' ? value : null)

/** The comparisons below `and`, `or` and `not`, from left to right. */
function comparisons(node: Node): readonly Node[] {
  if (node.kind === 'logical') return [...comparisons(node.left), ...comparisons(node.right)]
  return node.kind === 'not' ? comparisons(node.operand) : [node]
}

/** A condition of a rule: cheap to ask, and able to tell why it holds or not. */
export class Condition {
  readonly path: string
  /** As it was written. */
  readonly text: string
  readonly reads: ReadonlyMap<string, Value>
  readonly #expression: Expression
  readonly #compile: Compile
  readonly #holds: Compiled
  #parts: readonly Part[] | undefined

  constructor(path: string, expression: Expression, compile: Compile) {
    const reads = new Map<string, Value>()
    this.path = path
    this.text = short(expression.source.text.trim())
    this.reads = reads
    this.#expression = expression
    this.#compile = compile
    this.#holds = compile(expression.ast, (name, value) => void reads.set(name, value))
  }

  /** Unknown also when it comes to something that is neither true nor false. */
  holds(context: Context): boolean | Unknown {
    const value = this.#holds(context)
    return typeof value === 'boolean' ? value : UNKNOWN
  }

  /** What it comes to and by which values; with the same context as `holds`. */
  explain(context: Context): TraceCondition {
    this.#parts ??= comparisons(this.#expression.ast)
      .slice(0, MAX_PARTS)
      .map(node => this.#part(node))
    return {
      path: this.path,
      text: this.text,
      holds: truthOf(this.#holds(context)),
      parts: this.#parts.map(part => tellPart(part, context)),
      values: tellValues(this.reads, context.now),
      notes: [...new Set(context.notes)].slice(0, MAX_PARTS).map(short),
    }
  }

  #part(node: Node): Part {
    const { text } = this.#expression.source
    const compiled = (each: Node) => this.#compile(each, () => {})
    const side = (each: Node) => ({ text: short(text.slice(each.start, each.end)), read: compiled(each) })
    const isPair = node.kind === 'compare' && node.rest.length === 1
    return {
      text: short(text.slice(node.start, node.end)),
      holds: compiled(node),
      sides: isPair ? [side(node.first), side(node.rest[0]!.right)] : [],
    }
  }
}

function tellPart({ text, holds, sides }: Part, context: Context): TracePart {
  return {
    text,
    holds: truthOf(holds(context)),
    sides: sides.map(({ text: side, read }) => ({ text: side, value: shown(read(context)) })),
  }
}

function tellValues(reads: ReadonlyMap<string, Value>, now: number): TraceValue[] {
  return [...reads].slice(0, MAX_PARTS).map(([name, { value, spec, at, confirmed }]) => ({
    name,
    value: shown(value as Result),
    unit: spec.unit ?? null,
    age: at === 0 ? null : Math.max(0, now - at),
    confirmed,
  }))
}
