import { HobError, toIso } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import { causeOf } from '../auth.ts'
import type { Access, Principal, TokenInfo, UserInfo } from '../../access/index.ts'
import {
  createdCredential,
  createdToken,
  credential,
  list,
  newCredential,
  newToken,
  newUser,
  password,
  token,
  user,
  userChange,
} from '../contract.ts'
import type { ApiOptions } from '../ports.ts'

const byName = z.object({ name: z.string() })

/** Users, API tokens and MQTT credentials. */
export function accessRoutes(api: Api, { access, registry, causes }: ApiOptions): void {
  userRoutes(api, { access, causes })
  lostFactorRoute(api, { access, causes })
  tokenRoutes(api, { access, registry, causes })
  credentialRoutes(api, { access, causes })
}

function userJson({ signIns }: Access, { createdAt, ...shown }: UserInfo) {
  const seen = signIns.sessions(shown.id).map(({ seenAt }) => seenAt)
  return {
    ...shown,
    createdAt: toIso(createdAt),
    lastSeenAt: seen.length === 0 ? null : toIso(Math.max(...seen)),
    secondFactor: signIns.secondFactor(shown.id) !== undefined,
  }
}

function userRoutes(api: Api, { access, causes }: Pick<ApiOptions, 'access' | 'causes'>): void {
  const requireMayChange = (name: string, principal: Principal) => {
    const target = access.users().find(each => each.name === name)
    if (target?.role === 'owner' && principal.role !== 'owner')
      throw new HobError('api.forbidden', "only an owner changes an owner's account")
  }

  const find = (name: string): UserInfo => {
    const found = access.users().find(each => each.name === name)
    if (found === undefined) throw new HobError('access.unknown_user', `there is no user "${name}"`)
    return found
  }

  api.get(
    '/users',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: list(user) } } },
    async () => ({
      items: access.users().map(found => userJson(access, found)),
      next: null,
    }),
  )

  api.post(
    '/users',
    { config: { scope: 'admin', house: true }, schema: { body: newUser, response: { 201: user } } },
    async (request, reply) => {
      if (request.body.role === 'owner' && request.principal.role !== 'owner') {
        throw new HobError('api.forbidden', 'only an owner makes another owner')
      }
      return reply.code(201).send(userJson(access, await access.addUser(request.body, causeOf(request, causes))))
    },
  )

  api.patch(
    '/users/:name',
    {
      config: { scope: 'admin', house: true },
      schema: { params: byName, body: userChange, response: { 200: user } },
    },
    async request => {
      const { name } = request.params
      const { disabled, ...role } = request.body
      requireMayChange(name, request.principal)
      if (role.role === 'owner' && request.principal.role !== 'owner')
        throw new HobError('api.forbidden', 'only an owner makes another owner')
      const cause = causeOf(request, causes)
      if (Object.keys(role).length > 0) await access.setRole(name, role, cause)
      if (disabled !== undefined) await access.setDisabled(name, disabled, cause)
      return userJson(access, find(name))
    },
  )

  api.delete(
    '/users/:name',
    { config: { scope: 'admin', house: true }, schema: { params: byName, response: { 204: z.undefined() } } },
    async (request, reply) => {
      requireMayChange(request.params.name, request.principal)
      await access.removeUser(request.params.name, causeOf(request, causes))
      return reply.code(204).send()
    },
  )

  api.put(
    '/users/:name/password',
    {
      config: { scope: 'admin', house: true, kinds: ['user', 'local'] },
      schema: { params: byName, body: password, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      requireMayChange(request.params.name, request.principal)
      await access.resetPassword(request.params.name, request.body.password, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}

/** For people who lost their authenticator app and its recovery codes. */
function lostFactorRoute(api: Api, { access, causes }: Pick<ApiOptions, 'access' | 'causes'>): void {
  api.delete(
    '/users/:name/totp',
    {
      config: { scope: 'admin', house: true, kinds: ['user', 'local'] },
      schema: { params: byName, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { name } = request.params
      const isOwner = access.users().some(each => each.name === name && each.role === 'owner')
      if (isOwner && request.principal.role !== 'owner')
        throw new HobError('api.forbidden', "only an owner changes an owner's account")
      await access.removeSecondFactor(name, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}

function tokenJson(info: TokenInfo) {
  const { id, user: owner, scopes, areas, createdAt, expiresAt, lastUsedAt } = info
  return {
    id,
    user: owner,
    scopes: [...scopes],
    areas: areas === null ? null : [...areas],
    createdAt: toIso(createdAt),
    expiresAt: expiresAt === null ? null : toIso(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
  }
}

/** The earlier of two ends; null is none. */
function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other)
}

function tokenRoutes(api: Api, { access, registry, causes }: Pick<ApiOptions, 'access' | 'registry' | 'causes'>): void {
  const areaId = (area: string) => {
    const found = registry.area(area)
    if (found === undefined) throw new HobError('devices.unknown_area', `there is no area "${area}"`)
    return found.id
  }

  api.get(
    '/tokens',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: list(token) } } },
    async () => ({
      items: access.tokens().map(tokenJson),
      next: null,
    }),
  )

  api.post(
    '/tokens',
    { config: { scope: 'admin', house: true }, schema: { body: newToken, response: { 201: createdToken } } },
    async (request, reply) => {
      const { principal, body } = request
      const owner = body.user ?? access.users().find(each => each.id === principal.user)?.name
      if (owner === undefined) throw new HobError('access.unknown_user', 'say for which user the token is: "user"')
      if (principal.role !== 'owner' && access.users().some(each => each.name === owner && each.role === 'owner')) {
        throw new HobError('api.forbidden', 'only an owner makes tokens for an owner')
      }
      // A token that made a longer one would live on in it.
      const maker = principal.kind === 'token' ? access.tokens().find(({ id }) => id === principal.grant) : undefined
      const made = await access.addToken(
        {
          user: owner,
          scopes: body.scopes,
          areas: body.areas?.map(areaId) ?? null,
          expiresAt: earlier(
            body.expiresAt === undefined ? null : Date.parse(body.expiresAt),
            maker?.expiresAt ?? null,
          ),
        },
        causeOf(request, causes),
      )
      return reply.code(201).send({ ...tokenJson(made.token), token: made.secret })
    },
  )

  api.delete(
    '/tokens/:id',
    {
      config: { scope: 'admin', house: true },
      schema: { params: z.object({ id: z.string() }), response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await access.removeToken(request.params.id, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}

function credentialRoutes(api: Api, { access, causes }: Pick<ApiOptions, 'access' | 'causes'>): void {
  api.get(
    '/mqtt/credentials',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: list(credential) } } },
    async () => ({
      items: access.clients().map(({ publish, subscribe, createdAt, ...shown }) => ({
        ...shown,
        publish: [...publish],
        subscribe: [...subscribe],
        createdAt: toIso(createdAt),
      })),
      next: null,
    }),
  )

  api.post(
    '/mqtt/credentials',
    { config: { scope: 'admin', house: true }, schema: { body: newCredential, response: { 201: createdCredential } } },
    async (request, reply) => {
      const made = await access.addClient({ ...request.body, kind: 'software' }, causeOf(request, causes))
      return reply.code(201).send({ username: made.client.username, password: made.password })
    },
  )

  api.delete(
    '/mqtt/credentials/:name',
    { config: { scope: 'admin', house: true }, schema: { params: byName, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await access.removeClient(request.params.name, causeOf(request, causes))
      return reply.code(204).send()
    },
  )
}
