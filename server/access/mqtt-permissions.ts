import type { Door, GuestSeat, KnockReason, Visitor } from '#devices'
import type { Clock, Random } from '#kernel'
import type { Identity, Login, Permissions, RefusalReason, Sink } from '../broker/index.ts'
import type { Bans } from './bans.ts'
import { Credentials, proofOf } from './credentials.ts'
import { createInventor, createScramExchange, makeNonce, SCRAM, scramSteps } from './scram.ts'
import type { StoredClient } from './store.ts'
import { FULL_RULES, GUEST_LIMITS, LIMITS } from './topic-rules.ts'

/** Wrong logins an address may make before it is slowed. */
const FREE_TRIES = 10
/** Milliseconds: how long an address that tried too often is turned away, and after how long it is forgotten. */
const SLOWED_FOR = 5_000
const FORGOTTEN_AFTER = 60_000
/** Addresses, and logins at their addresses, that are remembered. */
const MAX_REMEMBERED = 10_000
/** Characters of a login that is remembered. */
const MAX_LOGIN = 1_024

/** What the throttle sees of a login. */
type Source = Pick<Visitor, 'address' | 'username' | 'clientId'>

/**
 * Counts wrong logins by address. A misconfigured sensor that tries for days is slowed, never banned; a whole house may
 * stand behind one address, so logins that were right there before are counted each for itself.
 */
function createThrottle(clock: Clock) {
  const tries = new Map<string, { count: number; at: number }>()
  const known = new Set<string>()
  const loginOf = ({ address, username, clientId }: Source) => `${address}\0${username}\0${clientId}`
  const nameOf = (source: Source) => (known.has(loginOf(source)) ? loginOf(source) : source.address)
  return {
    isSlowed(source: Source): boolean {
      const last = tries.get(nameOf(source))
      return last !== undefined && last.count >= FREE_TRIES && clock.monotonic() - last.at < SLOWED_FOR
    },
    failed(source: Source): void {
      const name = nameOf(source)
      const now = clock.monotonic()
      const last = tries.get(name)
      const count = last === undefined || now - last.at > FORGOTTEN_AFTER ? 1 : last.count + 1
      tries.delete(name)
      tries.set(name, { count, at: now })
      if (tries.size > MAX_REMEMBERED) tries.delete(tries.keys().next().value!)
    },
    succeeded(source: Source): void {
      tries.delete(nameOf(source))
      const login = loginOf(source)
      known.delete(login)
      if (login.length <= MAX_LOGIN) known.add(login)
      if (known.size > MAX_REMEMBERED) known.delete(known.values().next().value!)
    },
  }
}

// Who may connect over MQTT: software clients by the login the hub made for them, devices by theirs, and while the
// pairing window is open anybody, as a guest who reaches nobody. All others are refused, and the owner sees why.

/** MQTT users that are connected, and where from. */
export type Connected = (user: string) => readonly { readonly clientId: string; readonly address: string | null }[]

export interface MqttPermissionsOptions {
  readonly clock: Clock
  readonly credentials: Credentials
  readonly bans: Pick<Bans, 'covers'>
  readonly door: () => Door
  readonly connected: Connected
  readonly allowAnonymous: boolean
  readonly random: Random
}

const REFUSALS: Readonly<Record<KnockReason, RefusalReason>> = {
  no_login: 'not_authorised',
  wrong_password: 'bad_credentials',
  unknown_user: 'bad_credentials',
  used_twice: 'not_authorised',
  revoked: 'not_authorised',
  too_many: 'unavailable',
}

// A ban is no knock: whoever set it knows of that client.
const BANNED: Identity = { kind: 'refused', reason: 'banned' }

function visitorOf(login: Login): Visitor {
  const { clientId, username, password, protocol, willTopic, peer } = login
  const hasPassword = password !== null && password.length > 0
  return { address: peer.address, clientId, username, protocol, willTopic, hasPassword, proof: proofOf(login) }
}

export function mqttPermissions(options: MqttPermissionsOptions): Permissions {
  const { credentials, bans, door, connected } = options
  const throttle = createThrottle(options.clock)

  function refuse(visitor: Visitor, reason: KnockReason): Identity {
    door().refused(visitor, reason)
    return { kind: 'refused', reason: REFUSALS[reason] }
  }

  function welcome(visitor: Visitor, credential: StoredClient): Identity {
    if (bans.covers({ ...visitor, user: Credentials.userOf(credential) })) return BANNED
    throttle.succeeded(visitor)
    door().welcomed(visitor)
    return Credentials.memberOf(credential)
  }

  function isBannedAddress({ clientId, peer: { address } }: Login): boolean {
    return bans.covers({ user: null, clientId, address })
  }

  function confine(seat: GuestSeat): Identity {
    const sink: Sink = {
      open: connection =>
        seat.open({
          promote: user => connection.promote(Credentials.memberOf(credentials.need(user))),
          close: () => connection.close('not_authorised'),
        }),
      accept: seat.accept,
      closed: seat.closed,
    }
    return { kind: 'confined', user: seat.user, limits: GUEST_LIMITS, sink }
  }

  /** A login of a device, from wherever it stands already: the same again is a reconnect, from elsewhere it is a copy. */
  function device(visitor: Visitor, credential: StoredClient): Identity {
    const { clientId, address } = visitor
    const isElsewhere = connected(Credentials.userOf(credential)).some(
      each => each.clientId !== clientId || each.address !== address,
    )
    return isElsewhere ? refuse(visitor, 'used_twice') : welcome(visitor, credential)
  }

  /** The right password under another client id: a second device, or one that makes a new client id each time. */
  function otherClient(visitor: Visitor, holders: readonly StoredClient[]): Identity {
    const [only, ...others] = holders
    const isFree = others.length === 0 && connected(Credentials.userOf(only!)).length === 0
    return isFree ? welcome(visitor, only!) : refuse(visitor, 'used_twice')
  }

  function stranger(login: Login, visitor: Visitor, isNameKnown: boolean): Identity {
    throttle.failed(visitor)
    if (credentials.wasRevoked(login)) return refuse(visitor, 'revoked')
    if (login.username === null) return refuse(visitor, 'no_login')
    return refuse(visitor, isNameKnown ? 'wrong_password' : 'unknown_user')
  }

  const inventVerifier = createInventor(options.random)

  /** Lets in by a proof of the password, or counts a wrong one. */
  function proved(login: Login, username: string | null): Identity {
    const visitor = { ...visitorOf(login), username: username ?? login.username }
    const credential = username === null ? undefined : credentials.issued(username)
    if (credential !== undefined) return welcome(visitor, credential)
    throttle.failed(visitor)
    return refuse(visitor, 'wrong_password')
  }

  return {
    authenticate(method, login) {
      if (method !== SCRAM) return null
      if (isBannedAddress(login)) return { next: () => ({ kind: 'done', data: null, identity: BANNED }) }
      const visitor = visitorOf(login)
      if (throttle.isSlowed(visitor))
        return { next: () => ({ kind: 'done', data: null, identity: refuse(visitor, 'too_many') }) }
      const scram = createScramExchange({
        verifierOf: username => credentials.issued(username)?.scram ?? null,
        inventVerifier,
        makeNonce: () => makeNonce(options.random),
      })
      return scramSteps(scram, username => proved(login, username))
    },
    identify(login) {
      const { username } = login
      if (isBannedAddress(login)) return BANNED
      if (username === null && options.allowAnonymous)
        return { kind: 'member', user: 'anonymous', rules: FULL_RULES, limits: LIMITS.software }
      const visitor = visitorOf(login)
      if (throttle.isSlowed(visitor)) return refuse(visitor, 'too_many')
      const match = credentials.match(login)
      if (match.kind === 'credential') {
        const { credential } = match
        return credential.origin === 'issued' ? welcome(visitor, credential) : device(visitor, credential)
      }
      if (match.kind === 'wrong_password') return stranger(login, visitor, true)
      const seat = door().admit(visitor)
      if (typeof seat === 'object') return confine(seat)
      if (seat !== 'closed') return refuse(visitor, seat)
      if (match.kind === 'other_client') return otherClient(visitor, match.credentials)
      return stranger(login, visitor, match.kind === 'known_name')
    },
  }
}
