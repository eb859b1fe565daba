import { HobError, type Cause, type Causes } from '#kernel'
import type { Entity } from '#devices'
import { hostname } from 'node:os'
import { isIP, type Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Access, Principal, Scope } from '../access/index.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of a route that is not public. */
    principal: Principal
  }
  interface FastifyContextConfig {
    /** The scope a caller needs, or `public`. A route without it is not registered. */
    scope?: Scope | 'public'
    /** Concerns the whole house: not for a caller that is limited to areas. */
    house?: boolean
  }
}

const LOCAL: Principal = {
  kind: 'local',
  user: null,
  who: 'hob',
  role: 'owner',
  scopes: ['admin', 'rules', 'control', 'read'],
  areas: null,
}

/** Whether a principal may do what a scope stands for; `admin` includes all, each other includes `read`. */
export function hasScope(principal: Principal, scope: Scope): boolean {
  return (
    principal.scopes.includes('admin') ||
    principal.scopes.includes(scope) ||
    (scope === 'read' && principal.scopes.length > 0)
  )
}

/** Whether a principal sees an entity: by its area, when it is limited to areas. */
export function maySee(principal: Principal, entity: Entity): boolean {
  return principal.areas === null || (entity.area !== null && principal.areas.includes(entity.area.id))
}

/** The cause that stands for a request. */
export function causeOf(request: FastifyRequest, causes: Causes): Cause {
  const { kind, who } = request.principal
  return causes.root(kind === 'local' ? 'user' : kind, who)
}

// Browsers of other sites reach the hub by a name of theirs that resolves to its address (DNS rebinding).
function isOwnHost(header: string | undefined, hosts: readonly string[]): boolean {
  if (header === undefined) return false
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  const machine = hostname().toLowerCase()
  return (
    isIP(name) !== 0 || name === 'localhost' || name === machine || name === `${machine}.local` || hosts.includes(name)
  )
}

/**
 * Authentication in one place: the sockets in `local` (the command line's) act as the owner, everybody else shows a
 * bearer token. Routes say the scope they need; one that says nothing stops the start.
 */
export function registerAuth(
  app: FastifyInstance,
  { access, hosts, local }: { access: Access; hosts: readonly string[]; local: WeakSet<Socket> },
): void {
  app.decorateRequest('principal')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => void routes.push(route))
  app.addHook('onReady', async () => {
    const bare = routes.find(route => route.config?.scope === undefined)
    if (bare !== undefined) throw new Error(`route ${String(bare.method)} ${bare.url} names no scope`)
  })
  app.addHook('onRequest', async request => {
    const isLocal = local.has(request.raw.socket)
    if (!isLocal && !isOwnHost(request.headers.host, hosts)) {
      throw new HobError(
        'api.misdirected',
        'this host name is not one of the hub\'s; add it to "hosts" in the configuration',
      )
    }
    const scope = request.routeOptions.config.scope ?? 'public'
    if (scope === 'public') return
    const principal = isLocal ? LOCAL : bearer(request, access)
    if (principal === undefined)
      throw new HobError('api.unauthorised', 'this needs a valid token: Authorization: Bearer ...')
    if (!hasScope(principal, scope)) throw new HobError('api.forbidden', `this needs the scope "${scope}"`)
    if (request.routeOptions.config.house === true && principal.areas !== null) {
      throw new HobError('api.forbidden', 'this concerns the whole house, and this token is limited to areas')
    }
    request.principal = principal
  })
}

function bearer(request: FastifyRequest, access: Access): Principal | undefined {
  const match = /^Bearer ([\w~+/.=-]{1,200})$/i.exec(request.headers.authorization ?? '')
  return match === null ? undefined : access.byToken(match[1]!)
}
