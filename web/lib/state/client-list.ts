import type { BanJson, ClientDetailJson, ClientJson } from '#api'
import type { Api } from '../api.ts'
import { Looked } from './looked.svelte.ts'

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
