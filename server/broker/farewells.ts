import { type ClientIdentity, identityKey } from './session.ts'

/** Clients that are remembered, and characters of user and client id; whoever has longer ones is not. */
const MAX_FAREWELLS = 10_000
const MAX_NAME = 1_024

/** How the last connection of a client ended. */
export interface Farewell {
  /** Name of the reason, as in `reason.ts` and `codec/faults.ts`. */
  readonly reason: string
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly address: string
}

/** Why clients went, kept also for those whose session went with them; until the hub stops. */
export class Farewells {
  readonly #known = new Map<string, Farewell>()

  note(client: ClientIdentity, farewell: Farewell): void {
    const name = identityKey(client)
    if (name.length > MAX_NAME) return
    this.#known.delete(name)
    this.#known.set(name, farewell)
    if (this.#known.size > MAX_FAREWELLS) this.#known.delete(this.#known.keys().next().value!)
  }

  of(client: ClientIdentity): Farewell | null {
    return this.#known.get(identityKey(client)) ?? null
  }
}
