import type { Clock } from '#kernel'
import type { Identity, Login, Permissions } from '../broker/index.ts'
import { hashSecret, sameHash } from './secrets.ts'
import type { StoredClient } from './store.ts'
import { FULL_RULES, LIMITS, topicRules } from './topic-rules.ts'

/** Wrong logins an address may make before it is slowed. */
const FREE_TRIES = 10
/** Milliseconds: how long an address that tried too often is turned away, and after how long it is forgotten. */
const SLOWED_FOR = 5_000
const FORGOTTEN_AFTER = 60_000
/** Addresses remembered. */
const MAX_ADDRESSES = 1_000

/** Counts wrong logins by address. A misconfigured sensor that tries for days is slowed, never banned. */
export function createThrottle(clock: Clock) {
  const tries = new Map<string, { count: number; at: number }>()
  return {
    isSlowed(address: string): boolean {
      const known = tries.get(address)
      return known !== undefined && known.count >= FREE_TRIES && clock.monotonic() - known.at < SLOWED_FOR
    },
    failed(address: string): void {
      const now = clock.monotonic()
      const known = tries.get(address)
      const count = known === undefined || now - known.at > FORGOTTEN_AFTER ? 1 : known.count + 1
      tries.delete(address)
      tries.set(address, { count, at: now })
      if (tries.size > MAX_ADDRESSES) tries.delete(tries.keys().next().value!)
    },
    succeeded: (address: string) => void tries.delete(address),
  }
}

// Compared with when the user name is unknown, so that the answer takes as long.
const NOBODY = hashSecret('nobody')

/** Who may connect over MQTT, by user name and machine-made password. */
export function mqttPermissions(options: {
  clock: Clock
  byUsername: (username: string) => StoredClient | undefined
  allowAnonymous: boolean
}): Permissions {
  const throttle = createThrottle(options.clock)
  return {
    identify(login: Login): Identity {
      const { username, password, peer } = login
      if (username === null && options.allowAnonymous) {
        return { kind: 'member', user: 'anonymous', rules: FULL_RULES, limits: LIMITS.software }
      }
      if (throttle.isSlowed(peer.address)) return { kind: 'refused', reason: 'unavailable' }
      const client = username === null ? undefined : options.byUsername(username)
      const fits = sameHash(hashSecret(password ?? ''), client?.hash ?? NOBODY)
      if (client === undefined || !fits) {
        throttle.failed(peer.address)
        return { kind: 'refused', reason: username === null ? 'not_authorised' : 'bad_credentials' }
      }
      throttle.succeeded(peer.address)
      return { kind: 'member', user: client.username, rules: topicRules(client), limits: LIMITS[client.kind] }
    },
  }
}
