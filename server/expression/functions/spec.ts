import type { Context } from '../environment.ts'
import { MAX_ITEMS, MAX_STEPS, MAX_TEXT } from '../limits.ts'
import type { Type } from '../types.ts'
import type { Result } from '../values.ts'

/** A limit of the language was reached while an expression ran. */
export class BudgetFault extends Error {
  override readonly name = 'BudgetFault'
}

/** A function cannot do anything with a value that was only known now: the result is unknown, the note says why. */
export class ValueFault extends Error {
  override readonly name = 'ValueFault'
}

/** A function; as a filter, what stands before `|` is its first argument. */
export interface FunctionSpec {
  /** How many arguments it takes. */
  readonly takes: readonly [least: number, most: number]
  /** What kinds of values each argument may have; the last one holds for further ones. */
  readonly accepts: readonly (readonly Type['kind'][])[]
  readonly result: Type | ((args: readonly Type[]) => Type)
  /** Whether it wants to see unknown values; else one unknown argument makes the result unknown. */
  readonly seesUnknown?: true
  readonly call: (args: readonly Result[], context: Context) => Result
}

export type FunctionTable = ReadonlyMap<string, FunctionSpec>

/** Counts items that a function handles. @throws BudgetFault */
export function spend(context: Context, items: number): void {
  context.steps += items
  if (items > MAX_ITEMS || context.steps > MAX_STEPS) throw new BudgetFault('this expression handles too many items')
}

/** @throws BudgetFault for a text that is too long. */
export function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw new BudgetFault(`this expression makes a text of more than ${MAX_TEXT} characters`)
  return text
}

export function numberOf(value: Result, what: string): number {
  if (typeof value !== 'number') throw new ValueFault(`${what} needs a number`)
  return value
}

export function textOf(value: Result, what: string): string {
  if (typeof value !== 'string') throw new ValueFault(`${what} needs a text`)
  return value
}
