import { beforeEach, describe, expect, it } from 'vitest'
import type { StreamFrame } from '#api'
import type { Registry } from '#devices'
import type { Cause, LocalSubscriber } from '#kernel'
import { createLive, MAX_BEHIND, type Live } from '../../server/api/live/live.ts'
import { MAX_FILTERS, MAX_MESSAGE_BYTES, MAX_MESSAGES } from '../../server/api/live/message-tail.ts'
import { Rights, type Principal } from '../../server/access/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { createLocalBroker } from '../support/memory-broker.ts'

const cause: Cause = { id: 'C', parent: null, kind: 'device', who: 'esp', depth: 0, byRule: false }
const admin: Principal = {
  kind: 'token',
  user: 'U',
  who: 'T',
  role: 'owner',
  rights: Rights.inHouse('manage'),
  grant: 'T',
  viewer: null,
}

let clock: TestClock
let live: Live
let local: ReturnType<typeof createLocalBroker>
/** What the grant of all stands for, after rights changed. */
let now: Principal | undefined
/** Filters that the API hangs in the broker's tree at present. */
let hung: string[]
/** Streams for which the memory of topics listens. */
let holds: number

beforeEach(() => {
  clock = createTestClock()
  hung = []
  now = undefined
  holds = 0
  local = createLocalBroker(clock, (message, matched) => {
    live.event({ seq: 1, at: message.at, message, matched, changes: [], cause })
  })
  const registry = { entities: () => [], entity: () => undefined } as Pick<Registry, 'entities' | 'entity'> as Registry
  const { subscriptions } = local.broker
  live = createLive({
    registry,
    access: { byGrant: () => now },
    pairing: { heard: () => ({ until: null, isBatch: false, candidates: [], guests: [], knocks: [], faults: [] }) },
    clock,
    seq: () => 1,
    nextSeq: () => 1,
    subscriptions: {
      add(filter: string, subscriber: LocalSubscriber) {
        hung.push(filter)
        subscriptions.add(filter, subscriber)
      },
      remove(filter, subscriber) {
        hung.splice(hung.indexOf(filter), 1)
        subscriptions.remove(filter, subscriber)
      },
    },
    broker: local.broker,
    topics: {
      hold() {
        holds++
        return () => void holds--
      },
    },
  })
})

type MessageFrame = Extract<StreamFrame, { type: 'message' }>

function connect(principal = admin) {
  const frames: StreamFrame[] = []
  let behind = 0
  const stream = live.open(principal, {
    send: text => void frames.push(JSON.parse(text) as StreamFrame),
    behind: () => behind,
    end() {},
  })!
  return {
    stream,
    frames,
    watch: (...topics: string[]) => stream.subscribe({ topics }, undefined),
    messages: () => frames.filter((frame): frame is MessageFrame => frame.type === 'message'),
    dropped: () => frames.flatMap(frame => (frame.type === 'dropped' ? frame.messages : [])),
    fallBehind: (bytes: number) => void (behind = bytes),
  }
}

describe('messages on the stream', () => {
  it('tells the messages of the filters, with who, when and how', () => {
    const { watch, messages } = connect()
    watch('hall/+', 'porch/#')
    local.publish('hall/lamp', 'on')
    local.publish('kitchen/lamp', 'on')
    local.publish('porch/a/b', 'x', true)
    clock.advance(50)
    expect(messages()).toEqual([
      {
        type: 'message',
        at: '2026-03-01T20:00:00.000Z',
        topic: 'hall/lamp',
        payload: 'on',
        encoding: 'utf8',
        size: 2,
        qos: 0,
        retain: false,
        client: null,
      },
      expect.objectContaining({ topic: 'porch/a/b', retain: true }),
    ])
  })

  it('tells a message once, however many filters match it', () => {
    const { watch, messages } = connect()
    local.publish('a/b', 'kept', true)
    watch('a/b', 'a/+', '#')
    expect(messages().map(({ payload }) => payload)).toEqual(['kept'])
    local.publish('a/b', 'now')
    clock.advance(50)
    expect(messages().map(({ payload }) => payload)).toEqual(['kept', 'now'])
  })

  it('begins with the retained messages, behind the snapshot', () => {
    local.publish('a', 'kept', true)
    const { watch, frames } = connect()
    watch('#')
    expect(frames).toMatchObject([{ type: 'snapshot' }, { type: 'message', topic: 'a', payload: 'kept', retain: true }])
  })

  it('shows what the broker says of itself when asked for', () => {
    const { watch, messages } = connect()
    watch('$SYS/broker/version')
    expect(messages()).toMatchObject([{ topic: '$SYS/broker/version' }])
  })

  it('sends binary as base64, cuts what is over 64 KiB between characters, and says how much there was', () => {
    const { watch, messages } = connect()
    watch('#')
    local.publish('binary', new Uint8Array([0xff, 0xfe, 0x00]))
    local.publish('exact', 'a'.repeat(65_536))
    local.publish('over', `${'a'.repeat(65_535)}é`)
    clock.advance(50)
    expect(messages()).toMatchObject([
      { payload: '//4A', encoding: 'base64', size: 3 },
      { payload: 'a'.repeat(65_536), encoding: 'utf8', size: 65_536 },
      { payload: 'a'.repeat(65_535), encoding: 'utf8', size: 65_537 },
    ])
  })

  it('gathers for 50 ms, at most 500 messages, and counts the rest', () => {
    const { watch, messages, dropped } = connect()
    watch('#')
    local.publish('first', '')
    expect(messages()).toHaveLength(1)
    for (let i = 0; i < MAX_MESSAGES + 7; i++) local.publish('burst', String(i))
    expect(messages()).toHaveLength(1)
    clock.advance(50)
    expect(messages()).toHaveLength(1 + MAX_MESSAGES)
    expect(dropped()).toEqual([7])
  })

  it('gathers a bounded number of bytes', () => {
    const { watch, messages, dropped } = connect()
    watch('#')
    local.publish('first', '')
    for (let i = 0; i < 10; i++) local.publish('burst', 'x'.repeat(65_536))
    clock.advance(50)
    expect(messages().length - 1).toBe(Math.ceil(MAX_MESSAGE_BYTES / 65_700))
    expect(dropped()).toEqual([10 - (messages().length - 1)])
  })

  it('drops messages before values for a client that is behind', () => {
    const slow = connect()
    slow.watch('#')
    slow.fallBehind(MAX_BEHIND / 4 + 1)
    local.publish('a', '')
    clock.advance(50)
    expect(slow.messages()).toEqual([])
    expect(slow.dropped()).toEqual([1])
  })

  it('replaces its filters with each subscribe', () => {
    const { watch, messages } = connect()
    watch('a', 'b')
    watch('b', 'c')
    for (const topic of ['a', 'b', 'c']) local.publish(topic, '')
    clock.advance(50)
    expect(messages().map(({ topic }) => topic)).toEqual(['b', 'c'])
  })

  it('hangs in the broker only while somebody watches', () => {
    const one = connect()
    const other = connect()
    one.stream.subscribe({}, undefined)
    expect(hung).toEqual([])
    one.watch('a/#')
    other.watch('a/#', 'b')
    expect([hung.toSorted(), holds]).toEqual([['a/#', 'a/#', 'b'], 2])
    one.stream.close()
    other.stream.subscribe({}, undefined)
    expect([hung, holds]).toEqual([[], 0])
    other.watch('c')
    other.watch('d')
    expect(holds).toBe(1)
    live.revoke('T')
    expect([hung, holds]).toEqual([[], 0])
  })

  it.each<[string, Principal, string[], string]>([
    ['without the scope admin', { ...admin, rights: Rights.inHouse('control') }, ['#'], 'api.forbidden'],
    [
      'limited to areas',
      { ...admin, rights: Rights.inHouse(null, [{ area: 'A', may: 'manage' }]) },
      ['#'],
      'api.forbidden',
    ],
    ['for no filter', admin, ['a/#/b'], 'mqtt.bad_filter'],
    ['for too many', admin, Array.from({ length: MAX_FILTERS + 1 }, (_, i) => `t/${i}`), 'mqtt.bad_filter'],
  ])('refuses to watch %s, and goes on as before', (_what, principal, topics, code) => {
    const { stream, frames, watch } = connect(principal)
    stream.subscribe({}, undefined)
    expect(() => watch(...topics)).toThrow(expect.objectContaining({ code }))
    expect(hung).toEqual([])
    expect(frames.map(({ type }) => type)).toEqual(['snapshot'])
  })

  it('asks the rights of today, not those of its beginning', () => {
    const { stream, frames, watch } = connect()
    watch('#')
    now = { ...admin, rights: Rights.inHouse('see') }
    live.regrant('U')
    expect(hung).toEqual([])
    expect(() => watch('#')).toThrow('watching topics needs the scope "admin"')
    stream.subscribe({}, undefined)
    expect(hung).toEqual([])
    expect(frames.map(({ type }) => type)).toEqual(['snapshot', 'resync', 'snapshot', 'snapshot'])
  })
})
