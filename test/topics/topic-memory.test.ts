import { beforeEach, describe, expect, it } from 'vitest'
import { createTopicMemory, type TopicMemory } from '../../server/topics/index.ts'
import {
  KEPT_FOR,
  MAX_BYTES,
  MAX_MESSAGES,
  MAX_PAYLOAD,
  MAX_TOPIC_BYTES,
  MAX_TOPICS,
  MESSAGE_COST,
} from '../../server/topics/limits.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { createLocalBroker } from '../support/memory-broker.ts'

let clock: TestClock
let local: ReturnType<typeof createLocalBroker>
let memory: TopicMemory
/** Filters that hang in the broker's tree at present. */
let hung: string[]

beforeEach(() => {
  clock = createTestClock()
  hung = []
  local = createLocalBroker(clock, (message, matched) => memory.hear(message, matched))
  const { subscriptions, retained } = local.broker
  memory = createTopicMemory({
    clock,
    retained,
    subscriptions: {
      add(filter, subscriber) {
        hung.push(filter)
        subscriptions.add(filter, subscriber)
      },
      remove(filter, subscriber) {
        hung.splice(hung.indexOf(filter), 1)
        subscriptions.remove(filter, subscriber)
      },
    },
  })
})

const all = { limit: 1_000 }
const levels = (prefix: string) => memory.branches(prefix, all).branches.map(({ level }) => level)
const payloads = (topic: string) => memory.messages(topic).map(({ payload }) => Buffer.from(payload).toString())

describe('the memory of topics', () => {
  it('costs nothing while nobody looks', () => {
    local.publish('a', '1')
    expect([hung, clock.pending, levels('')]).toEqual([[], 0, []])
  })

  it('begins with what is retained and listens from then on', () => {
    local.publish('home/hall', 'kept', true)
    local.publish('home/porch', 'missed')
    memory.look()
    local.publish('home/hall', 'now')
    local.publish('home/attic', 'here')
    expect(levels('home/')).toEqual(['attic', 'hall'])
    expect(payloads('home/hall')).toEqual(['now', 'kept'])
    expect(memory.messages('home/hall')).toMatchObject([{ retain: false }, { retain: true }])
  })

  it('knows the broker’s own topics', () => {
    memory.look()
    expect(levels('')).toContain('$SYS')
    expect(levels('$SYS/broker')).toContain('version')
  })

  it('counts topics and messages at and below each level', () => {
    memory.look()
    local.publish('home', '')
    local.publish('home/hall/lamp', '')
    clock.advance(5)
    local.publish('home/hall/lamp', '')
    local.publish('home/hall/door', '')
    expect(memory.branches('', all).branches.find(({ level }) => level === 'home')).toMatchObject({
      topic: 'home',
      topics: 3,
      messages: 4,
      lastAt: clock.now(),
      last: { topic: 'home' },
    })
    expect(memory.branches('home', all).branches).toMatchObject([
      { level: 'hall', topic: 'home/hall', topics: 2, messages: 3, last: null },
    ])
  })

  it('tells levels that are empty apart', () => {
    memory.look()
    for (const topic of ['/a', 'a', 'a/', 'a//b']) local.publish(topic, topic)
    expect(levels('')).toEqual(['', '$SYS', 'a'])
    expect(levels('/')).toEqual(['a'])
    expect(levels('a')).toEqual([''])
    expect(levels('a/')).toEqual([''])
    expect(levels('a//')).toEqual(['b'])
    expect(memory.branches('a//', all).branches).toMatchObject([{ topic: 'a//b' }])
    expect(memory.branches('/', all).branches).toMatchObject([{ topic: '/a' }])
    expect(payloads('a/')).toEqual(['a/'])
    expect(levels('nothing/here')).toEqual([])
  })

  it('gives its levels page by page, also when they change between two pages', () => {
    memory.look()
    for (const level of ['c', 'a', 'e', 'b', 'd']) local.publish(`x/${level}`, '')
    const page = (after?: string) => {
      const { branches, next } = memory.branches('x', { limit: 2, ...(after === undefined ? {} : { after }) })
      return [branches.map(({ level }) => level), next]
    }
    expect(page()).toEqual([['a', 'b'], 'b'])
    local.publish('x/aa', '')
    local.publish('x/bb', '')
    expect(page('b')).toEqual([['bb', 'c'], 'c'])
    expect(page('c')).toEqual([['d', 'e'], null])
  })

  it('keeps 50 messages of a topic, and counts on', () => {
    memory.look()
    for (let i = 0; i < MAX_MESSAGES + 3; i++) local.publish('x', String(i))
    expect(payloads('x')).toHaveLength(MAX_MESSAGES)
    expect([payloads('x')[0], payloads('x').at(-1)]).toEqual(['52', '3'])
    expect(memory.branches('', all).branches.at(-1)).toMatchObject({ level: 'x', messages: MAX_MESSAGES + 3 })
  })

  it('keeps 64 KiB of a payload and its size, and half a megabyte of a topic', () => {
    memory.look()
    for (let i = 0; i < 20; i++) local.publish('camera', new Uint8Array(MAX_PAYLOAD + 1))
    const kept = memory.messages('camera')
    expect(kept).toHaveLength(Math.floor(MAX_TOPIC_BYTES / (MAX_PAYLOAD + MESSAGE_COST)))
    expect(kept[0]).toMatchObject({ size: MAX_PAYLOAD + 1 })
    expect(kept[0]!.payload.buffer.byteLength).toBe(MAX_PAYLOAD)
  })

  it('lets the topic go that was silent longest when there are too many', () => {
    memory.look()
    const [known] = memory.branches('', all).branches
    for (let i = 0; i < MAX_TOPICS - known!.topics; i++) local.publish(`t/${i}`, '')
    local.publish('t/0', 'again')
    local.publish('one/more', '')
    // The broker's own topics were there first.
    for (let i = 0; i < known!.topics; i++) local.publish(`more/${i}`, '')
    expect(memory.messages('t/1')).toEqual([])
    expect(payloads('t/0')).toEqual(['again', ''])
    const counted = memory.branches('', all).branches
    expect(counted.reduce((sum, { topics }) => sum + topics, 0)).toBe(MAX_TOPICS)
    expect(counted.map(({ level }) => level)).not.toContain('$SYS')
  })

  it('lets topics go when they hold too much', () => {
    memory.look()
    const size = MAX_PAYLOAD
    const count = Math.floor(MAX_BYTES / (size + MESSAGE_COST))
    for (let i = 0; i < count + 10; i++) local.publish(`big/${i}`, new Uint8Array(size))
    const [big] = memory.branches('', all).branches.filter(({ level }) => level === 'big')
    expect(big!.topics).toBeLessThanOrEqual(count)
    expect(big!.topics).toBeGreaterThan(count - 5)
    expect(memory.messages('big/0')).toEqual([])
    expect(memory.messages(`big/${count + 9}`)).toHaveLength(1)
  })

  it('forgets ten minutes after the last look', () => {
    memory.look()
    clock.advance(KEPT_FOR - 1)
    memory.look()
    clock.advance(KEPT_FOR - 1)
    local.publish('x', '')
    expect(levels('')).toContain('x')
    clock.advance(1)
    expect([hung, levels('')]).toEqual([[], []])
    memory.look()
    expect(levels('')).not.toContain('x')
  })

  it('goes on for as long as somebody holds it, and ten minutes', () => {
    const release = memory.hold()
    clock.advance(3 * KEPT_FOR)
    memory.look()
    clock.advance(3 * KEPT_FOR)
    expect(hung).toEqual(['#', '$SYS/#'])
    release()
    release()
    clock.advance(KEPT_FOR - 1)
    expect(hung).toHaveLength(2)
    clock.advance(1)
    expect(hung).toEqual([])
  })

  it('stops when it is closed', () => {
    memory.hold()
    memory.close()
    expect(hung).toEqual([])
  })
})
