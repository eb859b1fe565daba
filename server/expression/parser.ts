import type { Argument, ArithmeticOp, CompareOp, ExpressionFault, ExpressionMode, Node, Span } from './ast.ts'
import { SyntaxFault, tokenize, type Token } from './lexer.ts'
import { MAX_DEPTH, MAX_NODES } from './limits.ts'

export type Parsed = { readonly ast: Node } | { readonly faults: readonly ExpressionFault[] }

/**
 * Parses an expression.
 * @param mode `strict` is the language of rules; `lenient` adds slices and leaves out durations, times and units.
 */
export function parse(text: string, mode: ExpressionMode): Parsed {
  try {
    return { ast: new Parser(tokenize(text, mode), mode).whole() }
  } catch (error) {
    if (error instanceof SyntaxFault) return { faults: [error.fault] }
    throw error
  }
}

const KEYWORDS = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is', 'for'])
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['none', null],
  ['True', true],
  ['False', false],
  ['None', null],
])
const ARITHMETIC_LEVELS: readonly (readonly ArithmeticOp[])[] = [['~'], ['+', '-'], ['*', '/', '//', '%']]
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>='])

function shown(token: Token): string {
  if (token.kind === 'end') return 'the end'
  if (token.kind === 'op' || token.kind === 'name') return `"${token.value}"`
  return `this ${token.kind}`
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #mode: ExpressionMode
  #at = 0
  #nodes = 0
  #depth = 0

  constructor(tokens: readonly Token[], mode: ExpressionMode) {
    this.#tokens = tokens
    this.#mode = mode
  }

  whole(): Node {
    const first: Token = this.#next
    if (first.kind === 'end') throw new SyntaxFault(first, 'there is no expression here')
    const node = this.#expression()
    const rest: Token = this.#tokens[this.#at]!
    if (rest.kind === 'end') return node
    if (rest.kind === 'op' && rest.value === '=') throw new SyntaxFault(rest, '"=" compares nothing', 'write ==')
    throw new SyntaxFault(rest, `${shown(rest)} does not fit behind what stands before it`)
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  #isOp(value: string): boolean {
    const token = this.#next
    return token.kind === 'op' && token.value === value
  }

  #isWord(value: string): boolean {
    const token = this.#next
    return token.kind === 'name' && token.value === value
  }

  #takeOp(value: string): boolean {
    if (!this.#isOp(value)) return false
    this.#at++
    return true
  }

  #takeWord(value: string): boolean {
    if (!this.#isWord(value)) return false
    this.#at++
    return true
  }

  #expectOp(value: string, what: string): Token {
    const token = this.#next
    if (!this.#takeOp(value)) throw new SyntaxFault(token, `${what} needs "${value}", not ${shown(token)}`)
    return token
  }

  #make<T extends Node>(node: T): T {
    if (++this.#nodes > MAX_NODES) throw new SyntaxFault(node, `this expression has more than ${MAX_NODES} parts`)
    return node
  }

  #expression(): Node {
    if (++this.#depth > MAX_DEPTH)
      throw new SyntaxFault(this.#next, `this expression is nested deeper than ${MAX_DEPTH}`)
    const then = this.#or()
    let node = then
    if (this.#takeWord('if')) {
      const test = this.#or()
      const otherwise = this.#takeWord('else') ? this.#expression() : null
      if (otherwise === null && this.#mode === 'strict') {
        throw new SyntaxFault(this.#next, '"a if c" needs an "else" that says what it is otherwise')
      }
      node = this.#make({
        kind: 'conditional',
        test,
        yes: then,
        else: otherwise,
        start: then.start,
        end: (otherwise ?? test).end,
      })
    }
    this.#depth--
    return node
  }

  #or(): Node {
    let left = this.#and()
    while (this.#takeWord('or') || this.#takeOp('||')) {
      const right = this.#and()
      left = this.#make({ kind: 'logical', op: 'or', left, right, start: left.start, end: right.end })
    }
    return left
  }

  #and(): Node {
    let left = this.#not()
    while (this.#takeWord('and') || this.#takeOp('&&')) {
      const right = this.#not()
      left = this.#make({ kind: 'logical', op: 'and', left, right, start: left.start, end: right.end })
    }
    return left
  }

  #not(): Node {
    const { start } = this.#next
    if (this.#takeWord('not') || this.#takeOp('!')) {
      if (++this.#depth > MAX_DEPTH)
        throw new SyntaxFault(this.#next, `this expression is nested deeper than ${MAX_DEPTH}`)
      const operand = this.#not()
      this.#depth--
      return this.#make({ kind: 'not', operand, start, end: operand.end })
    }
    const operand = this.#compare()
    if (this.#mode === 'lenient' || !this.#takeWord('for')) return operand
    const duration = this.#next
    if (duration.kind !== 'duration')
      throw new SyntaxFault(duration, `"for" needs a duration such as 10min, not ${shown(duration)}`)
    this.#at++
    return this.#make({ kind: 'held', operand, duration: duration.value, start: operand.start, end: duration.end })
  }

  #compareOp(): CompareOp | null {
    const token = this.#next
    if (token.kind === 'op' && COMPARISONS.has(token.value)) {
      this.#at++
      return token.value as CompareOp
    }
    if (this.#takeWord('in')) return 'in'
    const after = this.#tokens[this.#at + 1]
    if (this.#isWord('not') && after?.kind === 'name' && after.value === 'in') {
      this.#at += 2
      return 'not in'
    }
    return null
  }

  #compare(): Node {
    let first = this.#tests(this.#range())
    const rest: { op: CompareOp; right: Node }[] = []
    for (let op = this.#compareOp(); op !== null; op = this.#compareOp())
      rest.push({ op, right: this.#tests(this.#range()) })
    if (rest.length > 0)
      first = this.#make({ kind: 'compare', first, rest, start: first.start, end: rest.at(-1)!.right.end })
    return first
  }

  #tests(input: Node): Node {
    let node = input
    while (this.#takeWord('is')) {
      const negated = this.#takeWord('not')
      const name = this.#next
      if (name.kind !== 'name')
        throw new SyntaxFault(name, `"is" needs the name of a test such as known, not ${shown(name)}`)
      this.#at++
      const args = this.#isOp('(') ? this.#arguments(name.value) : []
      const end = this.#tokens[this.#at - 1]!.end
      node = this.#make({
        kind: 'test',
        input: node,
        name: name.value,
        nameSpan: name,
        negated,
        args,
        start: node.start,
        end,
      })
    }
    return node
  }

  #range(): Node {
    const from = this.#arithmetic(0)
    if (!this.#takeOp('..')) return from
    const to = this.#arithmetic(0)
    return this.#make({ kind: 'range', from, to, start: from.start, end: to.end })
  }

  #arithmetic(level: number): Node {
    const ops = ARITHMETIC_LEVELS[level]
    if (ops === undefined) return this.#unary()
    let left = this.#arithmetic(level + 1)
    for (;;) {
      const token = this.#next
      if (token.kind !== 'op' || !(ops as readonly string[]).includes(token.value)) return left
      this.#at++
      const right = this.#arithmetic(level + 1)
      left = this.#make({
        kind: 'arithmetic',
        op: token.value as ArithmeticOp,
        left,
        right,
        start: left.start,
        end: right.end,
      })
    }
  }

  #unary(): Node {
    const { start } = this.#next
    const isMinus = this.#isOp('-')
    if (isMinus || this.#isOp('+')) {
      this.#at++
      if (++this.#depth > MAX_DEPTH)
        throw new SyntaxFault(this.#next, `this expression is nested deeper than ${MAX_DEPTH}`)
      const operand = this.#unary()
      this.#depth--
      return isMinus ? this.#make({ kind: 'negate', operand, start, end: operand.end }) : operand
    }
    const base = this.#postfix(this.#primary())
    if (!this.#takeOp('**')) return base
    const right = this.#unary()
    return this.#make({ kind: 'arithmetic', op: '**', left: base, right, start: base.start, end: right.end })
  }

  #postfix(primary: Node): Node {
    let node = primary
    for (;;) {
      if (this.#takeOp('.')) node = this.#member(node)
      else if (this.#isOp('[')) node = this.#index(node)
      else if (this.#isOp('(')) {
        const args = this.#arguments('this')
        node = this.#make({ kind: 'call', callee: node, args, start: node.start, end: this.#tokens[this.#at - 1]!.end })
      } else if (this.#takeOp('|')) node = this.#filter(node)
      else if (this.#takeOp('??')) {
        const right = this.#postfix(this.#primary())
        node = this.#make({ kind: 'coalesce', left: node, right, start: node.start, end: right.end })
      } else return node
    }
  }

  #member(object: Node): Node {
    const name = this.#next
    if (name.kind === 'number' && this.#mode === 'lenient') {
      this.#at++
      const index = this.#make({ kind: 'literal', value: name.value, start: name.start, end: name.end } as const)
      return this.#make({ kind: 'index', object, index, start: object.start, end: name.end })
    }
    if (name.kind !== 'name') throw new SyntaxFault(name, `behind "." comes a name, not ${shown(name)}`)
    this.#at++
    return this.#make({
      kind: 'member',
      object,
      name: name.value,
      nameSpan: { start: name.start, end: name.end },
      start: object.start,
      end: name.end,
    })
  }

  #index(object: Node): Node {
    this.#at++
    const isSlice = this.#mode === 'lenient'
    const from = isSlice && this.#isOp(':') ? null : this.#expression()
    if (isSlice && this.#takeOp(':')) {
      const to = this.#isOp(']') ? null : this.#expression()
      const { end } = this.#expectOp(']', 'a slice')
      return this.#make({ kind: 'slice', object, from, to, start: object.start, end })
    }
    const { end } = this.#expectOp(']', 'an index')
    return this.#make({ kind: 'index', object, index: from!, start: object.start, end })
  }

  #filter(input: Node): Node {
    const name = this.#next
    if (name.kind !== 'name') throw new SyntaxFault(name, `behind "|" comes the name of a filter, not ${shown(name)}`)
    this.#at++
    const args = this.#isOp('(') ? this.#arguments(name.value) : []
    const end = this.#tokens[this.#at - 1]!.end
    return this.#make({
      kind: 'filter',
      input,
      name: name.value,
      nameSpan: { start: name.start, end: name.end },
      args,
      start: input.start,
      end,
    })
  }

  #arguments(of: string): Argument[] {
    this.#at++
    const args: Argument[] = []
    while (!this.#isOp(')')) {
      const token = this.#next
      const after = this.#tokens[this.#at + 1]
      const isNamed = token.kind === 'name' && after?.kind === 'op' && after.value === '='
      if (isNamed) this.#at += 2
      args.push({ name: isNamed ? token.value : null, value: this.#expression() })
      if (!this.#takeOp(',')) break
    }
    this.#expectOp(')', `the list of what ${of} gets`)
    return args
  }

  #primary(): Node {
    const token = this.#next
    this.#at++
    const span: Span = { start: token.start, end: token.end }
    switch (token.kind) {
      case 'number':
        return this.#make(
          token.unit === null
            ? { kind: 'literal', value: token.value, ...span }
            : { kind: 'quantity', value: token.value, unit: token.unit, ...span },
        )
      case 'duration':
      case 'time':
        return this.#make({ kind: token.kind, value: token.value, ...span })
      case 'text':
        return this.#make({ kind: 'literal', value: token.value, ...span })
      case 'name': {
        const constant = CONSTANTS.get(token.value)
        if (constant !== undefined) return this.#make({ kind: 'literal', value: constant, ...span })
        if (!KEYWORDS.has(token.value)) return this.#make({ kind: 'name', name: token.value, ...span })
        throw new SyntaxFault(span, `something is missing before "${token.value}"`)
      }
      case 'op':
        if (token.value === '(') {
          const node = this.#expression()
          const { end } = this.#expectOp(')', 'a bracket')
          return { ...node, start: token.start, end }
        }
        if (token.value === '[') return this.#list(token.start)
        if (token.value === '{') return this.#map(token.start)
        throw new SyntaxFault(span, `a value is missing before "${token.value}"`)
      case 'end':
        throw new SyntaxFault(span, 'the expression ends where a value should come')
    }
  }

  #list(start: number): Node {
    const items: Node[] = []
    while (!this.#isOp(']')) {
      items.push(this.#expression())
      if (!this.#takeOp(',')) break
    }
    const { end } = this.#expectOp(']', 'a list')
    return this.#make({ kind: 'list', items, start, end })
  }

  #map(start: number): Node {
    const entries: { key: Node; value: Node }[] = []
    while (!this.#isOp('}')) {
      const word = this.#next
      const after = this.#tokens[this.#at + 1]
      const isBare = this.#mode === 'strict' && word.kind === 'name' && after?.kind === 'op' && after.value === ':'
      const key: Node = isBare
        ? { kind: 'literal', value: word.value, start: word.start, end: word.end }
        : this.#expression()
      if (isBare) this.#at++
      this.#expectOp(':', 'a map')
      entries.push({ key, value: this.#expression() })
      if (!this.#takeOp(',')) break
    }
    const { end } = this.#expectOp('}', 'a map')
    return this.#make({ kind: 'map', entries, start, end })
  }
}
