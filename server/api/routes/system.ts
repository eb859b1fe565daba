import { HobError } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import type { ApiOptions } from '../ports.ts'

/** Certificates as text (RFC 8555, 9.1). */
const PEM = 'application/pem-certificate-chain'
const health = z.object({ status: z.literal('ok'), name: z.literal('Hob'), version: z.string() })

/** Health for watchdogs, the CA that devices trust, and the OpenAPI document; open to anybody who reaches the hub. */
export function systemRoutes(app: Api, { version, isReady, ca }: ApiOptions): void {
  const answer = { status: 'ok', name: 'Hob', version } as const

  app.get('/healthz', { config: { scope: 'public' }, schema: { response: { 200: health } } }, async () => answer)

  app.get('/readyz', { config: { scope: 'public' }, schema: { response: { 200: health } } }, async () => {
    if (!isReady()) throw new HobError('api.not_ready', 'the hub is starting')
    return answer
  })

  app.get(
    '/api/v1/system/ca.pem',
    { config: { scope: 'public' }, schema: { response: { 200: { content: { [PEM]: { schema: z.string() } } } } } },
    async (_request, reply) => {
      const pem = ca()
      if (pem === null) {
        throw new HobError(
          'certificates.no_ca',
          'this hub has no CA of its own: MQTT over TLS is off, or uses a certificate of somebody else',
        )
      }
      void reply.header('content-disposition', 'attachment; filename="hob-ca.pem"')
      return reply.type(PEM).send(pem)
    },
  )

  app.get('/api/v1/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => app.swagger())
}
