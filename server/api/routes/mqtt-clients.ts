import { HobError, toIso } from '#kernel'
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { ClientInfo } from '../../broker/index.ts'
import { causeOf } from '../auth.ts'
import { client, clientDetail, list, type ClientJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

type Parts = Pick<ApiOptions, 'broker' | 'access' | 'registry' | 'causes' | 'log'>

const byId = z.object({ id: z.string() })
const isoOrNull = (at: number | null) => (at === null ? null : toIso(at))

/** Names a client in an address: its own id may be any text of 64 KiB. */
function idOf({ user, clientId }: Pick<ClientInfo, 'user' | 'clientId'>): string {
  return hash('sha256', `${user}\0${clientId}`, 'base64url').slice(0, 22)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** The MQTT clients: who they are, what they do, and sending one away. */
export function mqttClientRoutes(api: Api, parts: Parts): void {
  const { access, broker, causes, log } = parts
  const find = (id: string): ClientInfo => {
    const found = broker.clients().find(each => idOf(each) === id)
    if (found === undefined) throw new HobError('mqtt.unknown_client', 'there is no such client any more')
    return found
  }

  api.get(
    '/mqtt/clients',
    {
      config: { scope: 'admin', house: true },
      schema: {
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
          after: z.string().optional().describe('cursor: `next` of the page before'),
        }),
        response: { 200: list(client) },
      },
    },
    async request => {
      const { limit, after = '' } = request.query
      const all = broker.clients().map(info => ({ id: idOf(info), info }))
      const rest = all.filter(({ id }) => id > after).toSorted((a, b) => compare(a.id, b.id))
      const shown = shape(parts)
      const items = rest.slice(0, limit).map(({ id, info }) => shown(id, info))
      return { items, next: rest.length > limit ? items.at(-1)!.id : null }
    },
  )

  api.get(
    '/mqtt/clients/:id',
    {
      config: { scope: 'admin', house: true },
      schema: { params: byId, response: { 200: clientDetail } },
    },
    async request => {
      const { id } = request.params
      const info = find(id)
      const { filters = [] } = broker.client(info.user, info.clientId) ?? {}
      return { ...shape(parts)(id, info), filters: [...filters] }
    },
  )

  api.post(
    '/mqtt/clients/:id/disconnect',
    { config: { scope: 'admin', house: true }, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { user, clientId, connected } = find(request.params.id)
      if (!connected) throw new HobError('mqtt.not_connected', 'this client is not connected')
      const cause = causeOf(request, causes)
      log.info({ user, clientId, who: cause.who, cause: cause.id }, 'a client is sent away')
      broker.disconnect({ user, clientId })
      access.audit.note(cause, { action: 'mqtt.disconnect', object: user, detail: { clientId } })
      return reply.code(204).send()
    },
  )
}

/** How clients are shown, with what the house knows of them at this moment. */
function shape({ access, registry }: Parts): (id: string, info: ClientInfo) => ClientJson {
  const kinds = new Map(access.clients().map(({ user, kind }) => [user, kind]))
  const devices = Map.groupBy(registry.devices(), ({ user }) => user)
  return (id, { confined, connectedAt, disconnectedAt, lastReasonAt, ...info }) => {
    // A gateway speaks for many.
    const [device, ...others] = devices.get(info.user) ?? []
    const isOwn = device !== undefined && others.length === 0
    return {
      ...info,
      id,
      kind: confined ? 'guest' : (kinds.get(info.user) ?? 'other'),
      device: isOwn ? { id: device.id, name: device.name } : null,
      connectedAt: isoOrNull(connectedAt),
      disconnectedAt: isoOrNull(disconnectedAt),
      lastReasonAt: isoOrNull(lastReasonAt),
    }
  }
}
