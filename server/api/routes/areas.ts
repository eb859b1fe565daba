import type { Area } from '#devices'
import { z } from 'zod'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'
import { causeOf } from '../auth.ts'
import { area, areaChange, list, newArea } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import { sightOf } from '../sight.ts'

const byId = z.object({ id: z.string().describe('id or slug') })

/** Rooms and zones. */
export function areaRoutes(api: Api, { registry, versions, causes }: ApiOptions): void {
  const json = ({ id, slug, name }: Area) => ({ id, slug, name, version: registry.version(id) ?? 0 })

  api.get('/areas', { config: { scope: 'read' }, schema: { response: { 200: list(area) } } }, async request => ({
    items: sightOf(registry, request.principal).areas().map(json),
    next: null,
  }))

  api.get(
    '/areas/:id',
    { config: { scope: 'read' }, schema: { params: byId, response: { 200: area } } },
    async (request, reply) => {
      const found = sightOf(registry, request.principal).area(request.params.id)
      sendVersion(reply, json(found).version)
      return json(found)
    },
  )

  api.post(
    '/areas',
    { config: { scope: 'admin', house: true }, schema: { body: newArea, response: { 201: area } } },
    async (request, reply) =>
      reply.code(201).send(json(await registry.addArea(request.body, causeOf(request, causes)))),
  )

  api.patch(
    '/areas/:id',
    {
      config: { scope: 'edit' },
      schema: { params: byId, headers: ifMatchHeader, body: areaChange, response: { 200: area } },
    },
    async (request, reply) => {
      const edit = { cause: causeOf(request, causes), ...ifMatch(request) }
      const { params, body } = request
      const sight = sightOf(registry, request.principal)
      sight.requireArea('edit', sight.area(params.id))
      // Rules and programs know it by its slug.
      if (body.slug !== undefined) sight.requireHouse('edit')
      const about = { kind: 'area', object: params.id, change: body, ...ifMatch(request) } as const
      const changed = json(await versions.merging(about, () => registry.changeArea(params.id, body, edit)))
      sendVersion(reply, changed.version)
      return changed
    },
  )

  api.delete(
    '/areas/:id',
    { config: { scope: 'admin', house: true }, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await registry.removeArea(request.params.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}
