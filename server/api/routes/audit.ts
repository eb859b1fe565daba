import { HobError, toIso } from '#kernel'
import { z } from 'zod'
import type { AuditEntry } from '../../access/index.ts'
import type { VersionKind, Versions } from '../../versions/index.ts'
import { auditCheck, auditDetail, auditEntry, list, type AuditDetailJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import { causeJson } from '../shapes.ts'

const admin = { config: { scope: 'admin', house: true } } as const

function json({ at, cause, detail, ...entry }: AuditEntry) {
  return {
    ...entry,
    at: toIso(at),
    cause: causeJson(cause),
    detail: { ...detail } as Record<string, z.core.util.JSONType>,
  }
}

/** What an entry changed; an edit is noted with the version that it made. */
async function changeOf(versions: Versions, { action, object, detail }: AuditEntry) {
  const [kind] = action.split('.') as [VersionKind]
  const { version } = detail
  const found = object === null || typeof version !== 'number' ? undefined : await versions.one(kind, object, version)
  return {
    changes: (found?.changes ?? []) as AuditDetailJson['changes'],
    words: [...(found?.words ?? [])],
  }
}

/** The audit log. Nothing of it can be changed. */
export function auditRoutes(api: Api, { access, versions }: Pick<ApiOptions, 'access' | 'versions'>): void {
  api.get(
    '/audit',
    {
      ...admin,
      schema: {
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(500).default(100),
          before: z.coerce.number().int().min(1).max(1e12).optional().describe('cursor: `next` of the page before'),
          action: z.string().max(64).optional().describe('how the action begins'),
          who: z.string().max(200).optional().describe('user name, id of a token or pass'),
        }),
        response: { 200: list(auditEntry) },
      },
    },
    async request => {
      const { limit, before, action, who } = request.query
      const found = await access.audit.list({
        limit,
        ...(before === undefined ? {} : { before }),
        ...(action === undefined ? {} : { action }),
        ...(who === undefined ? {} : { who }),
      })
      return { items: found.map(json), next: found.length < limit ? null : String(found.at(-1)!.seq) }
    },
  )

  api.get(
    '/audit/:seq',
    {
      ...admin,
      schema: {
        params: z.object({ seq: z.coerce.number().int().min(1).max(1e12) }),
        response: { 200: auditDetail },
      },
    },
    async request => {
      const { seq } = request.params
      const [found] = await access.audit.list({ limit: 1, before: seq + 1 })
      if (found?.seq !== seq) throw new HobError('audit.unknown_entry', `the log holds no entry ${seq}`)
      return { ...json(found), ...(await changeOf(versions, found)) }
    },
  )

  api.get(
    '/audit/check',
    {
      ...admin,
      schema: {
        querystring: z.object({
          known: z
            .string()
            .regex(/^\d{1,12}:[\da-f]{64}$/, 'is not an entry like 12:HASH')
            .transform(text => text.split(':'))
            .optional()
            .describe('`SEQ:HASH` of an entry that was written down: the log must still hold it, or be past it'),
        }),
        response: { 200: auditCheck },
      },
    },
    async request => {
      const [seq, hash] = request.query.known ?? []
      return access.audit.check(hash === undefined ? null : { seq: Number(seq), hash })
    },
  )
}
