import type { CompareOp, ExpressionFault, Node, Span } from './ast.ts'
import { callOf, resolve } from './compile.ts'
import { clockNames } from './clock-names.ts'
import type { Environment } from './environment.ts'
import { functions } from './functions/index.ts'
import { didYouMean, type Suggestion } from './suggest.ts'
import { testNames } from './tests.ts'
import {
  ANY,
  BOOL,
  comparable,
  DURATION,
  INSTANT,
  join,
  MAP,
  NONE,
  NUMBER,
  TEXT,
  TIME,
  typeText,
  type Type,
} from './types.ts'

export interface Inferred {
  readonly type: Type
  /** All of them, in the order of the text. */
  readonly faults: readonly ExpressionFault[]
}

/** The static type of an expression where it stands, and everything that can be told to be wrong before it runs. */
export function inferType(ast: Node, environment: Environment): Inferred {
  const faults: ExpressionFault[] = []
  const type = new Inference(environment, faults).of(ast)
  return { type, faults: faults.toSorted((a, b) => a.span.start - b.span.start) }
}

/** The place of a text without its quotes, where they are all that stands around it. */
const inQuotes = ({ start, end }: Span, text: string): Span =>
  end - start === text.length + 2 ? { start: start + 1, end: end - 1 } : { start, end }

class Inference {
  readonly #environment: Environment
  readonly #faults: ExpressionFault[]

  constructor(environment: Environment, faults: ExpressionFault[]) {
    this.#environment = environment
    this.#faults = faults
  }

  #fault(id: string, span: Span, says: { message: string; suggestion?: Suggestion }): Type {
    const { start, end } = span
    this.#faults.push({ span: { start, end }, id, message: says.message, suggestion: says.suggestion ?? null })
    return ANY
  }

  of(node: Node): Type {
    switch (node.kind) {
      case 'literal':
        if (node.value === null) return NONE
        return typeof node.value === 'boolean' ? BOOL : typeof node.value === 'number' ? NUMBER : TEXT
      case 'quantity':
        return { kind: 'number', unit: node.unit }
      case 'duration':
        return DURATION
      case 'time':
        return TIME
      case 'name':
      case 'member':
        return this.#name(node)
      case 'index':
        return this.#index(node)
      case 'slice':
        return this.#fault('not-supported', node, { message: 'a slice is not part of the language of rules' })
      case 'call':
      case 'filter':
        return this.#call(node)
      case 'test':
        return this.#test(node)
      case 'held':
        return this.#fault('not-supported', node, {
          message: '`for` inside an expression is not supported yet',
          suggestion: 'a `when` trigger takes `for:` beside it',
        })
      default:
        return this.#operator(node)
    }
  }

  #operator(
    node: Exclude<
      Node,
      {
        kind:
          | 'literal'
          | 'quantity'
          | 'duration'
          | 'time'
          | 'name'
          | 'member'
          | 'index'
          | 'slice'
          | 'call'
          | 'filter'
          | 'test'
          | 'held'
      }
    >,
  ): Type {
    switch (node.kind) {
      case 'not':
        this.#condition(node.operand)
        return BOOL
      case 'negate':
        return this.#needs(node.operand, ['number', 'duration'])
      case 'arithmetic':
        return this.#arithmetic(node)
      case 'compare':
        return this.#compare(node)
      case 'logical':
        this.#condition(node.left)
        this.#condition(node.right)
        return BOOL
      case 'coalesce':
        return join(this.of(node.left), this.of(node.right))
      case 'conditional':
        this.#condition(node.test)
        return join(this.of(node.yes), node.else === null ? NONE : this.of(node.else))
      case 'list':
        return { kind: 'list', of: node.items.map(item => this.of(item)).reduce<Type>(join, NONE) }
      case 'map':
        return this.#map(node)
      case 'range':
        return this.#range(node)
    }
  }

  #map({ entries }: Extract<Node, { kind: 'map' }>): Type {
    for (const { key, value } of entries) {
      this.#needs(key, ['text', 'enum', 'number'])
      this.of(value)
    }
    return MAP
  }

  #name(node: Extract<Node, { kind: 'name' | 'member' }>): Type {
    const resolved = resolve(node, this.#environment)
    if (resolved !== null && 'id' in resolved) {
      const suggestion = resolved.suggestion ?? didYouMean(node.kind === 'name' ? node.name : '', clockNames.keys())
      this.#faults.push({ ...resolved, suggestion })
      return ANY
    }
    if (resolved !== null && resolved.length === resolved.name.parts) return resolved.name.type
    if (node.kind === 'name') return resolved?.name.type ?? ANY
    const object = this.of(node.object)
    if (object.kind === 'any' || object.kind === 'map') return ANY
    if (object.kind === 'list') return { kind: 'list', of: ANY }
    return this.#fault('unknown-property', node.nameSpan, {
      message: `${typeText(object)} has nothing named "${node.name}"`,
    })
  }

  #index(node: Extract<Node, { kind: 'index' }>): Type {
    const object = this.of(node.object)
    this.#needs(node.index, object.kind === 'list' ? ['number'] : ['number', 'text', 'enum'])
    if (object.kind === 'list') return object.of
    if (object.kind === 'any' || object.kind === 'map') return ANY
    return this.#fault('type-mismatch', node.object, { message: `${typeText(object)} has no items` })
  }

  #needs(node: Node, kinds: readonly Type['kind'][]): Type {
    const type = this.of(node)
    if (type.kind === 'any' || kinds.includes(type.kind)) return type
    const wanted = [...new Set(kinds.map(kind => typeText({ kind } as Type)))].join(' or ')
    return this.#fault('type-mismatch', node, { message: `this is ${typeText(type)}, and here ${wanted} is needed` })
  }

  #condition(node: Node): void {
    this.#needs(node, ['bool'])
  }

  #call(node: Extract<Node, { kind: 'call' | 'filter' }>): Type {
    const { name, spec, args } = callOf(node, this.#environment)
    const place = node.kind === 'filter' ? node.nameSpan : node.callee
    if (spec === undefined) {
      for (const arg of args) this.of(arg.value)
      const known = [...functions.keys(), ...(this.#environment.functions?.keys() ?? [])]
      return this.#fault('unknown-function', place, {
        message: `there is no function "${name}"`,
        suggestion: didYouMean(name, known),
      })
    }
    const named = args.find(arg => arg.name !== null)
    if (named !== undefined)
      this.#fault('wrong-arguments', named.value, { message: `${name} takes its arguments without names` })
    const [least, most] = spec.takes
    const types = args.map((arg, i) => {
      const kinds = spec.accepts[Math.min(i, spec.accepts.length - 1)]
      return kinds === undefined ? this.of(arg.value) : this.#needs(arg.value, kinds)
    })
    if (args.length < least || args.length > most) {
      const count = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`
      this.#fault('wrong-arguments', place, { message: `${name} takes ${count} values, not ${args.length}` })
    }
    return typeof spec.result === 'function' ? spec.result(types) : spec.result
  }

  #test(node: Extract<Node, { kind: 'test' }>): Type {
    this.of(node.input)
    if (!testNames.includes(node.name)) {
      this.#fault('unknown-test', node.nameSpan, {
        message: `there is no test "${node.name}"`,
        suggestion: didYouMean(node.name, testNames) ?? `tests are ${testNames.join(', ')}`,
      })
    }
    return BOOL
  }

  #arithmetic({ op, left, right, ...span }: Extract<Node, { kind: 'arithmetic' }>): Type {
    const a = this.of(left)
    const b = this.of(right)
    if (op === '~') return TEXT
    if (a.kind === 'any' || b.kind === 'any') return ANY
    if (a.kind === 'number' && b.kind === 'number') {
      if (op !== '+' && op !== '-') return NUMBER
      this.#sameUnit(span, a, b)
      return { kind: 'number', unit: a.unit ?? b.unit }
    }
    const isText = (type: Type) => type.kind === 'text' || type.kind === 'enum'
    if (op === '+' && isText(a) && isText(b)) return TEXT
    if (op === '+' && a.kind === 'list' && b.kind === 'list') return join(a, b)
    if ((op === '*' || op === '/') && a.kind === 'duration' && b.kind === 'number') return DURATION
    if (op === '-' && a.kind === 'instant' && b.kind === 'instant') return DURATION
    if (
      (op === '+' || op === '-') &&
      b.kind === 'duration' &&
      (a.kind === 'instant' || a.kind === 'time' || a.kind === 'duration')
    )
      return a
    if (op === '+' && a.kind === 'duration' && b.kind === 'instant') return INSTANT
    const suggestion = isText(a) !== isText(b) && op === '+' ? 'to put texts together write ~' : null
    return this.#fault('type-mismatch', span, {
      message: `"${op}" cannot take ${typeText(a)} and ${typeText(b)}`,
      suggestion,
    })
  }

  #sameUnit(span: Span, a: Type, b: Type): void {
    if (a.kind !== 'number' || b.kind !== 'number' || a.unit === undefined || b.unit === undefined || a.unit === b.unit)
      return
    this.#fault('unit-mismatch', span, { message: `one side is in ${a.unit}, the other in ${b.unit}` })
  }

  #range({ from, to, ...span }: Extract<Node, { kind: 'range' }>): Type {
    const a = this.of(from)
    const b = this.of(to)
    if (!comparable(a, b))
      this.#fault('type-mismatch', span, { message: `a range cannot go from ${typeText(a)} to ${typeText(b)}` })
    return { kind: 'range', of: join(a, b) }
  }

  #compare(node: Extract<Node, { kind: 'compare' }>): Type {
    let left = node.first
    let a = this.of(left)
    for (const { op, right } of node.rest) {
      const b = this.of(right)
      if (op === 'in' || op === 'not in') this.#membership({ left, right, a, b })
      else this.#pair({ op, left, right, a, b })
      left = right
      a = b
    }
    return BOOL
  }

  #membership({ left, right, a, b }: { left: Node; right: Node; a: Type; b: Type }): void {
    if (b.kind === 'any' || b.kind === 'map') return
    const item = b.kind === 'list' || b.kind === 'range' ? b.of : b.kind === 'text' || b.kind === 'enum' ? TEXT : null
    const span = { start: left.start, end: right.end }
    if (item === null) {
      this.#fault('type-mismatch', right, {
        message: `nothing can be in ${typeText(b)}`,
        suggestion: 'behind `in` stands a list, a range or a text',
      })
      return
    }
    if (!comparable(a, item))
      this.#fault('type-mismatch', span, {
        message: `${typeText(a)} cannot be in a list or range of ${typeText(item)}`,
      })
    if (a.kind === 'enum' && right.kind === 'list') for (const each of right.items) this.#option(a.options, each)
  }

  #pair({ op, left, right, a, b }: { op: CompareOp; left: Node; right: Node; a: Type; b: Type }): void {
    const span = { start: left.start, end: right.end }
    if (!comparable(a, b)) {
      this.#fault('type-mismatch', span, { message: `${typeText(a)} and ${typeText(b)} cannot be compared` })
      return
    }
    const orders = op !== '==' && op !== '!='
    if (orders && ['bool', 'list', 'map', 'device'].includes(a.kind)) {
      this.#fault('type-mismatch', span, { message: `"${op}" has no meaning for ${typeText(a)}` })
    }
    this.#sameUnit(span, a, b)
    if (a.kind === 'enum') this.#option(a.options, right)
    if (b.kind === 'enum') this.#option(b.options, left)
    this.#bounds({ op, type: a, other: right, span })
    this.#bounds({ op: FLIPPED[op], type: b, other: left, span })
  }

  #option(options: readonly string[], node: Node): void {
    if (node.kind !== 'literal' || typeof node.value !== 'string' || options.includes(node.value)) return
    this.#fault('unknown-enum-value', inQuotes(node, node.value), {
      message: `"${node.value}" is none of its values`,
      suggestion: didYouMean(node.value, options) ?? `they are ${options.slice(0, 12).join(', ')}`,
    })
  }

  // `brightness > 300` where brightness ends at 100: always the same answer.
  #bounds({ op, type, other, span }: { op: CompareOp; type: Type; other: Node; span: Span }): void {
    if (type.kind !== 'number') return
    const number = literalNumber(other)
    if (number === null) return
    const { min = -Infinity, max = Infinity } = type
    const never =
      ((op === '>' || op === '==') && (op === '>' ? number >= max : number > max || number < min)) ||
      (op === '>=' && number > max) ||
      (op === '<' && number <= min) ||
      (op === '<=' && number < min)
    if (!never) return
    const unit = type.unit === undefined ? '' : ` ${type.unit}`
    this.#fault('impossible-compare', span, {
      message: `this is never true: the value lies between ${min} and ${max}${unit}`,
    })
  }
}

const FLIPPED: Readonly<Record<CompareOp, CompareOp>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  in: 'in',
  'not in': 'not in',
}

function literalNumber(node: Node): number | null {
  if (node.kind === 'quantity') return node.value
  if (node.kind === 'literal' && typeof node.value === 'number') return node.value
  if (node.kind !== 'negate') return null
  const inner = literalNumber(node.operand)
  return inner === null ? null : -inner
}
