import { HobError } from '#kernel'
import { z } from 'zod'
import { component, device, deviceChange, list } from '../contract.ts'
import { causeOf, maySee } from '../auth.ts'
import type { Principal } from '../../access/index.ts'
import type { Device } from '#devices'
import type { ApiOptions } from '../ports.ts'
import { componentJson, deviceJson } from '../shapes.ts'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'

const byId = z.object({ id: z.string().describe('id or slug') })

/** Devices and the component table. */
export function deviceRoutes(api: Api, { registry, pairing, components, versions, causes }: ApiOptions): void {
  const visible = (principal: Principal, each: Device) => each.entities.filter(entity => maySee(principal, entity))
  const json = (principal: Principal, each: Device) =>
    deviceJson(each, registry.version(each.id) ?? 0, visible(principal, each))
  const find = (principal: Principal, id: string): Device => {
    const found = registry.device(id)
    if (found === undefined || (principal.areas !== null && visible(principal, found).length === 0)) {
      throw new HobError('devices.unknown_device', `there is no device "${id}"`)
    }
    return found
  }

  api.get(
    '/devices',
    {
      config: { scope: 'read' },
      schema: { querystring: z.object({ area: z.string().optional() }), response: { 200: list(device) } },
    },
    async request => {
      const { area } = request.query
      const wanted = area === undefined ? undefined : registry.area(area)
      if (area !== undefined && wanted === undefined)
        throw new HobError('devices.unknown_area', `there is no area "${area}"`)
      const items = registry
        .devices()
        .filter(each => wanted === undefined || each.area?.id === wanted.id)
        .filter(each => request.principal.areas === null || visible(request.principal, each).length > 0)
        .map(each => json(request.principal, each))
      return { items, next: null }
    },
  )

  api.get(
    '/devices/:id',
    { config: { scope: 'read' }, schema: { params: byId, response: { 200: device } } },
    async (request, reply) => {
      const found = json(request.principal, find(request.principal, request.params.id))
      sendVersion(reply, found.version)
      return found
    },
  )

  api.patch(
    '/devices/:id',
    {
      config: { scope: 'admin', house: true },
      schema: { params: byId, headers: ifMatchHeader, body: deviceChange, response: { 200: device } },
    },
    async (request, reply) => {
      const { id } = find(request.principal, request.params.id)
      const edit = { cause: causeOf(request, causes), ...ifMatch(request) }
      const about = { kind: 'device', object: id, change: request.body, ...ifMatch(request) } as const
      const changed = await versions.merging(about, () => registry.changeDevice(id, request.body, edit))
      const shown = json(request.principal, changed)
      sendVersion(reply, shown.version)
      return shown
    },
  )

  api.delete(
    '/devices/:id',
    { config: { scope: 'admin', house: true }, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await pairing.forget(find(request.principal, request.params.id).id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )

  api.get('/components', { config: { scope: 'read' }, schema: { response: { 200: list(component) } } }, async () => ({
    items: [...components.values()].map(componentJson),
    next: null,
  }))
}
