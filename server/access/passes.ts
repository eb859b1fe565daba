import { createDurableWait, HobError, type Cause, type Clock, type Random, type Ulid } from '#kernel'
import type { Access, PassInfo, Principal } from './face.ts'
import { Rights } from './rights.ts'
import { hashSecret, makeSecret, readSecret } from './secrets.ts'
import type { AccessStore, StoredPass } from './store.ts'

/** Passes at a time; those that are over give way first. */
const MAX_PASSES = 100
/** New sessions of a pass in an hour: each is an entry of the audit log, which a guest must not roll away. */
const SESSIONS_AN_HOUR = 20
/** Milliseconds. */
const HOUR = 3_600_000

export type Passes = ReturnType<typeof createPasses>

/** Guest passes: a link that lets its bearer use chosen controls for a while, without an account. */
export function createPasses(options: {
  clock: Clock
  newId: () => Ulid
  random: Random
  store: AccessStore
  /** Ends all sessions that a pass began. */
  endSessions: (pass: Ulid) => Promise<void>
}) {
  const { clock, newId, random, store, endSessions } = options
  const passes = new Map<Ulid, StoredPass>()
  /** Monotonic milliseconds at which the sessions of the last hour began. */
  const begun = new Map<Ulid, readonly number[]>()
  const whenDurable = createDurableWait(store)
  const isOver = ({ until }: StoredPass) => until <= clock.now()
  const isNotYet = ({ from }: StoredPass) => from > clock.now()

  const remove = async (id: Ulid, cause: Cause) => {
    passes.delete(id)
    begun.delete(id)
    await Promise.all([endSessions(id), whenDurable(store.write({ op: 'access.pass.remove', id, cause }))])
  }

  return {
    restore: (pass: StoredPass) => void passes.set(pass.id, pass),
    /** Wall-clock milliseconds of a pass's end. */
    endOf: (id: Ulid): number | undefined => passes.get(id)?.until,
    /** The pass of a link's secret. @throws HobError `access.bad_code`, `access.pass_not_yet`. */
    accept(secret: string): StoredPass {
      const hash = hashSecret(readSecret(secret))
      const pass = [...passes.values()].find(each => each.hash === hash)
      if (pass === undefined || isOver(pass))
        throw new HobError('access.bad_code', 'this pass is over, or there never was one')
      if (isNotYet(pass))
        throw new HobError('access.pass_not_yet', 'this pass does not work yet; come back later', { from: pass.from })
      return pass
    },
    /** Counts a session that is to begin. @throws HobError `access.too_many_tries` with `retryAfter` in seconds. */
    countSession(id: Ulid): void {
      const now = clock.monotonic()
      const recent = (begun.get(id) ?? []).filter(at => now - at < HOUR)
      if (recent.length >= SESSIONS_AN_HOUR) {
        const retryAfter = Math.ceil((recent[0]! + HOUR - now) / 1_000)
        const detail = `this pass was opened ${SESSIONS_AN_HOUR} times within an hour; try again in ${retryAfter} s`
        throw new HobError('access.too_many_tries', detail, { retryAfter })
      }
      begun.set(id, [...recent, now])
    },
    principalOf(id: Ulid, session: Ulid): Principal | undefined {
      const pass = passes.get(id)
      if (pass === undefined || isOver(pass) || isNotYet(pass)) return undefined
      const rights = Rights.ofEntities(pass.may, pass.entities)
      return { kind: 'pass', user: null, who: id, role: 'guest', rights, grant: session, viewer: null }
    },
    passes: () => [...passes.values()].map(shownPass),
    async addPass({ name, entities, may, from, until }, cause) {
      if (until <= from || until <= clock.now())
        throw new HobError('access.bad_window', 'a pass ends after it begins, and later than now')
      const over = [...passes.values()].filter(isOver)
      if (passes.size - over.length >= MAX_PASSES)
        throw new HobError('access.too_many_passes', `there are ${MAX_PASSES} passes already; take one back first`)
      if (passes.size >= MAX_PASSES) await remove(over[0]!.id, cause)
      const secret = makeSecret(random)
      const about = { name, entities: [...new Set(entities)], may, from, until, createdAt: clock.now() }
      const pass: StoredPass = { id: newId(), hash: hashSecret(secret), ...about }
      passes.set(pass.id, pass)
      await whenDurable(store.write({ op: 'access.pass.put', pass, cause }))
      return { pass: shownPass(pass), secret }
    },
    async removePass(id, cause) {
      if (!passes.has(id)) throw new HobError('access.unknown_pass', `there is no pass "${id}"`)
      await remove(id, cause)
    },
  } satisfies Pick<Access, 'passes' | 'addPass' | 'removePass'> & Record<string, unknown>
}

function shownPass({ hash: _hash, ...pass }: StoredPass): PassInfo {
  return pass
}
