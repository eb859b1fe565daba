import type { Area, Command, CommandRequest, ComponentTable, Entity } from '#devices'
import type { Cause, Publish, Subscriptions, Ulid } from '#kernel'

/** Settings of the house that rules read. */
export interface House {
  /** IANA time zone, `Europe/Berlin`. */
  readonly zone: string
  readonly place: { readonly latitude: number; readonly longitude: number } | null
}

/** The names a rule may use, for checking and for resolving; live objects, or made from a file by `hob check --devices`. */
export interface Catalogue {
  readonly components: ComponentTable
  entities(): readonly Entity[]
  areas(): readonly Area[]
  /** Old or foreign names: alias -> slug. */
  aliases(): ReadonlyMap<string, string>
}

/** Everything outside the rules that the engine touches. */
export interface World {
  readonly catalogue: Catalogue
  house(): House
  publish: Publish
  subscriptions: Subscriptions
  /** @see Registry.command of #devices: a refusal is a command that `failed`. */
  command(entity: Ulid, request: CommandRequest, cause: Cause): Command
  /** Calls `listener` after devices, entities, areas or their names changed. */
  onStructure(listener: () => void): void
  /** Calls `listener` after zone or place changed. */
  onHouse(listener: () => void): void
}
