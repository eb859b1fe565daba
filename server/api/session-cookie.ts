import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#kernel'

export type SessionCookie = ReturnType<typeof createSessionCookie>

/**
 * The cookie of a session. Browsers share cookies over the ports of a host, so its name holds the hub's own; over
 * HTTPS it has the form that no other host and no plain page can set (RFC 6265bis, 4.1.3.2).
 */
export function createSessionCookie({ clock, instance }: { clock: Clock; instance: () => string }) {
  const nameOn = ({ protocol }: FastifyRequest) => `${protocol === 'https' ? '__Host-' : ''}hob_${instance()}`
  const attributesOn = ({ protocol }: FastifyRequest) =>
    ({ path: '/', httpOnly: true, sameSite: 'lax', secure: protocol === 'https' }) as const

  return {
    read: (request: FastifyRequest): string | undefined => request.cookies[nameOn(request)],
    write(reply: FastifyReply, { secret, expiresAt }: { secret: string; expiresAt: number }): void {
      const { request } = reply
      const maxAge = Math.round((expiresAt - clock.now()) / 1_000)
      void reply.setCookie(nameOn(request), secret, { ...attributesOn(request), maxAge })
    },
    clear(reply: FastifyReply): void {
      const { request } = reply
      void reply.clearCookie(nameOn(request), attributesOn(request))
    },
  }
}
