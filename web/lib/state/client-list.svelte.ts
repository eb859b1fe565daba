import type { BanJson, ClientDetailJson, ClientJson } from '#api'
import type { Api } from '../api.ts'
import { Problem } from '../problem.ts'

/** Milliseconds between two looks. */
const LOOKS_EVERY = 5_000

/** Something that is asked for again and again while it is in view. What came stays when the next look fails. */
export class Looked<Found> {
  /** Null until it came once. */
  found = $state.raw<Found | null>(null)
  /** Why it did not come the last time. */
  problem = $state.raw<Problem | null>(null)
  /** When it came, in milliseconds since 1970. */
  at = $state(0)
  readonly #ask: () => Promise<Found>
  #isStopped = false
  #looks = 0

  constructor(ask: () => Promise<Found>) {
    this.#ask = ask
  }

  /** Looks now and every 5 s. @returns how to stop. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const next = async () => {
      await this.look()
      if (!this.#isStopped) timer = setTimeout(() => void next(), LOOKS_EVERY)
    }
    void next()
    return () => {
      this.#isStopped = true
      clearTimeout(timer)
    }
  }

  /** Looks once. An answer that a later look overtook does not count. */
  async look(): Promise<void> {
    const look = ++this.#looks
    try {
      const found = await this.#ask()
      if (look !== this.#looks) return
      this.found = found
      this.at = Date.now()
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (look === this.#looks) this.problem = error
    }
  }
}

/** All MQTT clients, and who is kept out. */
export interface ClientsAndBans {
  readonly clients: readonly ClientJson[]
  readonly bans: readonly BanJson[]
}

async function allClients(api: Api): Promise<ClientJson[]> {
  const all: ClientJson[] = []
  let after: string | undefined
  do {
    const { items, next } = await api('GET /mqtt/clients', { query: { after } })
    all.push(...items)
    after = next ?? undefined
  } while (after !== undefined)
  return all
}

export function lookAtClients(api: Api): Looked<ClientsAndBans> {
  return new Looked(async () => {
    const [clients, { items }] = await Promise.all([allClients(api), api('GET /mqtt/bans')])
    return { clients, bans: items }
  })
}

export function lookAtClient(api: Api, id: string): Looked<ClientDetailJson> {
  return new Looked(() => api('GET /mqtt/clients/:id', { params: { id } }))
}
