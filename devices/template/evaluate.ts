import type { Argument, CompareOp, Node } from '#expression'
import { bounded, callable, filters, isoLocal, type Args } from './filters.ts'
import { callMethod, methods } from './methods.ts'
import {
  Float,
  isNumber,
  isPyList,
  isPyMap,
  pyEqual,
  pyText,
  pyTruth,
  RenderFault,
  toNumber,
  UNDEFINED,
  type Py,
} from './python.ts'

/** Steps of one rendering. */
export const MAX_STEPS = 10_000

/** Names and what is left of the budget. */
export interface Scope {
  readonly names: Map<string, Py>
  /** Wall-clock milliseconds of `now()`, null where there is no time. */
  readonly now: number | null
  steps: number
}

/** The first function, filter or test of an expression that is not known here, or null. */
export function unsupported(node: Node): string | null {
  if (node.kind === 'filter' && !filters.has(node.name)) return `filter "${node.name}"`
  if (node.kind === 'call' && node.callee.kind === 'name' && !callable.has(node.callee.name))
    return `function "${node.callee.name}"`
  if (node.kind === 'call' && node.callee.kind === 'member' && !methods.has(node.callee.name))
    return `method "${node.callee.name}"`
  if (node.kind === 'test' && !tests.has(node.name)) return `test "${node.name}"`
  return null
}

const tests: ReadonlyMap<string, (value: Py) => boolean> = new Map<string, (value: Py) => boolean>([
  ['defined', value => value !== UNDEFINED],
  ['undefined', value => value === UNDEFINED],
  ['none', value => value === null],
  ['true', value => value === true],
  ['false', value => value === false],
  ['number', isNumber],
  ['string', value => typeof value === 'string'],
  ['mapping', isPyMap],
  ['iterable', value => isPyList(value) || isPyMap(value) || typeof value === 'string'],
])

/** The value of an expression. @throws RenderFault */
export function evaluate(node: Node, scope: Scope): Py {
  if (++scope.steps > MAX_STEPS) throw new RenderFault('this template takes too many steps')
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number' && !Number.isInteger(node.value) ? new Float(node.value) : node.value
    case 'name':
      return scope.names.get(node.name) ?? (scope.names.has(node.name) ? null : UNDEFINED)
    case 'member':
      return lookUp(evaluate(node.object, scope), node.name)
    case 'index':
      return lookUp(evaluate(node.object, scope), evaluate(node.index, scope))
    case 'slice':
      return slice(evaluate(node.object, scope), node, scope)
    case 'filter':
      return filters.get(node.name)!(evaluate(node.input, scope), argumentsOf(node.args, scope))
    case 'call':
      return call(node, scope)
    case 'test':
      return tests.get(node.name)!(evaluate(node.input, scope)) !== node.negated
    case 'list':
      return node.items.map(item => evaluate(item, scope))
    case 'map':
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [pyText(evaluate(key, scope)), evaluate(value, scope)]),
      )
    default:
      return operator(node, scope)
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
      | 'range'
      | 'held'
      | 'quantity'
      | 'duration'
      | 'time'
  }
>

function operator(node: Operator, scope: Scope): Py {
  switch (node.kind) {
    case 'not':
      return !pyTruth(evaluate(node.operand, scope))
    case 'negate': {
      const value = evaluate(node.operand, scope)
      if (!isNumber(value)) throw new RenderFault('"-" needs a number')
      return value instanceof Float ? new Float(-value.value) : -value
    }
    case 'arithmetic':
      return arithmetic(node.op, evaluate(node.left, scope), evaluate(node.right, scope))
    case 'compare': {
      let left = evaluate(node.first, scope)
      for (const { op, right } of node.rest) {
        const value = evaluate(right, scope)
        if (!compare(op, left, value)) return false
        left = value
      }
      return true
    }
    case 'logical': {
      const left = evaluate(node.left, scope)
      return pyTruth(left) === (node.op === 'or') ? left : evaluate(node.right, scope)
    }
    case 'conditional':
      if (pyTruth(evaluate(node.test, scope))) return evaluate(node.yes, scope)
      return node.else === null ? UNDEFINED : evaluate(node.else, scope)
    default:
      throw new RenderFault('this is not part of templates')
  }
}

/** `object.key` and `object[key]`: own keys only; below an undefined value nothing can be looked up. */
function lookUp(object: Py, key: Py): Py {
  if (object === UNDEFINED) {
    throw new RenderFault(`"${pyText(key)}" is looked up in a value that is missing`, { isMissing: true })
  }
  if (isPyMap(object)) {
    const name = pyText(key)
    return Object.hasOwn(object, name) ? object[name]! : UNDEFINED
  }
  const list = isPyList(object) ? object : typeof object === 'string' ? [...object] : undefined
  const found: Py | undefined = isNumber(key) ? list?.at(toNumber(key)) : undefined
  return found === undefined ? UNDEFINED : found
}

function slice(object: Py, { from, to }: Extract<Node, { kind: 'slice' }>, scope: Scope): Py {
  const end = (node: Node | null) => {
    const value = node === null ? null : evaluate(node, scope)
    if (value !== null && !isNumber(value)) throw new RenderFault('a slice needs numbers')
    return value === null ? undefined : Math.trunc(toNumber(value))
  }
  if (typeof object !== 'string' && !isPyList(object)) throw new RenderFault('only a text or list has slices')
  return object.slice(end(from) ?? 0, end(to))
}

function argumentsOf(args: readonly Argument[], scope: Scope): Args {
  const at: Py[] = []
  const named = new Map<string, Py>()
  for (const { name, value } of args) {
    const result = evaluate(value, scope)
    if (name === null) at.push(result)
    else named.set(name, result)
  }
  return { at, named }
}

function call(node: Extract<Node, { kind: 'call' }>, scope: Scope): Py {
  const { callee } = node
  const args = argumentsOf(node.args, scope)
  if (callee.kind === 'member') {
    const object = evaluate(callee.object, scope)
    if (object === UNDEFINED) {
      throw new RenderFault(`"${callee.name}" is called on a value that is missing`, { isMissing: true })
    }
    return callMethod(object, callee.name, args)
  }
  if (callee.kind !== 'name') throw new RenderFault('this cannot be called')
  if (callee.name === 'now') {
    if (scope.now === null) throw new RenderFault('there is no time here')
    return isoLocal(scope.now / 1000)
  }
  const isOfMany = (callee.name === 'min' || callee.name === 'max') && args.at.length > 1
  const input: Py = (isOfMany ? args.at : args.at[0]) ?? UNDEFINED
  return filters.get(callee.name)!(input, { at: isOfMany ? [] : args.at.slice(1), named: args.named })
}

function arithmetic(op: string, left: Py, right: Py): Py {
  if (op === '~') return bounded(pyText(left) + pyText(right))
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return bounded(left + right)
  if (op === '+' && isPyList(left) && isPyList(right)) return [...left, ...right]
  const a: Py = typeof left === 'boolean' ? Number(left) : left
  const b: Py = typeof right === 'boolean' ? Number(right) : right
  if (!isNumber(a) || !isNumber(b)) throw new RenderFault(`"${op}" cannot take these values`)
  const [x, y] = [toNumber(a), toNumber(b)]
  if (y === 0 && (op === '/' || op === '//' || op === '%')) throw new RenderFault('division by zero')
  const value = {
    '+': x + y,
    '-': x - y,
    '*': x * y,
    '/': x / y,
    '//': Math.floor(x / y),
    '%': x - y * Math.floor(x / y),
    '**': x ** y,
  }[op]!
  const isFloat = a instanceof Float || b instanceof Float || op === '/' || (op === '**' && y < 0)
  return isFloat ? new Float(value) : value
}

function compare(op: CompareOp, left: Py, right: Py): boolean {
  switch (op) {
    case '==':
      return pyEqual(left, right)
    case '!=':
      return !pyEqual(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    default:
      return ordered(op, left, right)
  }
}

function contains(container: Py, value: Py): boolean {
  if (typeof container === 'string') return typeof value === 'string' && container.includes(value)
  if (isPyList(container)) return container.some(item => pyEqual(item, value))
  if (isPyMap(container)) return Object.hasOwn(container, pyText(value))
  if (container === UNDEFINED) return false
  throw new RenderFault('"in" needs a text, a list or a map')
}

function ordered(op: '<' | '<=' | '>' | '>=', left: Py, right: Py): boolean {
  const plain = (value: Py) =>
    isNumber(value)
      ? toNumber(value)
      : typeof value === 'boolean'
        ? Number(value)
        : typeof value === 'string'
          ? value
          : undefined
  const [a, b] = [plain(left), plain(right)]
  if (a === undefined || b === undefined || typeof a !== typeof b)
    throw new RenderFault(`"${op}" cannot compare these values`)
  return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b
}
