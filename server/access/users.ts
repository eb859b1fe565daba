import { createDurableWait, HobError, type Cause, type Clock, type Ulid } from '#kernel'
import { fitsPassword, hashPassword, NOBODYS_PASSWORD, requireStrong } from './secrets.ts'
import type { AccessStore, Role, StoredUser } from './store.ts'

/** Password computations at a time: each takes 19 MiB and a core for a while. */
const MAX_HASHING = 2

// A name stands in causes and logs and may become part of a topic filter one day.
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u

/** Names that stand in causes for others: the command line, and whoever gave a name that nobody has. */
const RESERVED: ReadonlySet<string> = new Set(['hob', 'unknown'])

export type Users = ReturnType<typeof createUsers>

/** Accounts of people: in memory, every change a version in hub.db. */
export function createUsers({ clock, newId, store }: { clock: Clock; newId: () => Ulid; store: AccessStore }) {
  const users = new Map<Ulid, StoredUser>()
  const whenDurable = createDurableWait(store)
  const hashing = createGate(MAX_HASHING)

  const byName = (name: string) => [...users.values()].find(user => user.name === name)
  const put = async (user: StoredUser, cause: Cause) => {
    users.set(user.id, user)
    await whenDurable(store.write({ op: 'access.user.put', user, cause }))
  }
  /** @throws HobError `access.bad_name`, `access.name_taken`. */
  const requireFree = (name: string) => {
    if (!NAME.test(name)) {
      throw new HobError(
        'access.bad_name',
        'a user name has letters, digits, blanks and . _ @ - and begins with a letter or digit',
      )
    }
    if (RESERVED.has(name.toLowerCase()))
      throw new HobError(
        'access.bad_name',
        `the name "${name}" would read like the hub itself in the log; take another`,
      )
    if (byName(name) !== undefined) throw new HobError('access.name_taken', `there is a user "${name}" already`)
  }

  return {
    restore: (user: StoredUser) => void users.set(user.id, user),
    all: (): readonly StoredUser[] => [...users.values()],
    get: (id: Ulid) => users.get(id),
    byName,
    /** @throws HobError `access.unknown_user`. */
    find(name: string): StoredUser {
      const found = byName(name)
      if (found === undefined) throw new HobError('access.unknown_user', `there is no user "${name}"`)
      return found
    },
    put,
    async remove(id: Ulid, cause: Cause) {
      users.delete(id)
      await whenDurable(store.write({ op: 'access.user.remove', id, cause }))
    },
    requireFree,
    /** @throws HobError `access.weak_password`. */
    async hash(password: string): Promise<string> {
      requireStrong(password)
      return hashing(() => hashPassword(password))
    },
    /** Whether a password is this user's; takes as long when there is no user. */
    fits: (user: StoredUser | undefined, password: string): Promise<boolean> =>
      hashing(() => fitsPassword(password, user?.password ?? NOBODYS_PASSWORD)),
    /** @throws HobError `access.bad_name`, `access.name_taken`. */
    async add(
      account: Pick<StoredUser, 'name' | 'role' | 'areaRole' | 'password' | 'recovery'>,
      cause: Cause,
    ): Promise<StoredUser> {
      requireFree(account.name)
      const user: StoredUser = { ...account, id: newId(), createdAt: clock.now(), disabled: false }
      await put(user, cause)
      return user
    },
    has: (role: Role) => [...users.values()].some(user => user.role === role),
  }
}

/** Lets `limit` tasks run at a time; the others wait in line. */
function createGate(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const line: (() => void)[] = []
  return async task => {
    if (running === limit) await new Promise<void>(resolve => line.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = line.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
