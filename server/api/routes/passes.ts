import { toIso, type Clock } from '#kernel'
import { z } from 'zod'
import type { PassInfo } from '../../access/index.ts'
import { causeOf } from '../auth.ts'
import { createdPass, list, newPass, pass } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import { sightOf } from '../sight.ts'

const admin = { config: { scope: 'admin', house: true } } as const

function json({ entities, from, until, createdAt, ...shown }: PassInfo) {
  return { ...shown, entities: [...entities], from: toIso(from), until: toIso(until), createdAt: toIso(createdAt) }
}

interface PassOptions extends Pick<ApiOptions, 'access' | 'registry' | 'causes' | 'url'> {
  readonly clock: Clock
}

/** Guest passes. */
export function passRoutes(api: Api, { access, registry, causes, clock, url }: PassOptions): void {
  api.get('/passes', { ...admin, schema: { response: { 200: list(pass) } } }, async () => ({
    items: access.passes().map(json),
    next: null,
  }))

  api.post(
    '/passes',
    { ...admin, schema: { body: newPass, response: { 201: createdPass } } },
    async (request, reply) => {
      const { name, may, from, until, ...asked } = request.body
      const sight = sightOf(registry, request.principal)
      const entities = asked.entities.map(id => sight.entity(id).id)
      const window = { from: from === undefined ? clock.now() : Date.parse(from), until: Date.parse(until) }
      const made = await access.addPass({ name, may, entities, ...window }, causeOf(request, causes))
      // Behind the #, where no server, proxy or log sees it.
      const path = `/pass#${made.secret}`
      return reply.code(201).send({ ...json(made.pass), path, url: `${url()}${path}` })
    },
  )

  api.delete(
    '/passes/:id',
    { ...admin, schema: { params: z.object({ id: z.string() }), response: { 204: z.undefined() } } },
    async (request, reply) => {
      await access.removePass(request.params.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}
