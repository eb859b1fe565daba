import { pathOf, type Argument, type ExpressionFault, type Node } from './ast.ts'
import { clockNames } from './clock-names.ts'
import type { Context, Environment, ResolvedName } from './environment.ts'
import { functions } from './functions/index.ts'
import { BudgetFault, ValueFault, type FunctionSpec } from './functions/spec.ts'
import { arithmetic, compare, lookUp, truth } from './operators.ts'
import { isKnownTest } from './tests.ts'
import { Duration, kindOf, Range, TimeOfDay, UNKNOWN, type Result } from './values.ts'

/** An expression ready to run. Never throws: what fails is unknown, with a note in the context. */
export type Compiled = (context: Context) => Result

type Run = (context: Context) => Result

/** Carries a fault out of the recursion; never leaves `compile`. */
class CompileFault extends Error {
  readonly fault: ExpressionFault
  constructor(fault: ExpressionFault) {
    super(fault.message)
    this.fault = fault
  }
}

/**
 * Turns a parsed expression into closures. Names are resolved here, once; an evaluation only reads.
 * An expression that `inferType` accepts compiles.
 */
export function compile(ast: Node, environment: Environment): Compiled | { readonly fault: ExpressionFault } {
  try {
    const run = build(ast, environment)
    return context => {
      try {
        return run(context)
      } catch (error) {
        if (!(error instanceof ValueFault) && !(error instanceof BudgetFault)) throw error
        context.notes.push(error.message)
        return UNKNOWN
      }
    }
  } catch (error) {
    if (error instanceof CompileFault) return { fault: error.fault }
    throw error
  }
}

/** What a name means: the language's own, else the environment's. */
export function resolve(
  node: Node,
  environment: Environment,
): { name: ResolvedName; text: string; length: number } | ExpressionFault | null {
  const path = pathOf(node)
  if (path === null) return null
  const found = environment.name(path)
  if (!('id' in found))
    return {
      name: found,
      text: path
        .slice(0, found.parts)
        .map(part => part.name)
        .join('.'),
      length: path.length,
    }
  const own = clockNames.get(path[0]!.name)
  return own === undefined ? found : { name: own, text: path[0]!.name, length: path.length }
}

function build(node: Node, environment: Environment): Run {
  switch (node.kind) {
    case 'literal':
    case 'quantity': {
      const { value } = node
      return () => value
    }
    case 'duration': {
      const value = new Duration(node.value)
      return () => value
    }
    case 'time': {
      const value = new TimeOfDay(node.value)
      return () => value
    }
    case 'name':
    case 'member':
      return buildName(node, environment)
    case 'index': {
      const object = build(node.object, environment)
      const index = build(node.index, environment)
      return context => lookUp(object(context), index(context))
    }
    case 'slice':
      throw notHere(node, 'a slice')
    case 'held':
      throw new CompileFault({
        span: node,
        id: 'not-supported',
        message: '`for` inside an expression is not supported yet',
        suggestion: 'a `when` trigger takes `for:` beside it',
      })
    case 'call':
    case 'filter':
      return buildCall(node, environment)
    case 'test':
      return buildTest(node, environment)
    default:
      return buildOperator(node, environment)
  }
}

function notHere(node: Node, what: string): CompileFault {
  return new CompileFault({
    span: node,
    id: 'not-supported',
    message: `${what} is not part of the language of rules`,
    suggestion: null,
  })
}

function buildName(node: Extract<Node, { kind: 'name' | 'member' }>, environment: Environment): Run {
  const resolved = resolve(node, environment)
  if (resolved !== null && 'id' in resolved) throw new CompileFault(resolved)
  if (node.kind === 'member' && (resolved === null || resolved.length > resolved.name.parts)) {
    const object = build(node.object, environment)
    const { name } = node
    return context => lookUp(object(context), name)
  }
  const { name, text } = resolved!
  const { read } = name
  return context => {
    const value = read(context)
    if (value === UNKNOWN) context.missing.add(text)
    return value
  }
}

/** The function behind a call or a filter, with its arguments in order. */
export function callOf(
  node: Extract<Node, { kind: 'call' | 'filter' }>,
  environment: Environment,
): { name: string; spec: FunctionSpec | undefined; args: readonly Argument[] } {
  const name = node.kind === 'filter' ? node.name : node.callee.kind === 'name' ? node.callee.name : ''
  const args = node.kind === 'filter' ? [{ name: null, value: node.input }, ...node.args] : node.args
  return { name, spec: environment.functions?.get(name) ?? functions.get(name), args }
}

function buildCall(node: Extract<Node, { kind: 'call' | 'filter' }>, environment: Environment): Run {
  const { name, spec, args } = callOf(node, environment)
  if (spec === undefined) {
    throw new CompileFault({
      span: node,
      id: 'unknown-function',
      message: `there is no function "${name}"`,
      suggestion: null,
    })
  }
  const runs = args.map(arg => build(arg.value, environment))
  const { call, seesUnknown } = spec
  const [only] = runs
  if (runs.length === 1) {
    return context => {
      const value = only!(context)
      return value === UNKNOWN && seesUnknown !== true ? UNKNOWN : call([value], context)
    }
  }
  return context => {
    const values = runs.map(run => run(context))
    return seesUnknown !== true && values.includes(UNKNOWN) ? UNKNOWN : call(values, context)
  }
}

function buildTest(node: Extract<Node, { kind: 'test' }>, environment: Environment): Run {
  const input = quiet(build(node.input, environment))
  const { name, negated } = node
  if (isKnownTest(name)) {
    const isKnown = (name === 'known' || name === 'defined') !== negated
    return context => (input(context) === UNKNOWN ? !isKnown : isKnown)
  }
  const word = { none: 'none', number: 'number', text: 'text', list: 'list', map: 'map' }[name]
  if (word === undefined)
    throw new CompileFault({
      span: node.nameSpan,
      id: 'unknown-test',
      message: `there is no test "${name}"`,
      suggestion: null,
    })
  return context => {
    const value = input(context)
    return value === UNKNOWN ? UNKNOWN : (kindOf(value) === word) !== negated
  }
}

// A question whether something is known is no need for its value.
function quiet(run: Run): Run {
  return context => {
    const before = new Set(context.missing)
    const value = run(context)
    for (const name of context.missing) if (!before.has(name)) context.missing.delete(name)
    return value
  }
}

type Operator = Extract<
  Node,
  {
    kind:
      | 'not'
      | 'negate'
      | 'arithmetic'
      | 'compare'
      | 'logical'
      | 'coalesce'
      | 'conditional'
      | 'list'
      | 'map'
      | 'range'
  }
>

function buildOperator(node: Operator, environment: Environment): Run {
  switch (node.kind) {
    case 'not': {
      const operand = build(node.operand, environment)
      return context => {
        const value = truth(operand(context), context)
        return value === UNKNOWN ? UNKNOWN : !value
      }
    }
    case 'negate': {
      const operand = build(node.operand, environment)
      return context => {
        const value = operand(context)
        return value === UNKNOWN ? UNKNOWN : arithmetic('*', value, -1)
      }
    }
    case 'arithmetic': {
      const [left, right] = [build(node.left, environment), build(node.right, environment)]
      const { op } = node
      return context => arithmetic(op, left(context), right(context))
    }
    case 'compare':
      return buildCompare(node, environment)
    case 'logical':
      return buildLogical(node, environment)
    case 'coalesce': {
      const [left, right] = [quiet(build(node.left, environment)), build(node.right, environment)]
      return context => {
        const value = left(context)
        return value === UNKNOWN ? right(context) : value
      }
    }
    case 'conditional': {
      const [test, then] = [build(node.test, environment), build(node.yes, environment)]
      const otherwise: Run = node.else === null ? () => UNKNOWN : build(node.else, environment)
      return context => {
        const value = truth(test(context), context)
        return value === UNKNOWN ? UNKNOWN : value ? then(context) : otherwise(context)
      }
    }
    case 'list': {
      const items = node.items.map(item => build(item, environment))
      return context => items.map(item => item(context))
    }
    case 'map':
      return buildMap(node, environment)
    case 'range': {
      const [from, to] = [build(node.from, environment), build(node.to, environment)]
      return context => new Range(from(context), to(context))
    }
  }
}

function buildMap(node: Extract<Node, { kind: 'map' }>, environment: Environment): Run {
  const entries = node.entries.map(({ key, value }) => ({
    key: build(key, environment),
    value: build(value, environment),
  }))
  return context => {
    const map: Record<string, Result> = Object.create(null) as Record<string, Result>
    for (const { key, value } of entries) {
      const name = key(context)
      if (typeof name !== 'string' && typeof name !== 'number')
        throw new ValueFault(`a ${kindOf(name)} cannot be a key`)
      map[String(name)] = value(context)
    }
    return map
  }
}

function buildCompare(node: Extract<Node, { kind: 'compare' }>, environment: Environment): Run {
  const first = build(node.first, environment)
  const rest = node.rest.map(({ op, right }) => ({ op, right: build(right, environment) }))
  const [only] = rest
  if (rest.length === 1) {
    const { op, right } = only!
    // The usual case without a call: two numbers.
    if (op === '>' || op === '<') {
      const isMore = op === '>'
      return context => {
        const a = first(context)
        const b = right(context)
        if (typeof a === 'number' && typeof b === 'number') return isMore ? a > b : a < b
        return compare(op, a, b)
      }
    }
    return context => compare(op, first(context), right(context))
  }
  return context => {
    let left = first(context)
    let result: Result = true
    for (const { op, right } of rest) {
      const value = right(context)
      const holds = compare(op, left, value)
      if (holds === false) return false
      if (holds === UNKNOWN) result = UNKNOWN
      left = value
    }
    return result
  }
}

function buildLogical(node: Extract<Node, { kind: 'logical' }>, environment: Environment): Run {
  const [left, right] = [build(node.left, environment), build(node.right, environment)]
  // `and` is decided by false, `or` by true.
  const decides = node.op === 'or'
  return context => {
    const a = truth(left(context), context)
    if (a === decides) return decides
    const b = truth(right(context), context)
    if (b === decides) return decides
    return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : !decides
  }
}
