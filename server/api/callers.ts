import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access, Principal } from '../access/index.ts'
import { addressOf } from './origin.ts'
import type { SessionCookie } from './session-cookie.ts'

export type Callers = ReturnType<typeof createCallers>

/** Who asks: a socket of `local` (the command line's), a bearer token, or the cookie of a session. A token, once shown, must be right. */
export function createCallers(options: { access: Access; cookie: SessionCookie; local: WeakSet<Socket> }) {
  const { access, cookie, local } = options
  const isLocal = (request: FastifyRequest) => local.has(request.raw.socket)

  /** With a `reply` the cookie's life is prolonged there when the session's was. */
  const bySession = (request: FastifyRequest, reply?: FastifyReply): Principal | undefined => {
    const secret = cookie.read(request)
    const found = secret === undefined ? undefined : access.signIns.bySecret(secret, addressOf(request))
    if (found !== undefined && found.isRenewed && reply !== undefined)
      cookie.write(reply, { secret: secret!, expiresAt: found.expiresAt })
    return found?.principal
  }

  return {
    isLocal,
    hasCookie: (request: FastifyRequest) => cookie.read(request) !== undefined,
    bySession,
    of(request: FastifyRequest, reply: FastifyReply): Principal | undefined {
      if (isLocal(request)) return access.local
      const { authorization } = request.headers
      return authorization === undefined ? bySession(request, reply) : byBearer(authorization, access)
    },
  }
}

function byBearer(authorization: string, access: Access): Principal | undefined {
  const match = /^Bearer ([\w~+/.=-]{1,200})$/i.exec(authorization)
  return match === null ? undefined : access.byToken(match[1]!)
}
