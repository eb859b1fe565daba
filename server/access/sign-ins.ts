import { HobError, isHobError, type Clock, type Random, type Ulid } from '#kernel'
import { createAttempts } from './attempts.ts'
import type { Browser, Principal, SignedIn, SignIns } from './face.ts'
import { createOneTimeCodes, type OneTimeCodes } from './one-time-codes.ts'
import { hashSecret, makeSecret, NOBODYS_HASH, readSecret, requireStrong, sameHash } from './secrets.ts'
import type { Note } from './audit.ts'
import type { Passes } from './passes.ts'
import type { SecondFactors } from './second-factors.ts'
import type { Sessions } from './sessions.ts'
import type { StoredUser } from './store.ts'
import type { Users } from './users.ts'

/** Milliseconds a sign-in link works. */
export const LINK_TIME = 900_000

interface Options {
  readonly clock: Clock
  readonly random: Random
  readonly users: Users
  readonly sessions: Sessions
  readonly passes: Pick<Passes, 'accept' | 'countSession'>
  /** Sign-in links, by user. */
  readonly links: OneTimeCodes<Ulid>
  /** Whom a session of a user or pass stands for; undefined when it lets nobody in. */
  readonly setViewed: (session: Ulid, user: Ulid | null) => void
  readonly factors: SecondFactors
  readonly note: Note
  readonly principalOf: (holder: Ulid, session: Ulid) => Principal | undefined
}

const badCode = () =>
  new HobError('access.bad_code', 'this link works no more: it was used, is too old, or there is a newer one')

type Guard = ReturnType<typeof createGuard>

/** Lets a check run only when its address may try again, and takes the try back when it was right. */
function createGuard({ clock, users, sessions, note }: Pick<Options, 'clock' | 'users' | 'sessions' | 'note'>) {
  const attempts = createAttempts(clock)
  return async <T>(guess: { address: string; account: string | null }, check: () => T | Promise<T>): Promise<T> => {
    const user = guess.account === null ? undefined : users.byName(guess.account)
    const isKnown = user !== undefined && sessions.isSeenFrom(user.id, guess.address)
    const wasRight = attempts.begin({ ...guess, isKnown })
    try {
      const result = await check()
      wasRight()
      return result
    } catch (error) {
      // A name that nobody has may be a password in the wrong field.
      const who = user?.name ?? 'unknown'
      const detail = { address: guess.address, code: isHobError(error) ? error.code : 'failed' }
      note({ kind: 'user', who }, { action: 'sign_in.failed', object: user?.id ?? null, detail })
      throw error
    }
  }
}

/** How people get in: by password, claim, recovery code or link; all guesses are counted and slowed (attempts.ts). */
export function createSignIns(options: Options): SignIns {
  const { sessions, note } = options
  const guard = createGuard(options)
  const begin = createBegin(options)
  return {
    ...createClaim(options, { guard, begin }),
    ...createPasswords(options, { guard, begin }),
    ...createSecondFactorWays(options, guard),
    ...createLinks(options, { guard, begin }),
    bySecret(secret, address) {
      const used = sessions.use(secret, address)
      const principal = used && options.principalOf(used.session.user, used.session.id)
      if (used === undefined || principal === undefined) return undefined
      const { session, isRenewed } = used
      return { principal, isRenewed, expiresAt: session.expiresAt }
    },
    sessions: user => sessions.of(user).map(({ hash: _hash, ...session }) => session),
    async end(id, user, cause) {
      const found = sessions.get(id)
      if (found === undefined || (user !== undefined && found.user !== user))
        throw new HobError('access.unknown_session', 'there is no such session')
      const who = options.users.get(found.user)
      note(cause ?? byOf(who, found.user), { action: 'sign_out', object: found.user, detail: { session: id } })
      await sessions.end(id)
    },
    endAll: user => sessions.endAll(user),
    view(session, name) {
      const owner = options.users.get(sessions.get(session)?.user ?? '')
      const seen = name === null ? null : options.users.find(name)
      if (seen?.disabled === true)
        throw new HobError('access.user_disabled', `the account "${seen.name}" is switched off and sees nothing`)
      options.setViewed(session, seen?.id ?? null)
      const action = seen === null ? 'view.end' : 'view.begin'
      note(byOf(owner, session), { action, object: seen?.id ?? null, detail: { session } })
    },
  }
}

/** Who stands in a note: a user by name, else a pass. */
function byOf(user: StoredUser | undefined, pass: Ulid): Parameters<Note>[0] {
  return user === undefined ? { kind: 'pass', who: pass } : { kind: 'user', who: user.name }
}

type Way = 'password' | 'claim' | 'recovery code' | 'link' | 'pass'
type Begin = (way: Way, holder: Pick<StoredUser, 'id'>, browser: Browser) => Promise<SignedIn>

function createBegin({ users, sessions, principalOf, note }: Options): Begin {
  return async (way, { id }, browser) => {
    const { session, secret } = await sessions.begin(id, browser)
    const principal = principalOf(id, session.id)
    // It was switched off between the right word and the session.
    if (principal === undefined) throw badCode()
    const detail = { way, address: browser.address, session: session.id }
    note(byOf(users.get(id), id), { action: 'sign_in', object: id, detail })
    return { principal, secret, expiresAt: session.expiresAt }
  }
}

interface Tools {
  readonly guard: Guard
  readonly begin: Begin
}

function createClaim(
  { clock, random, users }: Options,
  { guard, begin }: Tools,
): Pick<SignIns, 'isClaimed' | 'newClaim' | 'claim'> {
  const codes = createOneTimeCodes<'hub'>({ clock, random })
  const isClaimed = () => users.has('owner')
  const requireUnclaimed = () => {
    if (isClaimed()) throw new HobError('access.already_claimed', 'this hub has an owner already; sign in instead')
  }
  return {
    isClaimed,
    newClaim() {
      requireUnclaimed()
      codes.clear()
      return codes.make('hub', Infinity)
    },
    async claim({ code, name, password }, browser, cause) {
      requireUnclaimed()
      users.requireFree(name)
      requireStrong(password)
      await guard({ address: browser.address, account: null }, () => {
        if (codes.look(code) === undefined) throw badCode()
      })
      const hash = await users.hash(password)
      // The same link may have been used meanwhile; from here on nobody comes between.
      requireUnclaimed()
      users.requireFree(name)
      if (codes.take(code) === undefined) throw badCode()
      const recoveryCode = makeSecret(random)
      const owner = { name, role: 'owner', areaRole: null, password: hash, recovery: hashSecret(recoveryCode) } as const
      const user = await users.add(owner, cause)
      return { ...(await begin('claim', user, browser)), recoveryCode }
    },
  }
}

/** The user as it was when the password was looked at; a change meanwhile makes it wrong. */
async function fitting(users: Users, found: StoredUser | undefined, password: string): Promise<StoredUser | undefined> {
  const fits = await users.fits(found, password)
  return fits && found !== undefined && !found.disabled && users.get(found.id) === found ? found : undefined
}

const codeNeeded = () =>
  new HobError('access.code_needed', 'this account also asks for a code of its authenticator app')

function createSecondFactorWays(
  { users, factors }: Options,
  guard: Guard,
): Pick<SignIns, 'secondFactor' | 'beginSecondFactor' | 'confirmSecondFactor' | 'endSecondFactor'> {
  const requirePassword = (id: Ulid, password: string, { address }: Browser) =>
    guard({ address, account: users.get(id)?.name ?? null }, async () => {
      if ((await fitting(users, users.get(id), password)) === undefined)
        throw new HobError('access.wrong_password', 'the password is wrong')
    })
  return {
    secondFactor: factors.left,
    async beginSecondFactor(user, password, browser) {
      await requirePassword(user, password, browser)
      return factors.begin(user)
    },
    confirmSecondFactor: (user, code, { browser, cause }) =>
      guard({ address: browser.address, account: users.get(user)?.name ?? null }, () =>
        factors.confirm(user, code, cause),
      ),
    async endSecondFactor(user, password, { browser, cause }) {
      await requirePassword(user, password, browser)
      await factors.remove(user, cause)
    },
  }
}

function createPasswords(
  { random, users, sessions, factors }: Options,
  { guard, begin }: Tools,
): Pick<SignIns, 'withPassword' | 'recover' | 'changePassword'> {
  return {
    async withPassword({ name, password, code }, browser) {
      const user = await guard({ address: browser.address, account: name }, async () => {
        const found = await fitting(users, users.byName(name), password)
        if (found === undefined) throw new HobError('access.bad_credentials', 'user name or password is wrong')
        if (code !== undefined) await factors.use(found.id, code)
        return found
      })
      if (code === undefined && factors.left(user.id) !== undefined) throw codeNeeded()
      return begin('password', user, browser)
    },
    async recover({ name, recoveryCode, password, code }, browser, cause) {
      const wrong = () => new HobError('access.bad_credentials', 'user name or recovery code is wrong')
      requireStrong(password)
      const user = await guard({ address: browser.address, account: name }, async () => {
        const found = users.byName(name)
        const fits = sameHash(hashSecret(readSecret(recoveryCode)), found?.recovery ?? NOBODYS_HASH)
        if (!fits || found === undefined || found.disabled) throw wrong()
        if (factors.left(found.id) !== undefined && code === undefined) throw codeNeeded()
        if (code !== undefined) await factors.use(found.id, code)
        return found
      })
      const hash = await users.hash(password)
      // Two at once with the same code: the first has changed the user.
      if (users.get(user.id) !== user) throw wrong()
      const next = makeSecret(random)
      const recovered = { ...user, password: hash, recovery: hashSecret(next) }
      await Promise.all([users.put(recovered, cause), sessions.endAll(user.id)])
      return { ...(await begin('recovery code', recovered, browser)), recoveryCode: next }
    },
    async changePassword({ user: id, session, from, to }, browser, cause) {
      const wrong = () => new HobError('access.wrong_password', 'the old password is wrong')
      requireStrong(to)
      const account = users.get(id)
      const user = await guard({ address: browser.address, account: account?.name ?? null }, async () => {
        const found = await fitting(users, account, from)
        if (found === undefined) throw wrong()
        return found
      })
      const password = await users.hash(to)
      if (users.get(id) !== user) throw wrong()
      await Promise.all([users.put({ ...user, password }, cause), sessions.endAll(id, session)])
    },
  }
}

function createLinks(
  { clock, users, passes, links }: Options,
  { guard, begin }: Tools,
): Pick<SignIns, 'newLink' | 'withLink' | 'withPass'> {
  return {
    newLink(name) {
      const user = users.find(name)
      return { user: user.id, code: links.make(user.id, LINK_TIME), expiresAt: clock.now() + LINK_TIME }
    },
    async withLink(code, browser) {
      const user = await guard({ address: browser.address, account: null }, () => {
        const found = users.get(links.take(code) ?? '')
        if (found === undefined || found.disabled) throw badCode()
        return found
      })
      return begin('link', user, browser)
    },
    async withPass(code, browser) {
      const pass = await guard({ address: browser.address, account: null }, () => passes.accept(code))
      passes.countSession(pass.id)
      return begin('pass', pass, browser)
    },
  }
}
