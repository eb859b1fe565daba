import type { Entity } from '#devices'
import { z } from 'zod'
import { list, points, type PointsJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import { sightOf, type Sight } from '../sight.ts'
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
function entitiesOf(sight: Sight, asked: z.output<typeof query>): readonly Entity[] {
  const { area, device, entity } = asked
  const where = area === undefined ? undefined : sight.area(area)
  const whose = device === undefined ? undefined : sight.device(device)
  if (entity !== undefined) sight.entity(entity)
  return sight
    .entities()
    .filter(each => where === undefined || each.area?.id === where.id)
    .filter(each => whose === undefined || each.device === whose)
    .filter(each => entity === undefined || each.id === entity)
    .filter(each => whose !== undefined || entity !== undefined || each.category === null)
}

/** The recent numbers of entities, for sparklines. */
export function pointRoutes(api: Api, { registry }: ApiOptions): void {
  api.get(
    '/entities/points',
    { config: { scope: 'read' }, schema: { querystring: query, response: { 200: list(points) } } },
    async (request, reply) => {
      const items: PointsJson[] = []
      for (const entity of entitiesOf(sightOf(registry, request.principal), request.query)) {
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
