import { eq, sql } from 'drizzle-orm'
import type { AccessOp, Role, Scope, StoredAccess, StoredClient } from '../../access/index.ts'
import type { OpenDatabase } from '../database.ts'
import { credentials, tokens, users } from '../tables/access.ts'
import { excluded, fromJson, type Operations } from './operations.ts'
import type { Versions } from './versions.ts'

const p = sql.placeholder

/** Users, tokens and MQTT credentials. Their version rows never hold a hash. */
export function accessOperations({ orm }: OpenDatabase, versions: Versions): Operations<AccessOp> {
  const putUser = orm
    .insert(users)
    .values({
      id: p('id'),
      name: p('name'),
      role: p('role'),
      password: p('password'),
      createdAt: p('createdAt'),
      disabled: p('disabled'),
    })
    .onConflictDoUpdate({ target: users.id, set: excluded('name', 'role', 'password', 'disabled') })
    .prepare()
  const putToken = orm
    .insert(tokens)
    .values({
      id: p('id'),
      user: p('user'),
      hash: p('hash'),
      scopes: p('scopes'),
      areas: p('areas'),
      createdAt: p('createdAt'),
      expiresAt: p('expiresAt'),
      lastUsedAt: p('lastUsedAt'),
    })
    .onConflictDoUpdate({ target: tokens.id, set: excluded('scopes', 'areas', 'expires_at', 'last_used_at') })
    .prepare()
  const usedToken = orm
    .update(tokens)
    .set({ lastUsedAt: sql`${p('at')}` })
    .where(eq(tokens.id, p('id')))
    .prepare()
  const removeToken = orm
    .delete(tokens)
    .where(eq(tokens.id, p('id')))
    .prepare()
  const putClient = orm
    .insert(credentials)
    .values({
      id: p('id'),
      kind: p('kind'),
      username: p('username'),
      hash: p('hash'),
      publish: p('publish'),
      subscribe: p('subscribe'),
      full: p('full'),
      device: p('device'),
      createdAt: p('createdAt'),
    })
    .onConflictDoUpdate({
      target: credentials.id,
      set: excluded('kind', 'username', 'hash', 'publish', 'subscribe', 'full', 'device'),
    })
    .prepare()
  const removeClient = orm
    .delete(credentials)
    .where(eq(credentials.id, p('id')))
    .prepare()

  return {
    'access.user.put': ({ user, cause }) => {
      putUser.run({ ...user })
      const { password: _secret, ...shown } = user
      versions.add({ kind: 'user', object: user.id, cause, content: JSON.stringify(shown) })
    },
    'access.token.put': ({ token, cause }) => {
      putToken.run({
        ...token,
        scopes: JSON.stringify(token.scopes),
        areas: token.areas === null ? null : JSON.stringify(token.areas),
      })
      const { hash: _secret, ...shown } = token
      versions.add({ kind: 'token', object: token.id, cause, content: JSON.stringify(shown) })
    },
    'access.token.used': ({ id, at }) => void usedToken.run({ id, at }),
    'access.token.remove': ({ id, cause }) => {
      removeToken.run({ id })
      versions.add({ kind: 'token', object: id, cause, content: null })
    },
    'access.client.put': ({ client, cause }) => {
      putClient.run({ ...client, publish: JSON.stringify(client.publish), subscribe: JSON.stringify(client.subscribe) })
      const { hash: _secret, ...shown } = client
      versions.add({ kind: 'credential', object: client.id, cause, content: JSON.stringify(shown) })
    },
    'access.client.remove': ({ id, cause }) => {
      removeClient.run({ id })
      versions.add({ kind: 'credential', object: id, cause, content: null })
    },
  }
}

export function loadAccess({ orm }: OpenDatabase): StoredAccess {
  return {
    users: orm
      .select()
      .from(users)
      .all()
      .map(row => ({ ...row, role: row.role as Role })),
    tokens: orm
      .select()
      .from(tokens)
      .all()
      .map(row => ({
        ...row,
        scopes: fromJson<Scope[]>(row.scopes),
        areas: row.areas === null ? null : fromJson<string[]>(row.areas),
      })),
    clients: orm
      .select()
      .from(credentials)
      .all()
      .map(row => ({
        ...row,
        kind: row.kind as StoredClient['kind'],
        publish: fromJson<string[]>(row.publish),
        subscribe: fromJson<string[]>(row.subscribe),
      })),
  }
}
