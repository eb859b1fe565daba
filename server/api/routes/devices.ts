import { z } from 'zod'
import { component, device, deviceChange, list, type DeviceJson } from '../contract.ts'
import { causeOf } from '../auth.ts'
import type { Device } from '#devices'
import type { ApiOptions } from '../ports.ts'
import { componentJson, deviceJson } from '../shapes.ts'
import { sightOf, type Sight } from '../sight.ts'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'

const byId = z.object({ id: z.string().describe('id or slug') })

/** Whoever sees parts of the house learns of a device what those parts tell: no place out of sight, no login, no topic. */
function partOf(sight: Sight, { area, entities }: Device, json: DeviceJson): DeviceJson {
  if (sight.seesHouse) return json
  const isSeen = area !== null && sight.areas().some(({ id }) => id === area.id)
  const isWhole = json.entities.length === entities.length
  const reports = json.entities.flatMap(each => Object.values(each.values).map(({ at }) => at ?? ''))
  const lastSeen = isWhole ? json.lastSeen : reports.toSorted().at(-1) || null
  return { ...json, area: isSeen ? json.area : null, lastSeen, identifiers: [], user: null, topics: [] }
}

/** Devices and the component table. */
export function deviceRoutes(api: Api, { registry, pairing, components, versions, causes }: ApiOptions): void {
  const json = (sight: Sight, each: Device) =>
    partOf(sight, each, deviceJson(each, registry.version(each.id) ?? 0, sight.entitiesOf(each)))

  api.get(
    '/devices',
    {
      config: { scope: 'read' },
      schema: { querystring: z.object({ area: z.string().optional() }), response: { 200: list(device) } },
    },
    async request => {
      const { area } = request.query
      const sight = sightOf(registry, request.principal)
      const wanted = area === undefined ? undefined : sight.area(area)
      const items = sight
        .devices()
        .filter(each => wanted === undefined || each.area?.id === wanted.id)
        .map(each => json(sight, each))
      return { items, next: null }
    },
  )

  api.get(
    '/devices/:id',
    { config: { scope: 'read' }, schema: { params: byId, response: { 200: device } } },
    async (request, reply) => {
      const sight = sightOf(registry, request.principal)
      const found = json(sight, sight.device(request.params.id))
      sendVersion(reply, found.version)
      return found
    },
  )

  api.patch(
    '/devices/:id',
    {
      config: { scope: 'edit' },
      schema: { params: byId, headers: ifMatchHeader, body: deviceChange, response: { 200: device } },
    },
    async (request, reply) => {
      const sight = sightOf(registry, request.principal)
      const found = sight.device(request.params.id)
      const { id } = found
      sight.requireDevice('edit', found)
      const { area, slug } = request.body
      if (area !== undefined) sight.requireArea('edit', area === null ? null : sight.area(area))
      // Rules and programs know it by its slug.
      if (slug !== undefined) sight.requireHouse('edit')
      const edit = { cause: causeOf(request, causes), ...ifMatch(request) }
      const about = {
        kind: 'device',
        object: id,
        change: request.body,
        show: sight.version,
        ...ifMatch(request),
      } as const
      const changed = await versions.merging(about, () => registry.changeDevice(id, request.body, edit))
      const shown = json(sight, changed)
      sendVersion(reply, shown.version)
      return shown
    },
  )

  api.delete(
    '/devices/:id',
    { config: { scope: 'admin' }, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const sight = sightOf(registry, request.principal)
      const found = sight.device(request.params.id)
      sight.requireDevice('admin', found)
      await pairing.forget(found.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )

  api.get('/components', { config: { scope: 'read' }, schema: { response: { 200: list(component) } } }, async () => ({
    items: [...components.values()].map(componentJson),
    next: null,
  }))
}
