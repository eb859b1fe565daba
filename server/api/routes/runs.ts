import { HobError } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import { list, nearMiss, run, runDetail } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import { runJson } from '../shapes.ts'
import { nearMissJson, traceJson } from '../trace-shapes.ts'

const ofRule = z.object({ slug: z.string() })
const key = z.string().max(64).optional().describe('key of one rule of the file')

/** What rules did, and why they did not. */
export function runRoutes(api: Api, { engine }: Pick<ApiOptions, 'engine'>): void {
  const find = (slug: string) => {
    const found = engine.file(slug)
    if (found === undefined) throw new HobError('rules.unknown_file', `there is no rule file "${slug}"`)
    return found
  }

  api.get(
    '/rules/:slug/runs',
    {
      config: { scope: 'read', house: true },
      schema: {
        params: ofRule,
        querystring: z.object({
          rule: key,
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: z.string().optional().describe('cursor: `next` of the page before'),
        }),
        response: { 200: list(run) },
      },
    },
    async request => {
      const { rule, limit, before } = request.query
      const { slug } = find(request.params.slug)
      const runs = await engine.runs({
        slug,
        limit,
        ...(rule === undefined ? {} : { rule: `${slug}/${rule}` }),
        ...(before === undefined ? {} : { before }),
      })
      return { items: runs.map(runJson), next: runs.length < limit ? null : runs.at(-1)!.id }
    },
  )

  api.get(
    '/runs/:id',
    {
      config: { scope: 'read', house: true },
      schema: { params: z.object({ id: z.string() }), response: { 200: runDetail } },
    },
    async request => {
      const found = await engine.run(request.params.id)
      if (found === undefined)
        throw new HobError('rules.unknown_run', 'there is no such run, or its trace is no longer kept')
      return { ...runJson(found), trace: traceJson(found.trace) }
    },
  )

  api.get(
    '/rules/:slug/misses',
    {
      config: { scope: 'read', house: true },
      schema: { params: ofRule, querystring: z.object({ rule: key }), response: { 200: list(nearMiss) } },
    },
    async request => {
      const { slug, rules } = find(request.params.slug)
      const { rule } = request.query
      const ids = rule === undefined ? rules.map(({ id }) => id) : [`${slug}/${rule}`]
      const misses = ids.flatMap(id => engine.nearMisses(id)).toSorted((a, b) => b.lastAt - a.lastAt)
      return { items: misses.map(nearMissJson), next: null }
    },
  )
}
