import { NUMBER, type Type } from '../types.ts'
import { numberOf, ValueFault, type FunctionSpec } from './spec.ts'

const NUMBERS: readonly Type['kind'][] = ['number']
const likeFirst = (args: readonly Type[]): Type =>
  args[0]?.kind === 'number' ? { kind: 'number', unit: args[0].unit } : NUMBER

/** Rounds half away from zero, on the decimal digits a person sees: `1.005 | round(2)` is 1.01. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  const shifted = Number(`${Math.abs(value)}e${digits}`)
  const rounded = Number.isNaN(shifted) ? Math.abs(value) : Number(`${Math.round(shifted)}e${-digits}`)
  return Number.isNaN(rounded) ? value : Math.sign(value) * rounded
}

/** Functions of numbers. */
export const numberFunctions: Readonly<Record<string, FunctionSpec>> = {
  abs: { takes: [1, 1], accepts: [NUMBERS], result: likeFirst, call: ([value]) => Math.abs(numberOf(value!, 'abs')) },
  round: {
    takes: [1, 2],
    accepts: [NUMBERS, NUMBERS],
    result: likeFirst,
    call([value, digits]) {
      const places = digits === undefined ? 0 : numberOf(digits, 'round')
      if (!Number.isInteger(places) || Math.abs(places) > 12)
        throw new ValueFault('round needs a whole number of digits, at most 12')
      return roundTo(numberOf(value!, 'round'), places)
    },
  },
  floor: {
    takes: [1, 1],
    accepts: [NUMBERS],
    result: likeFirst,
    call: ([value]) => Math.floor(numberOf(value!, 'floor')),
  },
  ceil: {
    takes: [1, 1],
    accepts: [NUMBERS],
    result: likeFirst,
    call: ([value]) => Math.ceil(numberOf(value!, 'ceil')),
  },
  clamp: {
    takes: [3, 3],
    accepts: [NUMBERS],
    result: likeFirst,
    call: ([value, low, high]) =>
      Math.min(Math.max(numberOf(value!, 'clamp'), numberOf(low!, 'clamp')), numberOf(high!, 'clamp')),
  },
  scale: {
    takes: [5, 5],
    accepts: [NUMBERS],
    result: NUMBER,
    call(args) {
      const [value, fromLow, fromHigh, toLow, toHigh] = args.map(arg => numberOf(arg, 'scale')) as [
        number,
        number,
        number,
        number,
        number,
      ]
      if (fromLow === fromHigh) throw new ValueFault('scale needs two different ends')
      return toLow + ((value - fromLow) * (toHigh - toLow)) / (fromHigh - fromLow)
    },
  },
  random: {
    takes: [2, 2],
    accepts: [NUMBERS],
    result: NUMBER,
    call([low, high], context) {
      const [from, to] = [numberOf(low!, 'random'), numberOf(high!, 'random')]
      return from + context.random() * (to - from)
    },
  },
}
