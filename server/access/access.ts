import { createDurableWait, HobError, type Ulid } from '#kernel'
import { createAudit } from './audit.ts'
import { createBans } from './bans.ts'
import { createClients } from './clients.ts'
import { Credentials } from './credentials.ts'
import type { Access, AccessOptions, Principal, UserInfo } from './face.ts'
import { mqttPermissions } from './mqtt-permissions.ts'
import { LOCAL } from './local.ts'
import { createOneTimeCodes } from './one-time-codes.ts'
import { createPasses } from './passes.ts'
import { Rights } from './rights.ts'
import { createRoles } from './roles.ts'
import { makeSecret } from './secrets.ts'
import { createSecondFactors, type SecondFactors } from './second-factors.ts'
import { createSessions } from './sessions.ts'
import { createSignIns } from './sign-ins.ts'
import type { StoredUser } from './store.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'

/** Characters of the hub's name in its cookies. */
const INSTANCE_LENGTH = 8

/** Users, tokens, sessions and MQTT credentials: in memory and in hub.db; every change but a session's is a version. */
export function createAccess(options: AccessOptions): Access {
  const { clock, random, store } = options
  const whenDurable = createDurableWait(store)
  const { note, audit } = createAudit(options)
  const people = createPeople(options)
  const { users, roles, tokens, sessions, passes } = people
  const factors = createSecondFactors({ clock, random, store })
  const clients = createClients(options)
  const bans = createBans(options)
  const signIns = createSignIns({ clock, random, users, sessions, passes, factors, note, ...people.signInParts })
  let instance = ''

  return {
    async open() {
      const stored = await store.load()
      instance = stored.instance ?? makeSecret(random).slice(0, INSTANCE_LENGTH).toLowerCase()
      if (stored.instance === null) await whenDurable(store.write({ op: 'access.instance.put', instance }))
      for (const role of stored.roles) roles.restore(role)
      for (const user of stored.users) users.restore(user)
      for (const factor of stored.factors) factors.restore(factor)
      for (const pass of stored.passes) passes.restore(pass)
      for (const token of stored.tokens) tokens.restore(token)
      for (const session of stored.sessions) sessions.restore(session)
      for (const client of stored.clients) clients.credentials.put(client)
      for (const ban of stored.bans) bans.restore(ban)
    },
    local: LOCAL,
    instance: () => instance,
    permissions: mqttPermissions({ ...options, credentials: clients.credentials, bans }),
    byToken: tokens.bySecret,
    byGrant(grant) {
      const session = sessions.get(grant)
      return session === undefined ? tokens.byId(grant) : people.principalOf(session.user, grant)
    },
    signIns,
    audit,
    onRevoked: people.onRevoked,
    onRightsChanged: people.onRightsChanged,
    users: () => users.all().map(shownUser),
    ...accounts(people, factors),
    removeSecondFactor: (name, cause) => factors.remove(users.find(name).id, cause),
    areaRoles: roles.areaRoles,
    addAreaRole: roles.addAreaRole,
    changeAreaRole: roles.changeAreaRole,
    removeAreaRole: roles.removeAreaRole,
    passes: passes.passes,
    addPass: passes.addPass,
    removePass: passes.removePass,
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

type People = ReturnType<typeof createPeople>

/** People, what they hold, and who is told when that ends or changes. */
function createPeople({ clock, newId, random, store }: AccessOptions) {
  const revoked: ((grant: Ulid) => void)[] = []
  const changed: ((user: Ulid) => void)[] = []
  const revoke = (grant: Ulid) => revoked.forEach(listener => listener(grant))
  const rightsChanged = (user: Ulid) => changed.forEach(listener => listener(user))

  const users = createUsers({ clock, newId, store })
  const having = (role: string) => users.all().filter(({ areaRole }) => areaRole === role)
  const roles = createRoles({
    store,
    isHeld: role => having(role).length > 0,
    onChanged: role => having(role).forEach(({ id }) => rightsChanged(id)),
  })
  // Which owner's session looks through whose eyes.
  const viewed = new Map<Ulid, Ulid>()
  const tokens = createTokens({ clock, newId, random, store, users, rightsOf: roles.rightsOf, onEnded: revoke })
  const ended = (session: Ulid) => {
    viewed.delete(session)
    revoke(session)
  }
  const endOf = (holder: Ulid) => passes.endOf(holder)
  // Sign-in links, by user; with the sessions go the links that would begin new ones.
  const links = createOneTimeCodes<Ulid>({ clock, random })
  const sessions = createSessions({ clock, newId, random, store, endOf, onEnded: ended, onAllEnded: links.drop })
  const passes = createPasses({ clock, newId, random, store, endSessions: pass => sessions.endAll(pass) })

  const principalOf = (holder: Ulid, session: Ulid): Principal | undefined => {
    const user = users.get(holder)
    if (user === undefined) return passes.principalOf(holder, session)
    if (user.disabled) return undefined
    const other = user.role === 'owner' ? viewed.get(session) : undefined
    const seen = other === undefined ? user : users.get(other)
    // Through the eyes of who is gone or switched off there is nothing to see.
    const rights = seen === undefined || seen.disabled ? Rights.inHouse(null) : roles.rightsOf(seen)
    const { id, name, role } = seen ?? user
    const viewer = other === undefined ? null : user.name
    return { kind: 'user', user: id, who: name, role, rights, grant: session, viewer }
  }
  const setViewed = (session: Ulid, user: Ulid | null) => {
    if (user === null) viewed.delete(session)
    else viewed.set(session, user)
    rightsChanged(session)
  }
  const endViews = (user: Ulid) => {
    for (const { id } of sessions.of(user)) if (viewed.has(id)) setViewed(id, null)
  }
  return {
    ...{ users, roles, tokens, sessions, passes, principalOf, revoke, rightsChanged, endViews },
    signInParts: { principalOf, setViewed, links },
    onRevoked: (listener: (grant: Ulid) => void) => void revoked.push(listener),
    onRightsChanged: (listener: (user: Ulid) => void) => void changed.push(listener),
  }
}

type Accounts = Pick<Access, 'addUser' | 'removeUser' | 'resetPassword' | 'setDisabled' | 'setRole'>

/** What is changed about the accounts of people. */
function accounts(people: People, factors: SecondFactors): Accounts {
  const { users, roles, tokens, sessions, revoke, rightsChanged, endViews } = people
  /** @throws HobError `access.unknown_role`, `access.whole_house`. */
  const requireFitting = (role: StoredUser['role'], areaRole: string | null) => {
    if (areaRole === null) return
    roles.need(areaRole)
    if (role === 'owner' || role === 'admin')
      throw new HobError('access.whole_house', `the role "${role}" is of the whole house, not by area`)
  }
  const requireOtherOwner = (user: StoredUser) => {
    if (user.role === 'owner' && !users.all().some(each => isOtherOwner(each, user)))
      throw new HobError('access.last_owner', `"${user.name}" is the only owner; make another one first`)
  }
  return {
    async addUser({ name, role, areaRole = null, password }, cause) {
      users.requireFree(name)
      requireFitting(role, areaRole)
      const account = { name, role, areaRole, password: await users.hash(password), recovery: null }
      // The role by area may have gone meanwhile.
      requireFitting(role, areaRole)
      return shownUser(await users.add(account, cause))
    },
    async removeUser(name, cause) {
      const user = users.find(name)
      requireOtherOwner(user)
      // What the account holds goes first: nothing of it is left without one.
      const held = [
        sessions.endAll(user.id),
        factors.remove(user.id, cause),
        ...tokens.of(user.id).map(({ id }) => tokens.remove(id, cause)),
      ]
      const removed = users.remove(user.id, cause)
      rightsChanged(user.id)
      await Promise.all([...held, removed])
    },
    async resetPassword(name, password, cause) {
      users.find(name)
      const hash = await users.hash(password)
      const user = users.find(name)
      await Promise.all([users.put({ ...user, password: hash }, cause), sessions.endAll(user.id)])
    },
    async setDisabled(name, disabled, cause) {
      const user = users.find(name)
      if (disabled) requireOtherOwner(user)
      const changed = { ...user, disabled }
      const ended = disabled ? [sessions.endAll(user.id)] : []
      const done = users.put(changed, cause)
      rightsChanged(user.id)
      await Promise.all([done, ...ended])
      if (disabled) for (const token of tokens.of(user.id)) revoke(token.id)
      return shownUser(changed)
    },
    async setRole(name, to, cause) {
      const user = users.find(name)
      const changed = { ...user, ...to }
      requireFitting(changed.role, changed.areaRole)
      if (changed.role !== 'owner') requireOtherOwner(user)
      const done = users.put(changed, cause)
      rightsChanged(user.id)
      if (changed.role !== 'owner') endViews(user.id)
      await done
      return shownUser(changed)
    },
  }
}

function isOtherOwner(each: StoredUser, user: StoredUser): boolean {
  return each.role === 'owner' && !each.disabled && each.id !== user.id
}

function shownUser({ password: _password, recovery: _recovery, ...user }: StoredUser): UserInfo {
  return user
}
