import { HobError, toIso, type Cause } from '#kernel'
import { z } from 'zod'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'
import { causeOf } from '../auth.ts'
import { list, ruleFile, ruleFileChange, ruleFileText, ruleVersion } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import { causeJson, ruleFileJson } from '../shapes.ts'

const bySlug = z.object({ slug: z.string() })

/** Rule files, their versions and the runs of their rules. */
export function ruleRoutes(api: Api, { engine, versions, access, causes }: ApiOptions): void {
  const find = (slug: string) => {
    const found = engine.file(slug)
    if (found === undefined) throw new HobError('rules.unknown_file', `there is no rule file "${slug}"`)
    return found
  }

  const enable = async (slug: string, enabled: boolean, cause: Cause) => {
    const file = await engine.enable(slug, enabled, cause)
    access.audit.note(cause, { action: 'rule_file.enable', object: slug, detail: { enabled } })
    return file
  }

  api.get(
    '/rules',
    { config: { scope: 'read', house: true }, schema: { response: { 200: list(ruleFile) } } },
    async () => ({
      items: engine.files().map(ruleFileJson),
      next: null,
    }),
  )

  api.get(
    '/rules/:slug',
    { config: { scope: 'read', house: true }, schema: { params: bySlug, response: { 200: ruleFile } } },
    async (request, reply) => {
      const found = find(request.params.slug)
      sendVersion(reply, found.version)
      return ruleFileJson(found)
    },
  )

  api.put(
    '/rules/:slug',
    {
      config: { scope: 'rules', house: true },
      schema: {
        params: bySlug,
        headers: ifMatchHeader,
        body: ruleFileText,
        response: { 200: ruleFile, 201: ruleFile },
      },
    },
    async (request, reply) => {
      const { slug } = request.params
      const cause = causeOf(request, causes)
      const isNew = engine.file(slug) === undefined
      const { text, enabled } = request.body
      const { ifVersion = null } = ifMatch(request)
      const about = { kind: 'rule_file', object: slug, change: text, ...ifMatch(request) } as const
      let saved = await versions.merging(about, () => engine.save({ slug, text, ifVersion }, cause))
      if (enabled !== undefined && enabled !== saved.enabled) saved = await enable(slug, enabled, cause)
      sendVersion(reply, saved.version)
      return reply.code(isNew ? 201 : 200).send(ruleFileJson(saved))
    },
  )

  api.patch(
    '/rules/:slug',
    {
      config: { scope: 'rules', house: true },
      schema: { params: bySlug, body: ruleFileChange, response: { 200: ruleFile } },
    },
    async request => ruleFileJson(await enable(request.params.slug, request.body.enabled, causeOf(request, causes))),
  )

  api.delete(
    '/rules/:slug',
    {
      config: { scope: 'rules', house: true },
      schema: { params: bySlug, headers: ifMatchHeader, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await engine.remove(
        { slug: request.params.slug, ifVersion: ifMatch(request).ifVersion ?? null },
        causeOf(request, causes),
      )
      return reply.code(204).send()
    },
  )

  api.get(
    '/rules/:slug/versions',
    { config: { scope: 'read', house: true }, schema: { params: bySlug, response: { 200: list(ruleVersion) } } },
    async request => ({
      items: (await engine.versions(find(request.params.slug).slug)).map(({ version, text, changedAt, cause }) => ({
        version,
        text,
        changedAt: toIso(changedAt),
        cause: causeJson(cause),
      })),
      next: null,
    }),
  )
}
