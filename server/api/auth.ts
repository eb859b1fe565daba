import { HobError, type Cause, type Causes } from '#kernel'
import type { Entity } from '#devices'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Principal, Scope } from '../access/index.ts'
import type { Callers } from './callers.ts'
import { requireOwnHost, requireOwnPage } from './origin.ts'

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
    /** Who may ask, when not everybody: `user` is signed in in a browser, `local` is the command line. */
    kinds?: readonly Principal['kind'][]
    /** Begins or ends a session: taken from the hub's own pages alone. */
    fromPage?: boolean
  }
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

/** Reading changes nothing, so it may come from anywhere; what it answers stays unread by other sites. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Authentication in one place: who asks (callers.ts), from which page (origin.ts), and what it may do. Routes say the
 * scope they need; one that says nothing stops the start.
 */
export function registerAuth(
  app: FastifyInstance,
  { callers, hosts }: { callers: Callers; hosts: readonly string[] },
): void {
  app.decorateRequest('principal')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => void routes.push(route))
  app.addHook('onReady', async () => {
    const bare = routes.find(route => route.config?.scope === undefined)
    if (bare !== undefined) throw new Error(`route ${String(bare.method)} ${bare.url} names no scope`)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!callers.isLocal(request)) requireOwnHost(request, hosts)
    const { config } = request.routeOptions
    const scope = config.scope ?? 'public'
    if (scope === 'public') {
      if (config.fromPage === true) requireOwnPage(request)
      return
    }
    const principal = callers.of(request, reply)
    if (principal === undefined) {
      throw new HobError('api.unauthorised', 'sign in first, or show a valid token: Authorization: Bearer ...')
    }
    requireRights(principal, { ...config, scope })
    if (principal.kind === 'user' && !READING.has(request.method)) requireOwnPage(request)
    request.principal = principal
  })
}

function requireRights(principal: Principal, { scope, house, kinds }: FastifyContextConfig & { scope: Scope }) {
  if (!hasScope(principal, scope)) throw new HobError('api.forbidden', `this needs the scope "${scope}"`)
  if (house === true && principal.areas !== null) {
    throw new HobError('api.forbidden', 'this concerns the whole house, and this token is limited to areas')
  }
  if (kinds?.includes(principal.kind) === false) {
    const who = kinds.includes('user') ? 'people who are signed in in a browser' : '"hob" on the machine of the hub'
    throw new HobError('api.forbidden', `this is for ${who} alone`)
  }
}
