import { createDurableWait, HobError, type Cause, type Ulid } from '#kernel'
import type { Access, AccessOptions } from './face.ts'
import type { StoredBan } from './store.ts'

/** Bans at a time. */
export const MAX_BANS = 1_000

/** Whom a ban keeps out: a user, one client of a user, or an address. */
export type BanTarget = Pick<StoredBan, 'user' | 'clientId' | 'address'>

export interface Bans extends Pick<Access, 'bans' | 'addBan' | 'removeBan'> {
  restore(ban: StoredBan): void
  /** Whether a client is kept out; `user` is null while nobody knows who it is. */
  covers(client: { user: string | null; clientId: string; address: string }): boolean
}

/** MQTT clients that are kept out, for a time or until somebody lifts it. */
export function createBans({
  clock,
  newId,
  store,
  onBanned,
}: Pick<AccessOptions, 'clock' | 'newId' | 'store' | 'onBanned'>): Bans {
  const bans = new Map<Ulid, StoredBan>()
  const whenDurable = createDurableWait(store)
  const isOver = ({ until }: StoredBan) => until !== null && until <= clock.now()

  function dropOver(): void {
    for (const ban of bans.values()) {
      if (!isOver(ban)) continue
      bans.delete(ban.id)
      store.write({ op: 'access.ban.remove', id: ban.id, cause: null })
    }
  }

  function put(ban: StoredBan, cause: Cause): Promise<void> {
    bans.set(ban.id, ban)
    onBanned(ban)
    return whenDurable(store.write({ op: 'access.ban.put', ban, cause }))
  }

  return {
    restore: ban => void bans.set(ban.id, ban),
    covers: client => [...bans.values()].some(ban => !isOver(ban) && isMeant(ban, client)),
    bans() {
      dropOver()
      return [...bans.values()]
    },
    async addBan({ user, clientId, address, until }, cause) {
      if ((user === null) === (address === null) || (clientId !== null && user === null))
        throw new HobError('access.bad_ban', 'say whom to keep out: a user, a user with a client id, or an address')
      if (until !== null && until <= clock.now())
        throw new HobError('access.bad_ban', 'a ban ends later than now, or never')
      dropOver()
      const same = [...bans.values()].find(ban => isSame(ban, { user, clientId, address }))
      if (same === undefined && bans.size >= MAX_BANS)
        throw new HobError('access.too_many_bans', `there are ${MAX_BANS} bans already; lift one first`)
      const about = { user, clientId, address, until, who: cause.who }
      const ban = { id: same?.id ?? newId(), ...about, createdAt: clock.now() }
      await put(ban, cause)
      return ban
    },
    async removeBan(id, cause) {
      if (!bans.delete(id)) throw new HobError('access.unknown_ban', `there is no ban "${id}"`)
      await whenDurable(store.write({ op: 'access.ban.remove', id, cause }))
    },
  }
}

function isMeant(ban: BanTarget, { user, clientId, address }: Parameters<Bans['covers']>[0]): boolean {
  return (
    (ban.user === null || ban.user === user) &&
    (ban.clientId === null || ban.clientId === clientId) &&
    (ban.address === null || ban.address === address)
  )
}

function isSame(ban: BanTarget, { user, clientId, address }: BanTarget): boolean {
  return ban.user === user && ban.clientId === clientId && ban.address === address
}
