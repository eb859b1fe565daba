import type { Node } from 'yaml'
import type { Field, Fields, Reader } from '../fields.ts'
import type { Step } from '../rule.ts'

/** What all steps have in common. */
export type StepBase = Pick<Step, 'path' | 'name' | 'if' | 'place'>

/** A step as it stands in the text, its common keys read. */
export interface StepText {
  readonly map: Node
  readonly fields: Fields
  /** The field of the verb. */
  readonly main: Field
  readonly base: StepBase
}

/** How one kind of step is written. */
export interface StepFormat {
  /** The verb, which is also the kind. */
  readonly key: Step['kind']
  /** Further keys, without the common ones. */
  readonly keys: readonly string[]
  /** Keys of the language that are refused as not supported yet. */
  readonly later: readonly string[]
  /** Reports what is wrong. @returns undefined when not even the verb's value can be used. */
  read(reader: Reader, step: StepText): Step | undefined
}
