import { HobError, toIso, type Causes } from '#kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Access, Principal, SignedIn, SignIns } from '../../access/index.ts'
import { causeOf } from '../auth.ts'
import type { Callers } from '../callers.ts'
import {
  claim,
  claimed,
  createdLink,
  linkSignIn,
  list,
  newLink,
  openSession,
  passSignIn,
  passwordChange,
  recovery,
  session,
  signIn,
  viewOf,
  type SessionJson,
} from '../contract.ts'
import { browserOf } from '../origin.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import type { SessionCookie } from '../session-cookie.ts'

interface SessionOptions extends Pick<ApiOptions, 'access' | 'causes' | 'url'> {
  readonly callers: Callers
  readonly cookie: SessionCookie
}

/** People and their browsers: who is signed in, the ways in and out, one's own sessions and password. */
export function sessionRoutes(api: Api, options: SessionOptions): void {
  currentRoutes(api, options)
  signInRoutes(api, options)
  claimRoutes(api, options)
  linkRoutes(api, options)
  ownRoutes(api, options)
  viewRoutes(api, options)
  sessionsOfOthers(api, options)
}

function sessionJson({ signIns, users, passes }: Access, principal: Principal | undefined): SessionJson {
  const isClaimed = signIns.isClaimed()
  if (principal?.kind === 'pass') {
    const { name, until } = passes().find(({ id }) => id === principal.who)!
    return { claimed: isClaimed, user: null, rights: rightsJson(principal), pass: { name, until: toIso(until) } }
  }
  const found = users().find(({ id }) => id === principal?.user)
  if (principal === undefined || found === undefined) return { claimed: isClaimed, user: null }
  const { id, name, role } = found
  const { rights, viewer } = principal
  const user = { id, name, role, scopes: rights.scopes() }
  return { claimed: isClaimed, user, rights: rightsJson(principal), ...(viewer === null ? {} : { viewer }) }
}

function rightsJson({ rights }: Principal): NonNullable<SessionJson['rights']> {
  const { house, areas, entities } = rights.shown()
  return { house, areas: [...areas], entities: [...entities] }
}

function currentRoutes(api: Api, { access, callers, cookie }: SessionOptions): void {
  api.get(
    '/session',
    { config: { scope: 'public' }, schema: { response: { 200: session } } },
    async (request, reply) => {
      const principal = callers.of(request, reply)
      if (principal === undefined && callers.hasCookie(request)) cookie.clear(reply)
      void reply.header('cache-control', 'no-store')
      return sessionJson(access, principal)
    },
  )

  api.delete(
    '/session',
    { config: { scope: 'public', fromPage: true }, schema: { response: { 204: z.undefined() } } },
    async (request, reply) => {
      await endCurrent(request, { access, callers })
      cookie.clear(reply)
      return reply.code(204).send()
    },
  )
}

async function endCurrent(request: FastifyRequest, { access, callers }: Pick<SessionOptions, 'access' | 'callers'>) {
  const principal = callers.bySession(request)
  if (principal !== undefined) await access.signIns.end(principal.grant!)
}

/** Sets the cookie of a new session; the browser's old one ends. */
async function welcome(
  reply: FastifyReply,
  signedIn: SignedIn,
  { access, callers, cookie }: SessionOptions,
): Promise<SessionJson> {
  await endCurrent(reply.request, { access, callers })
  cookie.write(reply, signedIn)
  return sessionJson(access, signedIn.principal)
}

function signInRoutes(api: Api, options: SessionOptions): void {
  const { signIns } = options.access
  const config = { scope: 'public', fromPage: true } as const

  api.post('/session', { config, schema: { body: signIn, response: { 200: session } } }, async (request, reply) =>
    welcome(reply, await signIns.withPassword(request.body, browserOf(request)), options),
  )

  api.post(
    '/session/link',
    { config, schema: { body: linkSignIn, response: { 200: session } } },
    async (request, reply) => welcome(reply, await signIns.withLink(request.body.code, browserOf(request)), options),
  )

  api.post(
    '/session/pass',
    { config, schema: { body: passSignIn, response: { 200: session } } },
    async (request, reply) => welcome(reply, await signIns.withPass(request.body.code, browserOf(request)), options),
  )

  api.post(
    '/session/recover',
    { config, schema: { body: recovery, response: { 200: claimed } } },
    async (request, reply) => {
      const signedIn = await signIns.recover(request.body, browserOf(request), causeBy(options, request.body.name))
      return { ...(await welcome(reply, signedIn, options)), recoveryCode: signedIn.recoveryCode }
    },
  )
}

function causeBy({ causes }: { causes: Causes }, name: string) {
  return causes.root('user', name)
}

function claimRoutes(api: Api, options: SessionOptions): void {
  const { signIns } = options.access

  api.post(
    '/claim',
    { config: { scope: 'public', fromPage: true }, schema: { body: claim, response: { 201: claimed } } },
    async (request, reply) => {
      const signedIn = await signIns.claim(request.body, browserOf(request), causeBy(options, request.body.name))
      const body = { ...(await welcome(reply, signedIn, options)), recoveryCode: signedIn.recoveryCode }
      return reply.code(201).send(body)
    },
  )

  // For `hob claim`: whoever reaches the hub's machine may claim it.
  api.post(
    '/claim/links',
    { config: { scope: 'admin', kinds: ['local'] }, schema: { hide: true, response: { 201: createdLink } } },
    async (_request, reply) =>
      reply.code(201).send(linkJson(options, 'claim', { code: signIns.newClaim(), expiresAt: null })),
  )
}

function linkJson(
  { url }: Pick<SessionOptions, 'url'>,
  page: 'claim' | 'signin',
  { code, expiresAt }: { code: string; expiresAt: number | null },
) {
  // Behind the #, where no server, proxy or log sees it.
  const path = `/${page}#${code}`
  return { code, path, url: `${url()}${path}`, expiresAt: expiresAt === null ? null : toIso(expiresAt) }
}

function linkRoutes(api: Api, options: SessionOptions): void {
  api.post(
    '/session/links',
    {
      config: { scope: 'admin', house: true, kinds: ['user', 'local'] },
      schema: { body: newLink, response: { 201: createdLink } },
    },
    async (request, reply) => {
      if (request.principal.role !== 'owner')
        throw new HobError('api.forbidden', 'only an owner makes links that sign others in')
      const { access, causes } = options
      const link = access.signIns.newLink(request.body.user)
      access.audit.note(causeOf(request, causes), { action: 'sign_in.link', object: link.user, detail: {} })
      return reply.code(201).send(linkJson(options, 'signin', link))
    },
  )
}

/** The one who is signed in. */
function me({ principal }: FastifyRequest) {
  return { user: principal.user!, session: principal.grant! }
}

function ownRoutes(api: Api, { access, causes }: SessionOptions): void {
  const { signIns } = access
  const config = { scope: 'read', kinds: ['user'] } as const

  api.get('/sessions', { config, schema: { response: { 200: list(openSession) } } }, async request => ({
    items: signIns.sessions(me(request).user).map(found => openSessionJson(found, me(request).session)),
    next: null,
  }))

  api.delete(
    '/sessions/:id',
    { config, schema: { params: z.object({ id: z.string() }), response: { 204: z.undefined() } } },
    async (request, reply) => {
      await signIns.end(request.params.id, me(request).user, causeOf(request, causes))
      return reply.code(204).send()
    },
  )

  api.put(
    '/session/password',
    { config, schema: { body: passwordChange, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { old: from, new: to } = request.body
      await signIns.changePassword({ ...me(request), from, to }, browserOf(request), causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}

function openSessionJson(found: ReturnType<SignIns['sessions']>[number], current: string | null) {
  const { id, createdAt, seenAt, expiresAt, address, userAgent } = found
  return {
    id,
    createdAt: toIso(createdAt),
    seenAt: toIso(seenAt),
    expiresAt: toIso(expiresAt),
    address,
    userAgent,
    current: id === current,
  }
}

/** An owner sees the house as somebody else does. */
function viewRoutes(api: Api, { access }: SessionOptions): void {
  const config = { scope: 'read', kinds: ['user'], whileViewing: true } as const

  api.put(
    '/session/view',
    { config, schema: { body: viewOf, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { principal } = request
      if (principal.role !== 'owner' && principal.viewer === null)
        throw new HobError('api.forbidden', 'only an owner looks through the eyes of others')
      access.signIns.view(principal.grant!, request.body.user)
      return reply.code(204).send()
    },
  )

  api.delete('/session/view', { config, schema: { response: { 204: z.undefined() } } }, async (request, reply) => {
    if (request.principal.viewer !== null) access.signIns.view(request.principal.grant!, null)
    return reply.code(204).send()
  })
}

function sessionsOfOthers(api: Api, { access, causes }: SessionOptions): void {
  const { signIns } = access
  const byName = z.object({ name: z.string() })
  const config = { scope: 'admin', house: true } as const
  const find = (name: string) => {
    const found = access.users().find(each => each.name === name)
    if (found === undefined) throw new HobError('access.unknown_user', `there is no user "${name}"`)
    return found
  }

  api.get(
    '/users/:name/sessions',
    { config, schema: { params: byName, response: { 200: list(openSession) } } },
    async request => ({
      items: signIns.sessions(find(request.params.name).id).map(each => openSessionJson(each, request.principal.grant)),
      next: null,
    }),
  )

  const requireMayEnd = ({ role }: { role: string }, principal: Principal) => {
    if (role === 'owner' && principal.role !== 'owner')
      throw new HobError('api.forbidden', "only an owner ends an owner's sessions")
  }

  api.delete(
    '/users/:name/sessions/:id',
    { config, schema: { params: byName.extend({ id: z.string() }), response: { 204: z.undefined() } } },
    async (request, reply) => {
      const user = find(request.params.name)
      requireMayEnd(user, request.principal)
      await signIns.end(request.params.id, user.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )

  api.delete(
    '/users/:name/sessions',
    { config, schema: { params: byName, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const user = find(request.params.name)
      const { id } = user
      requireMayEnd(user, request.principal)
      await signIns.endAll(id)
      access.audit.note(causeOf(request, causes), { action: 'sign_out.all', object: id, detail: {} })
      return reply.code(204).send()
    },
  )
}
