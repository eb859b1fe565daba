import { eq, sql } from 'drizzle-orm'
import type {
  AccessOp,
  Role,
  Scope,
  StoredAccess,
  StoredAreaRole,
  StoredClient,
  StoredPass,
} from '../../access/index.ts'
import type { OpenDatabase } from '../database.ts'
import { areaRoles, bans, credentials, factors, passes, sessions, tokens, users } from '../tables/access.ts'
import { hub } from '../tables/house.ts'
import { excluded, fromJson, type Operations } from './operations.ts'
import type { Versions } from './versions.ts'

const p = sql.placeholder

type OperationsOf<Kind extends string> = Operations<Extract<AccessOp, { readonly op: `access.${Kind}.${string}` }>>

/** Users, tokens, sessions and MQTT credentials. Their version rows never hold a hash. */
export function accessOperations(
  database: OpenDatabase,
  versions: Versions,
): Operations<Exclude<AccessOp, { op: 'access.audit.add' }>> {
  return {
    ...instanceOperations(database),
    ...userOperations(database, versions),
    ...tokenOperations(database, versions),
    ...sessionOperations(database),
    ...clientOperations(database, versions),
    ...banOperations(database, versions),
    ...roleOperations(database, versions),
    ...passOperations(database, versions),
    ...factorOperations(database, versions),
  }
}

function instanceOperations({ orm }: OpenDatabase): OperationsOf<'instance'> {
  const putInstance = orm
    .insert(hub)
    .values({ id: 1, instance: p('instance') })
    .prepare()
  return {
    'access.instance.put': ({ instance }) => void putInstance.run({ instance }),
  }
}

function userOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'user'> {
  const putUser = orm
    .insert(users)
    .values({
      id: p('id'),
      name: p('name'),
      role: p('role'),
      areaRole: p('areaRole'),
      password: p('password'),
      recovery: p('recovery'),
      createdAt: p('createdAt'),
      disabled: p('disabled'),
    })
    .onConflictDoUpdate({
      target: users.id,
      set: excluded('name', 'role', 'area_role', 'password', 'recovery', 'disabled'),
    })
    .prepare()
  const removeUser = orm
    .delete(users)
    .where(eq(users.id, p('id')))
    .prepare()
  return {
    'access.user.put': ({ user, cause }) => {
      putUser.run({ ...user })
      const { password: _password, recovery: _recovery, ...shown } = user
      versions.add({ kind: 'user', object: user.id, cause, content: JSON.stringify(shown) })
    },
    'access.user.remove': ({ id, cause }) => {
      removeUser.run({ id })
      versions.add({ kind: 'user', object: id, cause, content: null })
    },
  }
}

function tokenOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'token'> {
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
  return {
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
  }
}

function sessionOperations({ orm }: OpenDatabase): OperationsOf<'session'> {
  const putSession = orm
    .insert(sessions)
    .values({
      id: p('id'),
      user: p('user'),
      hash: p('hash'),
      createdAt: p('createdAt'),
      seenAt: p('seenAt'),
      expiresAt: p('expiresAt'),
      address: p('address'),
      userAgent: p('userAgent'),
    })
    .onConflictDoUpdate({ target: sessions.id, set: excluded('seen_at', 'expires_at', 'address') })
    .prepare()
  const removeSession = orm
    .delete(sessions)
    .where(eq(sessions.id, p('id')))
    .prepare()
  return {
    'access.session.put': ({ session }) => void putSession.run({ ...session }),
    'access.session.remove': ({ id }) => void removeSession.run({ id }),
  }
}

function clientOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'client'> {
  const putClient = orm
    .insert(credentials)
    .values({
      id: p('id'),
      kind: p('kind'),
      username: p('username'),
      clientId: p('clientId'),
      origin: p('origin'),
      hash: p('hash'),
      scram: p('scram'),
      publish: p('publish'),
      subscribe: p('subscribe'),
      full: p('full'),
      device: p('device'),
      createdAt: p('createdAt'),
    })
    .onConflictDoUpdate({
      target: credentials.id,
      set: excluded(
        'kind',
        'username',
        'client_id',
        'origin',
        'hash',
        'scram',
        'publish',
        'subscribe',
        'full',
        'device',
      ),
    })
    .prepare()
  const removeClient = orm
    .delete(credentials)
    .where(eq(credentials.id, p('id')))
    .prepare()

  return {
    'access.client.put': ({ client, cause }) => {
      const { hash: _hash, scram, ...shown } = client
      putClient.run({
        ...client,
        scram: scram === null ? null : JSON.stringify(scram),
        publish: JSON.stringify(client.publish),
        subscribe: JSON.stringify(client.subscribe),
      })
      versions.add({ kind: 'credential', object: client.id, cause, content: JSON.stringify(shown) })
    },
    'access.client.remove': ({ id, cause }) => {
      removeClient.run({ id })
      versions.add({ kind: 'credential', object: id, cause, content: null })
    },
  }
}

function banOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'ban'> {
  const putBan = orm
    .insert(bans)
    .values({
      id: p('id'),
      user: p('user'),
      clientId: p('clientId'),
      address: p('address'),
      until: p('until'),
      who: p('who'),
      createdAt: p('createdAt'),
    })
    .onConflictDoUpdate({ target: bans.id, set: excluded('until', 'who', 'created_at') })
    .prepare()
  const removeBan = orm
    .delete(bans)
    .where(eq(bans.id, p('id')))
    .prepare()
  return {
    'access.ban.put': ({ ban, cause }) => {
      putBan.run({ ...ban })
      versions.add({ kind: 'ban', object: ban.id, cause, content: JSON.stringify(ban) })
    },
    'access.ban.remove': ({ id, cause }) => {
      removeBan.run({ id })
      if (cause !== null) versions.add({ kind: 'ban', object: id, cause, content: null })
    },
  }
}

function roleOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'role'> {
  const putRole = orm
    .insert(areaRoles)
    .values({ slug: p('slug'), name: p('name'), house: p('house'), areas: p('areas') })
    .onConflictDoUpdate({ target: areaRoles.slug, set: excluded('name', 'house', 'areas') })
    .prepare()
  const removeRole = orm
    .delete(areaRoles)
    .where(eq(areaRoles.slug, p('slug')))
    .prepare()
  return {
    'access.role.put': ({ role, cause }) => {
      putRole.run({ ...role, areas: JSON.stringify(role.areas) })
      versions.add({ kind: 'role', object: role.slug, cause, content: JSON.stringify(role) })
    },
    'access.role.remove': ({ slug, cause }) => {
      removeRole.run({ slug })
      versions.add({ kind: 'role', object: slug, cause, content: null })
    },
  }
}

function passOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'pass'> {
  const putPass = orm
    .insert(passes)
    .values({
      id: p('id'),
      name: p('name'),
      hash: p('hash'),
      entities: p('entities'),
      may: p('may'),
      from: p('from'),
      until: p('until'),
      createdAt: p('createdAt'),
    })
    .prepare()
  const removePass = orm
    .delete(passes)
    .where(eq(passes.id, p('id')))
    .prepare()
  return {
    'access.pass.put': ({ pass, cause }) => {
      putPass.run({ ...pass, entities: JSON.stringify(pass.entities) })
      const { hash: _hash, ...shown } = pass
      versions.add({ kind: 'pass', object: pass.id, cause, content: JSON.stringify(shown) })
    },
    'access.pass.remove': ({ id, cause }) => {
      removePass.run({ id })
      versions.add({ kind: 'pass', object: id, cause, content: null })
    },
  }
}

function factorOperations({ orm }: OpenDatabase, versions: Versions): OperationsOf<'factor'> {
  const putFactor = orm
    .insert(factors)
    .values({ user: p('user'), key: p('key'), step: p('step'), codes: p('codes'), createdAt: p('createdAt') })
    .onConflictDoUpdate({ target: factors.user, set: excluded('key', 'step', 'codes', 'created_at') })
    .prepare()
  const removeFactor = orm
    .delete(factors)
    .where(eq(factors.user, p('user')))
    .prepare()
  return {
    'access.factor.put': ({ factor, cause }) => {
      putFactor.run({ ...factor, codes: JSON.stringify(factor.codes) })
      if (cause === null) return
      const content = JSON.stringify({ createdAt: factor.createdAt })
      versions.add({ kind: 'second_factor', object: factor.user, cause, content })
    },
    'access.factor.remove': ({ user, cause }) => {
      removeFactor.run({ user })
      versions.add({ kind: 'second_factor', object: user, cause, content: null })
    },
  }
}

export function loadAccess({ orm }: OpenDatabase): StoredAccess {
  return {
    instance: orm.select().from(hub).get()?.instance ?? null,
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
    sessions: orm.select().from(sessions).all(),
    bans: orm.select().from(bans).all(),
    roles: orm
      .select()
      .from(areaRoles)
      .all()
      .map(row => ({
        ...row,
        house: row.house as StoredAreaRole['house'],
        areas: fromJson<StoredAreaRole['areas']>(row.areas),
      })),
    factors: orm
      .select()
      .from(factors)
      .all()
      .map(row => ({ ...row, codes: fromJson<string[]>(row.codes) })),
    passes: orm
      .select()
      .from(passes)
      .all()
      .map(row => ({ ...row, may: row.may as StoredPass['may'], entities: fromJson<string[]>(row.entities) })),
    clients: orm
      .select()
      .from(credentials)
      .all()
      .map(row => ({
        ...row,
        kind: row.kind as StoredClient['kind'],
        origin: row.origin as StoredClient['origin'],
        scram: row.scram === null ? null : fromJson<NonNullable<StoredClient['scram']>>(row.scram),
        publish: fromJson<string[]>(row.publish),
        subscribe: fromJson<string[]>(row.subscribe),
      })),
  }
}
