import { ANY, BOOL, NUMBER, type Type } from '../types.ts'
import { isList, isMap, UNKNOWN, type Result } from '../values.ts'
import type { Context } from '../environment.ts'
import { numberOf, spend, ValueFault, type FunctionSpec } from './spec.ts'

function listOf(value: Result, context: Context, what: string): readonly Result[] {
  if (!isList(value)) throw new ValueFault(`${what} needs a list`)
  spend(context, value.length)
  return value
}

const element = ([list]: readonly Type[]): Type => (list?.kind === 'list' ? list.of : ANY)
const LIST: readonly Type['kind'][] = ['list']

/** A figure over the numbers of a list; unknown when one of them is, or when there are none. */
function figure(name: string, of: (numbers: number[]) => number): FunctionSpec {
  return {
    takes: [1, Infinity],
    accepts: [['list', 'number'], ['number']],
    result: args => (args.length === 1 ? element(args) : (args[0] ?? NUMBER)),
    call(args, context) {
      const items = args.length === 1 ? listOf(args[0]!, context, name) : args
      if (items.includes(UNKNOWN) || items.length === 0) return UNKNOWN
      return of(items.map(item => numberOf(item, name)))
    },
  }
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `any` and `all` are known as soon as one item decides, whatever the others are. */
function quantifier(name: string, decides: boolean): FunctionSpec {
  return {
    takes: [1, 1],
    accepts: [LIST],
    result: BOOL,
    call([value], context) {
      const items = listOf(value!, context, name)
      if (items.includes(decides)) return decides
      const odd = items.find(item => item !== UNKNOWN && typeof item !== 'boolean')
      if (odd !== undefined) throw new ValueFault(`${name} needs a list of truth values`)
      return items.includes(UNKNOWN) ? UNKNOWN : !decides
    },
  }
}

/** Functions over lists. */
export const listFunctions: Readonly<Record<string, FunctionSpec>> = {
  any: quantifier('any', true),
  all: quantifier('all', false),
  count: {
    takes: [1, 1],
    accepts: [LIST],
    result: NUMBER,
    call([value], context) {
      const items = listOf(value!, context, 'count')
      if (!items.every(item => typeof item === 'boolean' || item === UNKNOWN)) return items.length
      return items.includes(UNKNOWN) ? UNKNOWN : items.filter(item => item === true).length
    },
  },
  sum: { ...figure('sum', numbers => numbers.reduce((a, b) => a + b, 0)) },
  avg: figure('avg', numbers => numbers.reduce((a, b) => a + b, 0) / numbers.length),
  min: figure('min', numbers => numbers.reduce((a, b) => Math.min(a, b))),
  max: figure('max', numbers => numbers.reduce((a, b) => Math.max(a, b))),
  median: figure('median', median),
  first: {
    takes: [1, 1],
    accepts: [LIST],
    result: element,
    call: ([value], context) => listOf(value!, context, 'first')[0] ?? UNKNOWN,
  },
  last: {
    takes: [1, 1],
    accepts: [LIST],
    result: element,
    call: ([value], context) => listOf(value!, context, 'last').at(-1) ?? UNKNOWN,
  },
  length: {
    takes: [1, 1],
    accepts: [['list', 'text', 'enum', 'map']],
    result: NUMBER,
    call([value]) {
      if (typeof value === 'string') return [...value].length
      if (isList(value!)) return value.length
      if (isMap(value!)) return Object.keys(value).length
      throw new ValueFault('length needs a list, a text or a map')
    },
  },
}
