import { HobError } from '#kernel'
import type { IncomingMessage } from 'node:http'
import { addressOf, requireOwnPage } from '../origin.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

/**
 * MQTT over WebSocket. Clients log in with MQTT's own credentials; what the HTTP server asks of everybody holds for
 * them, too: a name of the hub's, and for browsers a page of the hub's.
 */
export function mqttSocketRoute(api: Api, { mqttSocket, accepts }: ApiOptions): void {
  // What came behind the request's headers. The HTTP layer keeps it to itself.
  const heads = new WeakMap<IncomingMessage, Buffer>()
  api.server.prependListener('upgrade', (request, _socket, head: Buffer) => heads.set(request, head))

  const config = { scope: 'public' } as const
  api.get('/mqtt', {
    config,
    schema: { hide: true },
    preHandler: async (request, reply) => {
      const head = heads.get(request.raw)
      if (head === undefined) {
        void reply.header('upgrade', 'websocket')
        throw new HobError('api.upgrade_required', 'this is MQTT over WebSocket: ask for an upgrade')
      }
      if (request.headers.origin !== undefined) requireOwnPage(request)
      const address = addressOf(request)
      if (!accepts(address)) throw new HobError('api.forbidden', `connections from ${address} are not taken`)
      reply.hijack()
      mqttSocket(request.raw, request.raw.socket, { head, address })
    },
    handler: () => undefined,
  })
}
