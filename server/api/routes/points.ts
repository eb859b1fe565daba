import { HobError } from '#kernel'
import type { Entity, Registry } from '#devices'
import { z } from 'zod'
import type { Principal } from '../../access/index.ts'
import { maySee } from '../auth.ts'
import { list, points, type PointsJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

const query = z.object({
  area: z.string().optional().describe('slug or id'),
  device: z.string().optional().describe('slug or id; with its diagnostics'),
  entity: z.string().optional().describe('id'),
})

/**
 * The entities that are asked for, of those the caller sees.
 * @throws HobError `devices.unknown_area`, `devices.unknown_device`, `devices.unknown_entity`.
 */
function entitiesOf(registry: Registry, principal: Principal, asked: z.output<typeof query>): readonly Entity[] {
  const { area, device, entity } = asked
  const seen = registry.entities().filter(each => maySee(principal, each))
  const where = area === undefined ? undefined : registry.area(area)
  const whose = device === undefined ? undefined : registry.device(device)
  if (area !== undefined && where === undefined) throw unknown('area', area)
  if (device !== undefined && !seen.some(each => each.device === whose)) throw unknown('device', device)
  if (entity !== undefined && !seen.some(({ id }) => id === entity)) throw unknown('entity', entity)
  return seen
    .filter(each => where === undefined || each.area?.id === where.id)
    .filter(each => whose === undefined || each.device === whose)
    .filter(each => entity === undefined || each.id === entity)
    .filter(each => whose !== undefined || entity !== undefined || each.category === null)
}

function unknown(kind: 'area' | 'device' | 'entity', name: string): HobError {
  return new HobError(`devices.unknown_${kind}`, `there is no ${kind} "${name}"`)
}

/** The recent numbers of entities, for sparklines. */
export function pointRoutes(api: Api, { registry }: ApiOptions): void {
  api.get(
    '/entities/points',
    { config: { scope: 'read' }, schema: { querystring: query, response: { 200: list(points) } } },
    async (request, reply) => {
      const items: PointsJson[] = []
      for (const entity of entitiesOf(registry, request.principal, request.query)) {
        for (const value of entity.values.keys()) {
          const recent = registry.recentPoints(entity.id, value)
          if (recent.length === 0) continue
          items.push({ entity: entity.id, value, points: recent.map(each => [each.at, each.value]) })
        }
      }
      // Tens of thousands of pairs that the types vouch for: to check each of them takes ten times as long as to write it.
      return reply.type('application/json').serializer(JSON.stringify).send({ items, next: null })
    },
  )
}
