import type { Connection } from './connection.ts'

/** How many connections may stand at the door. */
interface NewcomerLimits {
  readonly maxNewcomers: number
  readonly maxNewcomersPerAddress: number
}

/**
 * The connections whose client is not in yet. Where there are too many, the one that has waited longest makes room:
 * who means it sends its CONNECT at once, so those who only hold sockets push out each other.
 */
export class Newcomers {
  readonly #limits: NewcomerLimits
  readonly #byAddress = new Map<string, Set<Connection>>()
  #count = 0

  constructor(limits: NewcomerLimits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  /** @returns who has to make room. */
  add(connection: Connection): Connection | null {
    const { address } = connection
    const neighbours = this.#byAddress.get(address) ?? new Set()
    this.#byAddress.set(address, neighbours)
    neighbours.add(connection)
    this.#count++
    if (neighbours.size > this.#limits.maxNewcomersPerAddress) return first(neighbours)
    return this.#count > this.#limits.maxNewcomers ? this.longest() : null
  }

  remove(connection: Connection): void {
    const neighbours = this.#byAddress.get(connection.address)
    if (neighbours?.delete(connection) !== true) return
    this.#count--
    if (neighbours.size === 0) this.#byAddress.delete(connection.address)
  }

  /** The one that has waited longest, of the address that has most. */
  longest(): Connection | null {
    let most: ReadonlySet<Connection> = new Set()
    for (const each of this.#byAddress.values()) if (each.size > most.size) most = each
    return first(most)
  }
}

function first(connections: ReadonlySet<Connection>): Connection | null {
  for (const connection of connections) return connection
  return null
}
