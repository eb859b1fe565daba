import { HobError } from '#kernel'
import type { Command, CommandRequest } from '#devices'
import { z } from 'zod'
import { causeOf } from '../auth.ts'
import { command, commandRequest, entity, entityChange, list } from '../contract.ts'
import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'
import type { ApiOptions } from '../ports.ts'
import { commandJson, entityJson } from '../shapes.ts'
import { maySee, sightOf } from '../sight.ts'

const byId = z.object({ id: z.string() })

/** The longest `?wait=`, milliseconds. */
const LONGEST_WAIT = 30_000

const wait = z
  .string()
  .regex(/^\d{1,5}(ms|s)$/, 'is not a duration like 2s or 500ms')
  .transform(text => (text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1000))
  .refine(milliseconds => milliseconds <= LONGEST_WAIT, 'is longer than 30s')
  .optional()

/** What the command routes need of the live channel: to hear of a command's end. */
export interface CommandWaiter {
  /** Resolves with the command when it is no longer pending, at the latest after `milliseconds`. */
  settled(command: Command, milliseconds: number): Promise<Command>
}

/** Entities and their commands. */
export function entityRoutes(api: Api, { registry, versions, causes }: ApiOptions, waiter: CommandWaiter): void {
  api.get(
    '/entities',
    {
      config: { scope: 'read' },
      schema: {
        querystring: z.object({ area: z.string().optional(), component: z.string().optional() }),
        response: { 200: list(entity) },
      },
    },
    async request => {
      const { area, component } = request.query
      const sight = sightOf(registry, request.principal)
      const wanted = area === undefined ? undefined : sight.area(area)
      const items = sight
        .entities()
        .filter(each => wanted === undefined || each.area?.id === wanted.id)
        .filter(each => component === undefined || each.component === component)
        .map(entityJson)
      return { items, next: null }
    },
  )

  api.get(
    '/entities/:id',
    { config: { scope: 'read' }, schema: { params: byId, response: { 200: entity } } },
    async (request, reply) => {
      const found = sightOf(registry, request.principal).entity(request.params.id)
      sendVersion(reply, found.version)
      return entityJson(found)
    },
  )

  api.patch(
    '/entities/:id',
    {
      config: { scope: 'edit' },
      schema: { params: byId, headers: ifMatchHeader, body: entityChange, response: { 200: entity } },
    },
    async (request, reply) => {
      const sight = sightOf(registry, request.principal)
      const found = sight.entity(request.params.id)
      const { id } = found
      sight.require('edit', found)
      if (request.body.area != null) sight.requireArea('edit', sight.area(request.body.area))
      if (request.body.area === null) sight.requireArea('edit', found.device.area)
      // Rules and programs know it by its slug.
      if (request.body.slug !== undefined) sight.requireHouse('edit')
      const edit = { cause: causeOf(request, causes), ...ifMatch(request) }
      const about = {
        kind: 'entity',
        object: id,
        change: request.body,
        show: sight.version,
        ...ifMatch(request),
      } as const
      const changed = await versions.merging(about, () => registry.changeEntity(id, request.body, edit))
      sendVersion(reply, changed.version)
      return entityJson(changed)
    },
  )

  api.post(
    '/entities/:id/commands',
    {
      config: { scope: 'control' },
      schema: { params: byId, querystring: z.object({ wait }), body: commandRequest, response: { 202: command } },
    },
    async (request, reply) => {
      const sight = sightOf(registry, request.principal)
      const found = sight.entity(request.params.id)
      sight.require('control', found)
      const sent = registry.command(found.id, request.body as CommandRequest, causeOf(request, causes))
      const { wait: milliseconds } = request.query
      const answer = milliseconds === undefined ? sent : await waiter.settled(sent, milliseconds)
      return reply.code(202).send(commandJson(answer))
    },
  )

  api.get(
    '/commands/:id',
    { config: { scope: 'read' }, schema: { params: byId, response: { 200: command } } },
    async request => {
      const found = registry.commandById(request.params.id)
      const entity = registry.entity(found?.entity ?? '')
      if (found === undefined || entity === undefined || !maySee(request.principal, entity))
        throw new HobError('api.not_found', 'there is no such command, or it ended over ten minutes ago')
      return commandJson(found)
    },
  )
}
