import type { ArithmeticOp, CompareOp } from './ast.ts'
import type { Context } from './environment.ts'
import { bounded, ValueFault } from './functions/spec.ts'
import {
  CalendarDay,
  Duration,
  Instant,
  isList,
  isMap,
  kindOf,
  own,
  Range,
  sameResult,
  TimeOfDay,
  toText,
  UNKNOWN,
  type Result,
} from './values.ts'

// What the operators do with values, without implicit conversion. A pair that fits nothing is a ValueFault.

const DAY = 86_400_000

function mismatch(op: string, left: Result, right: Result): never {
  throw new ValueFault(`"${op}" cannot take a ${kindOf(left)} and a ${kindOf(right)}`)
}

function withNumbers(op: ArithmeticOp, a: number, b: number): Result {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '**':
      return a ** b
    case '/':
    case '//':
    case '%': {
      if (b === 0) throw new ValueFault('division by zero')
      if (op === '/') return a / b
      return op === '//' ? Math.floor(a / b) : a - b * Math.floor(a / b)
    }
    case '~':
      return bounded(`${a}${b}`)
  }
}

function withTimes(op: '+' | '-', left: Result, right: Result): Result {
  const sign = op === '+' ? 1 : -1
  if (right instanceof Duration) {
    if (left instanceof Instant) return new Instant(left.at + sign * right.ms)
    if (left instanceof Duration) return new Duration(left.ms + sign * right.ms)
    if (left instanceof TimeOfDay) return new TimeOfDay((((left.ms + sign * right.ms) % DAY) + DAY) % DAY)
  }
  if (op === '-' && left instanceof Instant && right instanceof Instant) return new Duration(left.at - right.at)
  if (op === '+' && left instanceof Duration && !(right instanceof Duration)) return withTimes('+', right, left)
  return mismatch(op, left, right)
}

/** `left op right`. @throws ValueFault, BudgetFault */
export function arithmetic(op: ArithmeticOp, left: Result, right: Result): Result {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = withNumbers(op, left, right)
    if (typeof result === 'number' && !Number.isFinite(result)) throw new ValueFault('the result is no finite number')
    return result
  }
  if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN
  if (op === '~') return bounded(toText(left) + toText(right))
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return bounded(left + right)
  if (op === '+' && isList(left) && isList(right)) return [...left, ...right]
  if (op === '*' && left instanceof Duration && typeof right === 'number') return new Duration(left.ms * right)
  if (op === '/' && left instanceof Duration && typeof right === 'number' && right !== 0)
    return new Duration(left.ms / right)
  if (op === '+' || op === '-') return withTimes(op, left, right)
  return mismatch(op, left, right)
}

function rank(value: Result): number | string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (value instanceof Instant) return value.at
  if (value instanceof Duration || value instanceof TimeOfDay) return value.ms
  if (value instanceof CalendarDay) return (value.year * 12 + value.month) * 31 + value.day
  return undefined
}

function inRange(value: Result, { from, to }: Range): Result {
  if (from === UNKNOWN || to === UNKNOWN) return UNKNOWN
  if (value instanceof TimeOfDay && from instanceof TimeOfDay && to instanceof TimeOfDay) {
    const { ms } = value
    return from.ms <= to.ms ? ms >= from.ms && ms < to.ms : ms >= from.ms || ms < to.ms
  }
  const low = compare('>=', value, from)
  const high = compare('<=', value, to)
  return low === false || high === false ? false : low === true && high === true ? true : UNKNOWN
}

function contains(container: Result, value: Result): Result {
  if (container instanceof Range) return inRange(value, container)
  if (isList(container)) {
    if (container.some(item => item !== UNKNOWN && sameResult(item, value))) return true
    return container.includes(UNKNOWN) ? UNKNOWN : false
  }
  if (typeof container === 'string' && typeof value === 'string') return container.includes(value)
  if (isMap(container) && typeof value === 'string') return own(container, value) !== undefined
  return mismatch('in', value, container)
}

/** `left op right`, three-valued. @throws ValueFault */
export function compare(op: CompareOp, left: Result, right: Result): Result {
  if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN
  if (op === '==') return sameResult(left, right)
  if (op === '!=') return !sameResult(left, right)
  if (op === 'in') return contains(right, left)
  if (op === 'not in') {
    const found = contains(right, left)
    return found === UNKNOWN ? UNKNOWN : !found
  }
  const [a, b] = [rank(left), rank(right)]
  if (a === undefined || b === undefined || typeof a !== typeof b || kindOf(left) !== kindOf(right))
    return mismatch(op, left, right)
  switch (op) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

/** `object[key]` and `object.key`: what is not there is unknown. */
export function lookUp(object: Result, key: Result): Result {
  if (object === UNKNOWN || key === UNKNOWN) return UNKNOWN
  if (isMap(object) && (typeof key === 'string' || typeof key === 'number')) {
    const found = own(object, String(key))
    return found === undefined ? UNKNOWN : found
  }
  if (isList(object)) {
    if (typeof key === 'number') {
      const found = object.at(key)
      return found === undefined ? UNKNOWN : found
    }
    if (typeof key === 'string') return object.map(item => lookUp(item, key))
  }
  throw new ValueFault(`a ${kindOf(object)} has no "${toText(key).slice(0, 40)}"`)
}

/** Whether a condition holds: only `true` does. @throws ValueFault for what is no truth value. */
export function truth(value: Result, context: Context): boolean | typeof UNKNOWN {
  if (typeof value === 'boolean' || value === UNKNOWN) return value
  context.notes.push(`a condition came to a ${kindOf(value)}`)
  return UNKNOWN
}
