import type { z } from 'zod'
import type { ActivityAsk } from '../../history/index.ts'
import { activityJson } from '../activity-shapes.ts'
import { activity, activityQuery, list } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import { sightOf, type Sight } from '../sight.ts'

type Query = z.output<typeof activityQuery>

const ids = (things: readonly { readonly id: string }[]): string[] => things.map(({ id }) => id)

/** The part of the house that is asked for, as far as it is in sight; null is all of it. */
function partOf(sight: Sight, { entity, device, area }: Query): ActivityAsk['only'] {
  const parts: NonNullable<ActivityAsk['only']>[] = []
  if (entity !== undefined) {
    const found = sight.entity(entity)
    parts.push({ entities: [found.id], devices: [found.device.id] })
  }
  if (device !== undefined) {
    const found = sight.device(device)
    parts.push({ entities: ids(sight.entitiesOf(found)), devices: [found.id] })
  }
  if (area !== undefined) {
    const { id } = sight.area(area)
    const within = (thing: { area: { id: string } | null }) => thing.area?.id === id
    parts.push({ entities: ids(sight.entities().filter(within)), devices: ids(sight.devices().filter(within)) })
  }
  if (!sight.seesHouse) parts.push({ entities: ids(sight.entities()), devices: ids(sight.devices()) })
  if (parts.length === 0) return null
  const common = (pick: (part: (typeof parts)[number]) => readonly string[]) =>
    parts.map(pick).reduce((all, some) => all.filter(id => some.includes(id)))
  return { entities: common(part => part.entities), devices: common(part => part.devices) }
}

/** What happened, and why. */
export function activityRoutes(api: Api, { registry, history }: ApiOptions): void {
  api.get(
    '/activity',
    { config: { scope: 'read' }, schema: { querystring: activityQuery, response: { 200: list(activity) } } },
    async ({ query, principal }) => {
      const sight = sightOf(registry, principal)
      const { from, to, kinds, q, cursor, limit } = query
      const areas = ids(sight.areas())
      const { items, next } = await history.activity({
        from: from === undefined ? 0 : Date.parse(from),
        to: to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to),
        only: partOf(sight, query),
        kinds: kinds ?? null,
        words: q === undefined ? [] : q.toLowerCase().split(/\s+/).filter(Boolean),
        // What may not be read must not be found either.
        searchesCauses: sight.seesHouse,
        areas: sight.seesHouse ? null : areas,
        before: cursor === undefined ? null : Number(cursor),
        limit,
      })
      const known = {
        seesHouse: sight.seesHouse,
        who: principal.who,
        entities: new Set(ids(sight.entities())),
        devices: new Set(ids(sight.devices())),
        areas: new Set(areas),
      }
      return { items: items.map(each => activityJson(each, known)), next: next === null ? null : String(next) }
    },
  )
}
