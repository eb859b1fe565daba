import type { CommandSpec, ValueSpec } from '../model/entity.ts'

/** What every entity of a kind has: canonical value names, units and commands (the table of the README). */
export interface Component {
  readonly name: string
  /** Its area list in rules: `area.hall.lights`. */
  readonly plural: string
  /** The canonical values it can have; an entity has a subset. A sensor's are named by its device class. */
  readonly values: Readonly<Record<string, ValueSpec>>
  /** The value that a bare name means: `on` for a light. */
  readonly main: string | null
  readonly commands: readonly CommandSpec[]
}

export type ComponentTable = ReadonlyMap<string, Component>
