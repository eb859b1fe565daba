import { HobError, type Cause, type Causes } from '#kernel'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Principal, Right } from '../access/index.ts'
import type { Callers } from './callers.ts'
import { requireOwnHost, requireOwnPage } from './origin.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of a route that is not public. */
    principal: Principal
  }
  interface FastifyContextConfig {
    /** The scope a caller needs, or `public`. A route without it is not registered. */
    scope?: Right | 'public'
    /** Concerns the whole house: not for a caller that is limited to areas. */
    house?: boolean
    /** Who may ask, when not everybody: `user` is signed in in a browser, `local` is the command line. */
    kinds?: readonly Principal['kind'][]
    /** Begins or ends a session: taken from the hub's own pages alone. */
    fromPage?: boolean
    /** Also for an owner who looks through somebody else's eyes. */
    whileViewing?: boolean
  }
}

/** The cause that stands for a request. */
export function causeOf(request: FastifyRequest, causes: Causes): Cause {
  const { kind, who } = request.principal
  return causes.root(kind === 'local' ? 'user' : kind, who)
}

/** Browsers send a cookie by themselves: what it changes must come from our own pages. */
const BY_COOKIE: ReadonlySet<Principal['kind']> = new Set(['user', 'pass'])

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
    const isViewing = principal.viewer !== null
    // Whose eyes see nothing is no reason to be kept behind them.
    if (!isViewing || config.whileViewing !== true) requireRights(principal, { ...config, scope })
    if (isViewing && !READING.has(request.method) && config.whileViewing !== true)
      throw new HobError('api.viewing', `you look at the house as ${principal.who} sees it, and change nothing`)
    if (BY_COOKIE.has(principal.kind) && !READING.has(request.method)) requireOwnPage(request)
    request.principal = principal
  })
}

const WHO: Readonly<Record<Principal['kind'], string>> = {
  user: 'people who are signed in in a browser',
  local: '"hob" on the machine of the hub',
  token: 'programs with a token',
  pass: 'guests with a pass',
}

function requireRights(principal: Principal, { scope, house, kinds }: FastifyContextConfig & { scope: Right }) {
  const { rights } = principal
  if (!rights.maySomewhere(scope)) throw new HobError('api.forbidden', `this needs the scope "${scope}"`)
  if (house === true && !rights.mayInHouse(scope))
    throw new HobError('api.forbidden', 'this concerns the whole house, and your rights are limited to parts of it')
  if (kinds?.includes(principal.kind) === false) {
    throw new HobError('api.forbidden', `this is for ${WHO[kinds.includes('token') ? 'token' : kinds[0]!]} alone`)
  }
}
