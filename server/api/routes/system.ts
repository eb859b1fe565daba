import { HobError } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import type { ApiOptions } from '../ports.ts'

const health = z.object({ status: z.literal('ok'), name: z.literal('Hob'), version: z.string() })

/** Health for watchdogs and the OpenAPI document; open to anybody who reaches the hub. */
export function systemRoutes(app: Api, { version, isReady }: ApiOptions): void {
  const answer = { status: 'ok', name: 'Hob', version } as const

  app.get('/healthz', { config: { scope: 'public' }, schema: { response: { 200: health } } }, async () => answer)

  app.get('/readyz', { config: { scope: 'public' }, schema: { response: { 200: health } } }, async () => {
    if (!isReady()) throw new HobError('api.not_ready', 'the hub is starting')
    return answer
  })

  app.get('/api/v1/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => app.swagger())
}
