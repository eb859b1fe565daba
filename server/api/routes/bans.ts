import { toIso } from '#kernel'
import { z } from 'zod'
import type { StoredBan } from '../../access/index.ts'
import { causeOf } from '../auth.ts'
import { ban, list, newBan, type BanJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

function banJson({ until, createdAt, ...shown }: StoredBan): BanJson {
  return { ...shown, until: until === null ? null : toIso(until), createdAt: toIso(createdAt) }
}

/** MQTT clients that are kept out. */
export function banRoutes(api: Api, { access, causes }: Pick<ApiOptions, 'access' | 'causes'>): void {
  api.get(
    '/mqtt/bans',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: list(ban) } } },
    async () => ({ items: access.bans().map(banJson), next: null }),
  )

  api.post(
    '/mqtt/bans',
    { config: { scope: 'admin', house: true }, schema: { body: newBan, response: { 201: ban } } },
    async (request, reply) => {
      const { user = null, clientId = null, address = null, until } = request.body
      const target = { user, clientId, address, until: until === null ? null : Date.parse(until) }
      return reply.code(201).send(banJson(await access.addBan(target, causeOf(request, causes))))
    },
  )

  api.delete(
    '/mqtt/bans/:id',
    {
      config: { scope: 'admin', house: true },
      schema: { params: z.object({ id: z.string() }), response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await access.removeBan(request.params.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}
