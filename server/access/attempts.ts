import { HobError, type Clock } from '#kernel'

/** Wrong tries that cost nothing: people mistype, and a whole home may share one address. */
const FREE_FROM_ADDRESS = 10
const FREE_ON_ACCOUNT = 20
/** Milliseconds an address waits after the first try beyond those; each further one doubles it. */
const FIRST_WAIT = 1_000
/** Milliseconds: a guesser gets 1,440 tries a day, a person with the right password waits a minute at most. */
const LONGEST_WAIT = 60_000
/** Milliseconds without a wrong try after which all is forgotten. */
const FORGOTTEN_AFTER = 900_000
/** Addresses and accounts that are remembered; further addresses share one memory. */
export const MAX_REMEMBERED = 1_000

interface Tries {
  count: number
  /** Monotonic milliseconds of the last one. */
  at: number
}

export interface Guess {
  readonly address: string
  /** The name that was given, or null for a code that belongs to nobody. */
  readonly account: string | null
  /** Whether this account is signed in from this address at the moment. */
  readonly isKnown: boolean
}

function waitAfter(count: number, free: number): number {
  return count < free ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (count - free))
}

/** What an address counts as: a home has one IPv4 address, of IPv6 the first 64 bits, and may take any of the rest. */
function placeOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head.split(':').filter(group => group !== '')
  const after = tail === undefined ? 0 : tail.split(':').length
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - after)).fill('0')
  const whole = [...groups, ...zeros, ...(tail ?? '').split(':')]
  return whole
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/** Tries by name, the longest untouched first. */
function createMemory(clock: Clock) {
  const memory = new Map<string, Tries>()
  const forget = () => {
    for (const [name, { at }] of memory) {
      if (clock.monotonic() - at < FORGOTTEN_AFTER) return
      memory.delete(name)
    }
  }
  return {
    get(name: string): Tries | undefined {
      forget()
      return memory.get(name)
    },
    isFull: () => memory.size >= MAX_REMEMBERED,
    add(name: string): void {
      const count = (memory.get(name)?.count ?? 0) + 1
      memory.delete(name)
      memory.set(name, { count, at: clock.monotonic() })
      if (memory.size > MAX_REMEMBERED + 1) memory.delete(memory.keys().next().value!)
    },
    takeBack(name: string): void {
      const tries = memory.get(name)
      if (tries !== undefined && --tries.count === 0) memory.delete(name)
    },
  }
}

const OTHERS = 'others'

/**
 * Slows those who guess passwords and codes. Wrong tries are counted by source address and by account; what is waited
 * for is always the address's own last try. So a stranger can make an account slow for himself, but cannot keep its
 * owner out: another address has its first try at once, and an address where the account is signed in only counts
 * its own.
 */
export function createAttempts(clock: Clock) {
  const addresses = createMemory(clock)
  const accounts = createMemory(clock)

  return {
    /**
     * Counts a try before its answer is known, so that many at once are no way around.
     * @returns what to call when it was right.
     * @throws HobError `access.too_many_tries` with `retryAfter` in seconds; such a try is not counted.
     */
    begin({ address, account, isKnown }: Guess): () => void {
      const place = placeOf(address)
      const source = addresses.get(place) !== undefined || isKnown || !addresses.isFull() ? place : OTHERS
      const own = addresses.get(source)
      const onAccount = account === null || isKnown ? 0 : (accounts.get(account)?.count ?? 0)
      const wait = Math.max(waitAfter(own?.count ?? 0, FREE_FROM_ADDRESS), waitAfter(onAccount, FREE_ON_ACCOUNT))
      const left = own === undefined ? 0 : own.at + wait - clock.monotonic()
      if (left > 0) {
        const seconds = Math.ceil(left / 1_000)
        const detail = `too many wrong tries from this address; try again in ${seconds} s`
        throw new HobError('access.too_many_tries', detail, { retryAfter: seconds })
      }
      addresses.add(source)
      if (account !== null) accounts.add(account)
      return () => {
        addresses.takeBack(source)
        if (account !== null) accounts.takeBack(account)
      }
    },
  }
}
