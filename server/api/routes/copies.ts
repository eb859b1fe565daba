import { z } from 'zod'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

/** For `hob backup`, which seals what it finds there: the passphrase never reaches the hub. The key is made here, so that it belongs to the hub's user. */
export function copyRoutes(api: Api, { copies }: ApiOptions): void {
  api.post(
    '/system/copies',
    {
      config: { scope: 'admin', kinds: ['local'] },
      schema: {
        hide: true,
        body: z.strictObject({ history: z.boolean(), key: z.boolean() }),
        response: { 201: z.object({ folder: z.string() }) },
      },
    },
    async (request, reply) => reply.code(201).send({ folder: await copies.make(request.body) }),
  )
}
