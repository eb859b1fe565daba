import { listFunctions } from './lists.ts'
import { numberFunctions } from './numbers.ts'
import type { FunctionTable } from './spec.ts'
import { textFunctions } from './texts.ts'

/** The functions and filters of the language. */
export const functions: FunctionTable = new Map(
  Object.entries({ ...listFunctions, ...numberFunctions, ...textFunctions }),
)

export const functionNames: readonly string[] = [...functions.keys()]
