import type { CommandRequest } from '../model/command.ts'
import type { Scalar, Value } from '../model/entity.ts'
import type { Component } from './component.ts'

/** Canonical values by name. */
export type Values = Readonly<Record<string, Scalar>>

/** An entity's values as they stand. */
export type KnownValues = ReadonlyMap<string, Value>

/**
 * What a dialect has to encode: the command with everything worked out that does not depend on the device's
 * language. `toggle` has become `turn_on` or `turn_off`, a step has become a value.
 */
export interface Intent {
  readonly verb: string
  readonly values: Values
  /** What the device will report once it has obeyed. */
  readonly expected: Values
}

/** A component with its behaviour; the rest of the house sees the plain table (`Component`). */
export interface ComponentDefinition extends Component {
  /**
   * Works a checked request out against the values as they stand.
   * @throws HobError `devices.bad_value` (facts: `pointer`).
   */
  resolve(request: CommandRequest, known: KnownValues): Intent
  /** Whether a reported value is what was asked, within what devices round. Default: equal. */
  isSame?(name: string, asked: Scalar, reported: Scalar): boolean
}
