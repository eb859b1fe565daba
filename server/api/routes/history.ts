import { toIso } from '#kernel'
import type { Entity } from '#devices'
import { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Principal } from '../../access/index.ts'
import type { HistoryAsk, ValueHistory } from '../../history/index.ts'
import {
  history,
  historyExportQuery,
  historyQuery,
  historySpace,
  list,
  writeReport,
  type HistoryJson,
} from '../contract.ts'
import { fileRows } from '../history-file.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import { sightOf } from '../sight.ts'

const DAY = 86_400_000

function courseJson({ grain, width, at, value, band }: ValueHistory['course'], isCounter: boolean) {
  const base = { source: grain, width, at: [...at], values: [...value] as HistoryJson['values'] }
  if (band === null) return base
  const { min, max, sum, count } = band
  return { ...base, min: [...min], max: [...max], ...(isCounter ? { sum: [...sum] } : {}), count: [...count] }
}

function historyJson(entity: Entity, found: ValueHistory, { from, to }: HistoryAsk): HistoryJson {
  const { value, kind, isCounter, days, course, compared } = found
  return {
    entity: entity.id,
    value: value.name,
    unit: value.spec.unit ?? null,
    kind,
    counter: isCounter,
    days,
    from: toIso(from),
    to: toIso(to),
    ...courseJson(course, isCounter),
    compared:
      compared === null
        ? null
        : { from: toIso(compared.from), to: toIso(compared.to), ...courseJson(compared.course, isCounter) },
  }
}

/** How values went, what history takes, and who writes how much. */
export function historyRoutes(api: Api, { registry, history: recorded, clock }: ApiOptions): void {
  const find = (principal: Principal, id: string): Entity => sightOf(registry, principal).entity(id)
  const rangeOf = ({ from, to, value }: Pick<z.output<typeof historyQuery>, 'from' | 'to' | 'value'>) => {
    const end = to === undefined ? clock.now() : Date.parse(to)
    const range = { from: from === undefined ? end - DAY : Date.parse(from), to: end }
    return value === undefined ? range : { ...range, value }
  }

  api.get(
    '/history',
    { config: { scope: 'read' }, schema: { querystring: historyQuery, response: { 200: list(history) } } },
    async (request, reply) => {
      const { points, resolution, compare } = request.query
      const entity = find(request.principal, request.query.entity)
      const range = rangeOf(request.query)
      const ask = { ...range, points, resolution, ...(compare === undefined ? {} : { compare }) }
      const found = await recorded.ask(entity, ask)
      const items = found.map(each => historyJson(entity, each, ask))
      // Tens of thousands of numbers that the types vouch for: to check each of them takes ten times as long as to write it.
      return reply.type('application/json').serializer(JSON.stringify).send({ items, next: null })
    },
  )

  api.get(
    '/history/export',
    {
      config: { scope: 'read' },
      schema: { querystring: historyExportQuery, produces: ['text/csv', 'application/json'] },
    },
    async (request, reply) => {
      const { format, resolution } = request.query
      const entity = find(request.principal, request.query.entity)
      const ask = { ...rangeOf(request.query), resolution, points: 2 }
      const rows = fileRows({ entity, format, isBanded: resolution !== 'raw' }, recorded.pages(entity, ask))
      // A refusal comes before the first row.
      const first = await rows.next()
      const name = `${entity.device.slug}-${entity.slug}.${format}`
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(
          Readable.from(
            (async function* () {
              if (first.done !== true) yield first.value
              yield* rows
            })(),
          ),
        )
    },
  )

  api.get(
    '/history/space',
    { config: { scope: 'read', house: true }, schema: { response: { 200: historySpace } } },
    async () => {
      const space = await recorded.space()
      return { ...space, entities: space.entities.map(({ since, ...each }) => ({ ...each, since: toIso(since) })) }
    },
  )

  api.get(
    '/system/writes',
    { config: { scope: 'read', house: true }, schema: { response: { 200: writeReport } } },
    async () => {
      const { since, perDay, cardYears, writers, seriesOf } = await recorded.writes()
      return {
        since: toIso(since),
        perDay,
        cardYears,
        writers: writers.map(({ kind, series: id, ...each }) => {
          const series = id === null ? undefined : seriesOf.get(id)
          const whose = { entity: series?.entity ?? null, value: series?.value ?? null }
          return { kind: kind === 'series' ? ('entity' as const) : kind, ...whose, ...each }
        }),
      }
    },
  )
}
