import { createDurableWait, HobError, type Ulid } from '#kernel'
import { createBans } from './bans.ts'
import { createClients } from './clients.ts'
import { Credentials } from './credentials.ts'
import type { Access, AccessOptions, Principal, UserInfo } from './face.ts'
import { mqttPermissions } from './mqtt-permissions.ts'
import { ROLE_SCOPES } from './roles.ts'
import { makeSecret } from './secrets.ts'
import { createSessions } from './sessions.ts'
import { createSignIns } from './sign-ins.ts'
import type { StoredUser } from './store.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'

/** Characters of the hub's name in its cookies. */
const INSTANCE_LENGTH = 8

/** Users, tokens, sessions and MQTT credentials: in memory and in hub.db; every change but a session's is a version. */
export function createAccess(options: AccessOptions): Access {
  const { clock, newId, random, store } = options
  const whenDurable = createDurableWait(store)
  const listeners: ((grant: Ulid) => void)[] = []
  const revoke = (grant: Ulid) => {
    for (const listener of listeners) listener(grant)
  }
  const users = createUsers({ clock, newId, store })
  const tokens = createTokens({ clock, newId, random, store, users, onEnded: revoke })
  const sessions = createSessions({ clock, newId, random, store, onEnded: revoke })
  const clients = createClients(options)
  const bans = createBans(options)
  let instance = ''

  return {
    async open() {
      const stored = await store.load()
      instance = stored.instance ?? makeSecret(random).slice(0, INSTANCE_LENGTH).toLowerCase()
      if (stored.instance === null) await whenDurable(store.write({ op: 'access.instance.put', instance }))
      for (const user of stored.users) users.restore(user)
      for (const token of stored.tokens) tokens.restore(token)
      for (const session of stored.sessions) sessions.restore(session)
      for (const client of stored.clients) clients.credentials.put(client)
      for (const ban of stored.bans) bans.restore(ban)
    },
    instance: () => instance,
    permissions: mqttPermissions({ ...options, credentials: clients.credentials, bans }),
    byToken: tokens.bySecret,
    signIns: createSignIns({ clock, random, users, sessions, principalOf }),
    onRevoked: listener => void listeners.push(listener),
    users: () => users.all().map(shownUser),
    async addUser({ name, role, password }, cause) {
      users.requireFree(name)
      return shownUser(await users.add({ name, role, password: await users.hash(password), recovery: null }, cause))
    },
    async resetPassword(name, password, cause) {
      users.find(name)
      const hash = await users.hash(password)
      const user = users.find(name)
      await Promise.all([users.put({ ...user, password: hash }, cause), sessions.endAll(user.id)])
    },
    async setDisabled(name, disabled, cause) {
      const user = users.find(name)
      if (disabled && user.role === 'owner' && !users.all().some(each => isOtherOwner(each, user)))
        throw new HobError('access.last_owner', `"${name}" is the only owner; make another one first`)
      const changed = { ...user, disabled }
      const ended = disabled ? [sessions.endAll(user.id)] : []
      await Promise.all([users.put(changed, cause), ...ended])
      if (disabled) for (const token of tokens.of(user.id)) revoke(token.id)
      return shownUser(changed)
    },
    tokens: tokens.shown,
    addToken: tokens.add,
    removeToken: tokens.remove,
    clients: clients.shown,
    addClient: clients.addClient,
    removeClient: clients.removeClient,
    bans: bans.bans,
    addBan: bans.addBan,
    removeBan: bans.removeBan,
    logins: clients.logins,
    member: user => Credentials.memberOf(clients.credentials.need(user)),
  }
}

function principalOf(user: StoredUser, session: Ulid): Principal {
  const { id, name, role } = user
  return { kind: 'user', user: id, who: name, role, scopes: ROLE_SCOPES[role], areas: null, grant: session }
}

function isOtherOwner(each: StoredUser, user: StoredUser): boolean {
  return each.role === 'owner' && !each.disabled && each.id !== user.id
}

function shownUser({ password: _password, recovery: _recovery, ...user }: StoredUser): UserInfo {
  return user
}
