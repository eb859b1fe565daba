import type { Registry } from '#devices'
import { HobError } from '#kernel'
import { z } from 'zod'
import type { StoredAreaRole } from '../../access/index.ts'
import { causeOf } from '../auth.ts'
import { areaRole, areaRoleChange, list, newAreaRole } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

const bySlug = z.object({ slug: z.string() })
const admin = { config: { scope: 'admin', house: true } } as const

const json = ({ areas, ...role }: StoredAreaRole) => ({ ...role, areas: areas.map(each => ({ ...each })) })

function areasFrom(registry: Registry, given: StoredAreaRole['areas']): StoredAreaRole['areas'] {
  return given.map(({ area, may }) => {
    const found = registry.area(area)
    if (found === undefined) throw new HobError('devices.unknown_area', `there is no area "${area}"`)
    return { area: found.id, may }
  })
}

/** What people may do by area. */
export function areaRoleRoutes(
  api: Api,
  { access, registry, causes }: Pick<ApiOptions, 'access' | 'registry' | 'causes'>,
): void {
  api.get('/roles', { ...admin, schema: { response: { 200: list(areaRole) } } }, async () => ({
    items: access.areaRoles().map(json),
    next: null,
  }))

  api.post(
    '/roles',
    { ...admin, schema: { body: newAreaRole, response: { 201: areaRole } } },
    async (request, reply) => {
      const role = { ...request.body, areas: areasFrom(registry, request.body.areas) }
      return reply.code(201).send(json(await access.addAreaRole(role, causeOf(request, causes))))
    },
  )

  api.patch(
    '/roles/:slug',
    { ...admin, schema: { params: bySlug, body: areaRoleChange, response: { 200: areaRole } } },
    async request => {
      const { areas, ...change } = request.body
      const changed = areas === undefined ? change : { ...change, areas: areasFrom(registry, areas) }
      return json(await access.changeAreaRole(request.params.slug, changed, causeOf(request, causes)))
    },
  )

  api.delete(
    '/roles/:slug',
    { ...admin, schema: { params: bySlug, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await access.removeAreaRole(request.params.slug, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}
