import type { Clock, Log } from '#kernel'
import type { BrokerLimits } from './face.ts'
import { type ClientIdentity, identityKey } from './session.ts'
import { type Rate, TokenBucket } from './token-bucket.ts'

/** Clients and addresses that are remembered, and characters of their names: longer ones share a bucket. */
const MAX_REMEMBERED = 10_000
const MAX_NAME = 1_024

/** Buckets by name; the one unused for longest gives way. */
class Buckets {
  readonly #rate: Rate
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** @returns whether it may; `isNews` when it is the first refusal in a row. */
  take(name: string, now: number): { readonly may: boolean; readonly isNews: boolean } {
    const key = name.slice(0, MAX_NAME)
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, now)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > MAX_REMEMBERED) this.#buckets.delete(this.#buckets.keys().next().value!)
    const wasOverrun = bucket.isOverrun(now)
    const may = bucket.take(now)
    return { may, isNews: !may && !wasOverrun }
  }
}

/**
 * How often CONNECTs may come. A device that comes back in a tight loop is refused; a whole house behind one address
 * that comes back after a power cut is let in, so an address may do far more than a client.
 */
export interface ConnectRates {
  /** Asked for each CONNECT, before anybody looks who it is. */
  mayTry(address: string): boolean
  /** Asked when it is known who it is. */
  mayEnter(client: ClientIdentity, address: string): boolean
}

export function createConnectRates({
  clock,
  log,
  limits,
}: {
  clock: Clock
  log: Log
  limits: Required<BrokerLimits>
}): ConnectRates {
  const addresses = new Buckets(limits.addressConnectRate)
  const clients = new Buckets(limits.clientConnectRate)
  return {
    mayTry(address) {
      const { may, isNews } = addresses.take(address, clock.monotonic())
      if (isNews) log.warn({ address }, 'too many CONNECTs from one address: most of them are refused')
      return may
    },
    mayEnter(client, address) {
      const { may, isNews } = clients.take(identityKey(client), clock.monotonic())
      const { user, clientId } = client
      if (isNews) log.warn({ user, clientId, address }, 'a client connects again and again: it is refused most times')
      return may
    },
  }
}
