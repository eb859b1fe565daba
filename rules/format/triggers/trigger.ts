import type { Node } from 'yaml'
import type { Field, Fields, Reader } from '../fields.ts'
import type { Trigger } from '../rule.ts'

/** What all triggers have in common. */
export type TriggerBase = Pick<Trigger, 'path' | 'id' | 'if' | 'place'>

/** A trigger as it stands in the text, its common keys read. */
export interface TriggerText {
  readonly map: Node
  readonly fields: Fields
  /** The field of the main key. */
  readonly main: Field
  readonly base: TriggerBase
}

/** How one kind of trigger is written. */
export interface TriggerFormat {
  /** The main key, which is also the kind. */
  readonly key: Trigger['kind']
  /** Further keys, without the common ones. */
  readonly keys: readonly string[]
  /** Keys of the language that are refused as not supported yet. */
  readonly later: readonly string[]
  /** Reports what is wrong. @returns undefined when not even its main value can be used. */
  read(reader: Reader, trigger: TriggerText): Trigger | undefined
}
