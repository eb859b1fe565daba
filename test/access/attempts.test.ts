import { beforeEach, describe, expect, it } from 'vitest'
import { isHobError } from '#kernel'
import { createAttempts, MAX_REMEMBERED } from '../../server/access/attempts.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

let clock: TestClock
let attempts: ReturnType<typeof createAttempts>
beforeEach(() => {
  clock = createTestClock()
  attempts = createAttempts(clock)
})

/** One wrong try. @returns the seconds to wait when it was not even looked at, else 0. */
function guess(
  address: string,
  { account = 'anna', isKnown = false }: { account?: string | null; isKnown?: boolean } = {},
) {
  try {
    attempts.begin({ address, account, isKnown })
    return 0
  } catch (error) {
    if (!isHobError(error, 'access.too_many_tries')) throw error
    return error.facts['retryAfter'] as number
  }
}

const times = (count: number, task: (n: number) => unknown) => Array.from({ length: count }, (_each, n) => task(n))

describe('an address that guesses', () => {
  it('has ten tries, then waits 1 s, 2 s, 4 s ... up to a minute', () => {
    expect(times(10, () => guess('a'))).toEqual(Array(10).fill(0))
    const waits = times(8, () => {
      const wait = guess('a')
      clock.advance(wait * 1_000)
      expect(guess('a')).toBe(0)
      return wait
    })
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('gains nothing by knocking while it waits, nor by many tries at once', () => {
    const all = times(200, () => guess('a'))
    expect(all.filter(wait => wait === 0)).toHaveLength(10)
    clock.advance(999)
    expect(guess('a')).toBe(1)
    clock.advance(1)
    expect(guess('a')).toBe(0)
  })

  it('gains nothing by changing the name, or by being right in between', () => {
    times(5, n => guess('a', { account: `user${n}` }))
    times(50, () => attempts.begin({ address: 'a', account: 'guest', isKnown: true })())
    times(5, () => guess('a', { account: null }))
    expect(guess('a', { account: 'another' })).toBe(1)
  })

  it('is forgotten after a quarter of an hour without a wrong try', () => {
    times(16, () => {
      clock.advance(60_000)
      guess('a')
    })
    clock.advance(899_999)
    expect(guess('a')).toBe(0)
    expect(guess('a')).toBe(60)
    clock.advance(900_000)
    expect(times(10, () => guess('a'))).toEqual(Array(10).fill(0))
  })

  it('is all of the IPv6 network that a home has', () => {
    for (const address of ['2001:db8:0:7::1', '2001:DB8::7:0:0:0:2', '2001:db8:0:7:a:b:c:d', '2001:db8:0:7::%eth0'])
      times(3, () => guess(address))
    expect(guess('2001:db8:0:7:ffff::')).toBe(1)
    expect([guess('2001:db8:0:8::1'), guess('::1'), guess('fe80::1')]).toEqual([0, 0, 0])
    expect(guess('2001:db8:0:7:ffff::')).toBe(1)
  })

  it('does not slow its neighbours', () => {
    times(50, () => guess('a'))
    expect(guess('b')).toBe(0)
  })
})

describe('an account that is guessed from many addresses', () => {
  beforeEach(() => {
    times(30, n => guess(`bot${n}`))
  })

  it('is slow for each of them, after one try', () => {
    expect(guess('bot0')).toBe(60)
    expect(guess('new')).toBe(0)
    expect(guess('new')).toBe(60)
    expect(guess('new', { account: 'ben' })).toBe(0)
  })

  it('stays open to its owner: at once from where it is signed in, and from elsewhere whatever the others do', () => {
    expect(times(10, () => guess('home', { isKnown: true }))).toEqual(Array(10).fill(0))
    expect(guess('phone')).toBe(0)
    for (let second = 0; second < 60; second++) {
      times(30, n => guess(`bot${n}`))
      clock.advance(1_000)
    }
    expect(guess('phone')).toBe(0)
  })
})

describe('the memory of wrong tries', () => {
  it('is bounded: addresses beyond it are counted as one, those that are known are not', () => {
    times(MAX_REMEMBERED, n => guess(`bot${n}`, { account: null }))
    expect(times(10, n => guess(`more${n}`, { account: null }))).toEqual(Array(10).fill(0))
    expect(guess('yet another', { account: null })).toBe(1)
    expect(guess('home', { account: null, isKnown: true })).toBe(0)
    expect(guess('bot999', { account: null })).toBe(0)
  })
})
