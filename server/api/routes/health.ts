import { z } from 'zod'
import { health } from '../contract.ts'
import { healthJson } from '../health-shapes.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

/** Prometheus text exposition format. */
const METRICS = 'text/plain; version=0.0.4; charset=utf-8'

/** How the hub and its machine are, for its owners. */
export function healthRoutes(api: Api, { health: watched }: ApiOptions): void {
  api.get(
    '/system/health',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: health } } },
    async () => {
      if (watched.report().at === 0) await watched.look()
      return healthJson(watched.report())
    },
  )
}

/** Figures for Prometheus. Only for tokens, so that there are none until somebody has made one; `read` is enough. */
export function metricsRoute(app: Api, { health: watched }: ApiOptions): void {
  app.get(
    '/metrics',
    {
      config: { scope: 'read', house: true, kinds: ['token', 'local'] },
      schema: { response: { 200: { content: { 'text/plain': { schema: z.string() } } } } },
    },
    async (_request, reply) => reply.type(METRICS).send(await watched.metrics()),
  )
}
