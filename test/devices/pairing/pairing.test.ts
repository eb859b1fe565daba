import { beforeEach, describe, expect, it } from 'vitest'
import type { Device, DeviceLogins, GuestSeat, HeardMessage, Pairing, Registry, Visitor } from '#devices'
import { createCauses, createUlids, toPayload, type Message, type Publisher } from '#kernel'
import { createPairing } from '../../../devices/pairing/pairing.ts'
import {
  GUEST_PATIENCE,
  KNOCK_KEPT,
  MAX_GUEST_BYTES,
  MAX_GUEST_ENTITIES,
  MAX_GUEST_TOPICS,
  MAX_GUESTS,
  MAX_KNOCKS,
  SWEEP_EVERY,
  TELL_EVERY,
} from '../../../devices/pairing/limits.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

let clock: TestClock
let pairing: Pairing
let told: number
let calls: string[]
let published: HeardMessage[]
let newId: () => string
const causes = createCauses(() => 'C')
const cause = causes.root('user', 'anna')
const device = { id: 'D', user: null, identifiers: ['id:old'], topics: [], name: 'Old' } as Partial<Device> as Device

beforeEach(() => {
  clock = createTestClock()
  let n = 0
  newId = createUlids(clock.now, length => Uint8Array.from({ length }, () => (n = (n * 73 + 41) % 256)))
  told = 0
  calls = []
  published = []
  const registry = {
    devices: () => [device],
    candidates: () => [],
    faults: () => [],
    area: () => undefined,
    adopt: async () => device,
  } as Partial<Registry> as Registry
  const logins: DeviceLogins = {
    grant: () => 'd-1',
    keep: async () => {},
    revoke: async user => void calls.push(`revoke ${user}`),
    topicsOf: () => null,
  }
  pairing = createPairing({
    clock,
    newId,
    registry,
    logins,
    publish: ({ topic, payload }) => void calls.push(`${topic} ${String(payload)}`),
    publishAs: (_client: Publisher, message) => void published.push(message),
    log: silent,
    onChange: () => void told++,
  })
})

const visitor = (clientId: string, more: Partial<Visitor> = {}): Visitor => ({
  ...{ address: '192.0.2.1', clientId, username: 'u', protocol: 4, willTopic: null, hasPassword: true },
  proof: clientId,
  ...more,
})

/** Lets a visitor in. @returns its seat, and whether its connection is still open. */
function enter(clientId: string, more: Partial<Visitor> = {}): GuestSeat & { isOpen: () => boolean } {
  const seat = pairing.admit(visitor(clientId, more))
  if (typeof seat === 'string') return expect.unreachable(seat)
  let isOpen = true
  seat.open({ promote() {}, close: () => (isOpen = false) })
  return { ...seat, isOpen: () => isOpen }
}

function say(seat: GuestSeat, topic: string, payload: string | Uint8Array, retain = false): void {
  const bytes = typeof payload === 'string' ? toPayload(payload) : payload
  const about = { qos: 0, retain, properties: null, expiresAt: null, at: clock.now(), replayed: false } as const
  const message: Message = { ...about, topic, payload: bytes, publisher: { user: seat.user, clientId: 'c' }, cause }
  seat.accept(message)
}

/** A guest's sandbox opens behind the message that needs it. */
const understood = () => new Promise(resolve => setImmediate(resolve))
const config = (id: string) => JSON.stringify({ state_topic: `${id}/state`, device: { identifiers: [id], name: id } })
const open = (seconds = 300, batch = false) => pairing.open({ seconds, batch }, cause)
const guests = () => pairing.heard().guests

describe('the window', () => {
  it('calls out once, may be prolonged, and ends by time', () => {
    open(30)
    expect(calls).toEqual(['homeassistant/status online', 'shellies/command announce', 'esphome/discover '])
    expect(pairing.heard()).toMatchObject({ until: clock.now() + 30_000, isBatch: false })
    clock.advance(29_000)
    open(900, true)
    expect(calls).toHaveLength(3)
    clock.advance(899_999)
    expect(pairing.heard()).toMatchObject({ until: clock.now() + 1, isBatch: true })
    clock.advance(1)
    expect(pairing.heard()).toMatchObject({ until: null, isBatch: false })
    expect(pairing.admit(visitor('late'))).toBe('closed')
  })

  it.each([29, 901, 0, -1, 30.5, Infinity, NaN])('is not open for %d seconds', seconds => {
    expect(() => open(seconds)).toThrow(expect.objectContaining({ code: 'pairing.bad_window' }))
    expect(pairing.heard().until).toBeNull()
  })

  it('closes when somebody is adopted, unless it is for many', async () => {
    open(300, true)
    await pairing.adopt('X', {}, cause)
    expect(pairing.heard().until).not.toBeNull()
    open(300, false)
    await pairing.adopt('X', {}, cause)
    expect(pairing.heard().until).toBeNull()
  })
})

describe('guests', () => {
  it('are twenty at most', () => {
    open()
    for (let i = 0; i < MAX_GUESTS; i++) enter(`c${i}`)
    expect(pairing.admit(visitor('one more'))).toBe('too_many')
    expect(typeof pairing.admit(visitor('c3'))).toBe('object')
  })

  it('are known again, but not from elsewhere while they are here', () => {
    open()
    const first = enter('c')
    say(first, 'a', '1')
    expect(pairing.admit(visitor('c', { address: '192.0.2.2' }))).toBe('used_twice')
    first.closed()
    const again = enter('c', { address: '192.0.2.2' })
    expect(again.user).toBe(first.user)
    first.closed()
    expect(guests()).toMatchObject([{ isConnected: true, messages: 1, visitor: { address: '192.0.2.2' } }])
  })

  it('go after ten minutes of silence, and some time after the window closed', () => {
    open(900)
    const silentOne = enter('silent')
    const loud = enter('loud')
    clock.advance(GUEST_PATIENCE - SWEEP_EVERY)
    say(loud, 'a', '1')
    clock.advance(SWEEP_EVERY)
    expect([silentOne.isOpen(), loud.isOpen()]).toEqual([false, true])
    clock.advance(300_000)
    expect(pairing.heard().until).toBeNull()
    for (let waited = 0; waited < GUEST_PATIENCE - SWEEP_EVERY; waited += 60_000) {
      say(loud, 'a', '1')
      clock.advance(60_000)
    }
    clock.advance(SWEEP_EVERY)
    expect(loud.isOpen()).toBe(false)
    expect(guests()).toEqual([])
  })

  it('leave at the hub no timer when they are gone', () => {
    open()
    enter('c')
    pairing.refused(visitor('k'), 'no_login')
    pairing.stop()
    expect(clock.pending).toBe(0)
  })

  it('are remembered by the last value of each topic, 200 of them, announcements first', () => {
    open()
    const seat = enter('c')
    say(seat, 'homeassistant/sensor/a/config', config('a'))
    for (let i = 0; i <= MAX_GUEST_TOPICS; i++) say(seat, `t/${i}`, 'x')
    say(seat, 't/200', 'y')
    const [{ heard, messages }] = guests() as [ReturnType<typeof guests>[number]]
    expect(messages).toBe(MAX_GUEST_TOPICS + 3)
    expect(heard).toHaveLength(MAX_GUEST_TOPICS)
    expect(heard.at(-1)!.topic).toBe('homeassistant/sensor/a/config')
    expect(heard.map(({ topic }) => topic)).not.toContain('t/0')
    expect(Buffer.from(heard[0]!.payload).toString()).toBe('y')
    for (let i = 0; i < MAX_GUEST_TOPICS; i++) say(seat, `homeassistant/sensor/b${i}/config`, config('b'))
    expect(guests()[0]!.heard.every(({ topic }) => topic.startsWith('homeassistant/'))).toBe(true)
    say(seat, 't/1', 'x')
    expect(guests()[0]!.heard.map(({ topic }) => topic)).not.toContain('t/1')
  })

  it('are remembered with 2 MiB; a larger message costs what came before nothing', () => {
    open()
    const seat = enter('c')
    for (let i = 0; i < 5; i++) say(seat, `t/${i}`, new Uint8Array(MAX_GUEST_BYTES / 4))
    expect(guests()[0]!.heard.map(({ topic }) => topic)).toEqual(['t/4', 't/3', 't/2'])
    say(seat, 'huge', new Uint8Array(MAX_GUEST_BYTES))
    expect(guests()[0]!.heard).toHaveLength(3)
  })

  it('take back what they announced, and what was to be kept', async () => {
    open()
    const seat = enter('c')
    say(seat, 'homeassistant/sensor/a/config', config('a'))
    await understood()
    expect(guests()[0]!.candidates).toHaveLength(1)
    say(seat, 'homeassistant/sensor/a/config', '')
    expect(guests()[0]).toMatchObject({ candidates: [], heard: [] })
    say(seat, 'a/state', '7', true)
    say(seat, 'a/state', '', true)
    expect(guests()[0]!.heard).toEqual([])
    say(seat, 'a/button', '')
    expect(guests()[0]!.heard).toHaveLength(1)
  })

  it('are understood each for itself, before anything reaches the house', async () => {
    open()
    const [one, other] = [enter('one'), enter('other')]
    say(one, 'homeassistant/sensor/a/config', config('a'))
    say(other, 'homeassistant/sensor/a/config', config('a'))
    say(other, 'a/state', '7')
    await understood()
    const values = guests().map(({ candidates }) => [...candidates[0]!.entities[0]!.values.values()][0]!.value)
    expect(values).toEqual([null, '7'])
    expect(published).toEqual([])
  })

  it('are understood up to a thousand entities', async () => {
    open()
    const seat = enter('c')
    for (let i = 0; i < 3; i++) {
      const entries = Array.from({ length: 400 }, (_, n) => [`e${n}`, { p: 'sensor', stat_t: `t/${n}` }])
      const whole = { dev: { ids: `d${i}` }, cmps: Object.fromEntries(entries) as object }
      say(seat, `homeassistant/device/d${i}/config`, JSON.stringify(whole))
    }
    await understood()
    const counts = guests()[0]!.candidates.map(({ entities }) => entities.length)
    expect(counts).toEqual([400, 400, MAX_GUEST_ENTITIES - 800])
    expect(pairing.heard().faults).toMatchObject([{ message: expect.stringContaining('1000 entities') }])
  })

  it('that are sent away stay away until the window opens anew', () => {
    open()
    const seat = enter('c')
    pairing.reject(guests()[0]!.id)
    expect(seat.isOpen()).toBe(false)
    expect(pairing.admit(visitor('c'))).toBe('revoked')
    pairing.close()
    open()
    expect(typeof pairing.admit(visitor('c'))).toBe('object')
    expect(() => pairing.reject('nobody')).toThrow(expect.objectContaining({ code: 'pairing.unknown_guest' }))
  })
})

describe('adopting what a guest announced', () => {
  async function candidate(more: Partial<Visitor> = {}, topic = 'homeassistant/sensor/a/config', id = 'a') {
    open()
    const seat = enter('c', more)
    say(seat, topic, config(id))
    await understood()
    return guests()[0]!.candidates[0]!.id
  }

  it.each<[code: string, visitor: Partial<Visitor>, choice: object, id: string]>([
    ['pairing.no_password', { hasPassword: false }, {}, 'a'],
    ['devices.unknown_area', {}, { area: 'nowhere' }, 'a'],
    ['pairing.already_adopted', {}, {}, 'old'],
  ])('fails with %s and changes nothing', async (code, who, choice, id) => {
    const found = await candidate(who, undefined, id)
    await expect(pairing.adopt(found, choice, cause)).rejects.toMatchObject({ code })
    expect(guests()).toHaveLength(1)
    expect(pairing.heard().until).not.toBeNull()
    expect(published).toEqual([])
  })

  it('takes the login back when the house does not understand it', async () => {
    const found = await candidate()
    await expect(pairing.adopt(found, {}, cause)).rejects.toMatchObject({ code: 'pairing.refused' })
    expect(calls).toContain('revoke d-1')
    expect(published.map(({ topic }) => topic)).toEqual(['homeassistant/sensor/a/config'])
  })
})

describe('knocks', () => {
  const knock = (clientId: string, more: Partial<Visitor> = {}) => pairing.refused(visitor(clientId, more), 'no_login')

  it('are grouped by address, user name and reason, the last first', () => {
    knock('a')
    clock.advance(1_000)
    knock('b')
    knock('c', { address: '192.0.2.9' })
    pairing.refused(visitor('d'), 'wrong_password')
    expect(pairing.heard().knocks).toMatchObject([
      { clientId: 'd', reason: 'wrong_password', count: 1 },
      { clientId: 'c', address: '192.0.2.9', count: 1 },
      { clientId: 'b', count: 2, firstSeen: clock.now() - 1_000, lastSeen: clock.now() },
    ])
  })

  it('are a hundred at most, and forgotten after an hour', () => {
    for (let i = 0; i <= MAX_KNOCKS; i++) knock('a', { username: `u${i}` })
    expect(pairing.heard().knocks).toHaveLength(MAX_KNOCKS)
    expect(pairing.heard().knocks.at(-1)!.username).toBe('u1')
    clock.advance(KNOCK_KEPT)
    expect(pairing.heard().knocks).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('are settled when their client comes in, and can be taken away', () => {
    knock('a')
    pairing.welcomed(visitor('a', { address: '192.0.2.7' }))
    expect(pairing.heard().knocks).toHaveLength(1)
    pairing.welcomed(visitor('a'))
    expect(pairing.heard().knocks).toEqual([])
    knock('a')
    open()
    enter('a')
    expect(pairing.heard().knocks).toEqual([])
    knock('b')
    pairing.dismiss(pairing.heard().knocks[0]!.id)
    expect(pairing.heard().knocks).toEqual([])
    expect(() => pairing.dismiss('x')).toThrow(expect.objectContaining({ code: 'pairing.unknown_knock' }))
  })
})

it('tells that something differs at once, and then twice a second at most', () => {
  open()
  expect(told).toBe(1)
  const seat = enter('c')
  for (let i = 0; i < 100; i++) say(seat, 'a', `${i}`)
  expect(told).toBe(1)
  clock.advance(TELL_EVERY - 1)
  expect(told).toBe(1)
  clock.advance(1)
  expect(told).toBe(2)
  clock.advance(TELL_EVERY)
  say(seat, 'a', 'again')
  expect(told).toBe(3)
})
