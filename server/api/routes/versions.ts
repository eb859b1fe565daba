import { HobError, toIso } from '#kernel'
import { z } from 'zod'
import type { Principal, Right } from '../../access/index.ts'
import type { Version } from '../../versions/index.ts'
import { causeOf } from '../auth.ts'
import { list, restoration, restored, version, versionKind, type VersionJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'
import { causeJson } from '../shapes.ts'

const ofObject = z.object({
  kind: versionKind,
  object: z.string().describe('id or slug; `house` for the settings'),
})

function versionJson(kind: string, { content, at, cause, changes, words, ...each }: Version): VersionJson {
  return {
    version: each.version,
    at: toIso(at),
    cause: causeJson(cause),
    content: content === null || kind === 'rule_file' ? content : (JSON.parse(content) as VersionJson['content']),
    changes: changes as VersionJson['changes'],
    words: [...words],
  }
}

/** Whoever may not change an object may not see what it was: earlier versions tell of places it is no longer in. */
const NEEDS: Partial<Record<string, Right>> = { settings: 'admin', rule_file: 'rules' }

function requireKind(principal: Principal, kind: string): void {
  const right = NEEDS[kind] ?? 'edit'
  if (!principal.rights.mayInHouse(right)) throw new HobError('api.forbidden', `this needs the scope "${right}"`)
}

/** What areas, devices, entities, settings and rule files were, and the way back. */
export function versionRoutes(api: Api, { versions, causes }: Pick<ApiOptions, 'versions' | 'causes'>): void {
  api.get(
    '/versions/:kind/:object',
    {
      config: { scope: 'edit', house: true },
      schema: {
        params: ofObject,
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: z.coerce.number().int().min(1).max(1e9).optional().describe('cursor: `next` of the page before'),
        }),
        response: { 200: list(version) },
      },
    },
    async request => {
      const { kind, object } = request.params
      requireKind(request.principal, kind)
      const { limit, before } = request.query
      const found = await versions.list(kind, object, before === undefined ? { limit } : { limit, before })
      const next = found.length < limit ? null : String(found.at(-1)!.version)
      return { items: found.map(each => versionJson(kind, each)), next }
    },
  )

  api.post(
    '/versions/:kind/:object/restore',
    {
      config: { scope: 'edit', house: true },
      schema: { params: ofObject, headers: ifMatchHeader, body: restoration, response: { 200: restored } },
    },
    async (request, reply) => {
      const { kind, object } = request.params
      requireKind(request.principal, kind)
      const edit = { version: request.body.version, cause: causeOf(request, causes), ...ifMatch(request) }
      const now = await versions.restore(kind, object, edit)
      sendVersion(reply, now)
      return { version: now }
    },
  )
}
