// What one client, one address and everybody together may ask of the broker.

import { describe, expect, test } from 'vitest'
import { allowEveryone, defaultLimits, type Permissions } from '../../server/broker/index.ts'
import { TokenBucket } from '../../server/broker/token-bucket.ts'
import { seeded } from '../fuzz/mutation.ts'
import { MemoryStream, settle } from './support/memory-stream.ts'
import { createStage, playScene, type Scene, type Stage } from './support/stage.ts'

const repeat = (count: number, line: string) => Array.from({ length: count }, () => line).join('\n')

/** Everybody may come in, and publish at a rate. */
const slowly: Permissions = {
  identify: login => {
    const identity = allowEveryone.identify(login)
    if (identity instanceof Promise || identity.kind !== 'member') return identity
    return { ...identity, limits: { ...identity.limits, publishRate: { burst: 3, perSecond: 2 } } }
  },
}

const scenes: Scene[] = [
  {
    name: 'a client that connects in a tight loop is refused, with the reason of its version, and let in again a second later',
    limits: { clientConnectRate: { burst: 3, perSecond: 1 } },
    lines: `
      ${repeat(3, 'a> connect\na< connack 0\na> disconnect\na< closed')}
      a> connect
      a< connack 3
      a< closed
      a> connect level=5
      a< connack 9f
      a< closed
      b> connect
      b< connack 0
      wait 1
      a> connect
      a< connack 0`,
  },
  {
    name: 'two clients of one id that take each other over without end: one stays',
    limits: { clientConnectRate: { burst: 4, perSecond: 1 } },
    lines: `
      a> connect id=same
      a< connack 0
      b> connect id=same
      b< connack 0
      a< closed
      a> connect id=same
      a< connack 0
      b< closed
      b> connect id=same
      b< connack 0
      a< closed
      a> connect id=same
      a< connack 3
      a< closed
      b> pingreq
      b< pingresp`,
  },
  {
    name: 'CONNECTs from one address are bounded, before anybody looks who it is; refused ones count as well',
    limits: { addressConnectRate: { burst: 3, perSecond: 1 } },
    lines: `
      a> connect
      a< connack 0
      b> connect id= clean=0
      b< connack 2
      b< closed
      b> connect
      b< connack 0
      d> connect
      d< connack 3
      d< closed
      e> connect level=5
      e< connack 9f
      e< closed
      wait 1
      d> connect
      d< connack 0`,
  },
  {
    name: 'subscriptions of one client: 0x80 before 5.0, 0x97 in 5.0; one that stands may change',
    limits: { maxSubscriptions: 2 },
    lines: `
      a> connect ; subscribe #1 a:0 b:0 c:0 ; subscribe #2 b:1
      a< connack 0
      a< suback #1 0 0 80
      a< suback #2 1
      b> connect level=5 ; subscribe #1 a:0 b:0 c:0 ; unsubscribe #2 a ; subscribe #3 c:0
      b< connack 0 topicAliasMaximum=10 maximumPacketSize=16777216
      b< suback #1 0 0 97
      b< unsuback #2 0
      b< suback #3 0`,
  },
  {
    name: 'a filter has at most 128 levels, and a bomb of wildcards costs no more than any other filter',
    lines: `
      p> connect
      p< connack 0
      a> connect ; subscribe #1 ${'+/'.repeat(127)}+:0
      a< connack 0
      a< suback #1 0
      p> publish ${'x/'.repeat(127)}x here
      a< publish ${'x/'.repeat(127)}x here
      a> subscribe #2 ${'+/'.repeat(128)}+:0
      a< closed`,
  },
  {
    name: 'what a kind of client may publish: more is read more slowly, and none of it is lost',
    permissions: slowly,
    lines: `
      s> connect ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      p> connect keep=1 ; publish t 1 ; publish t 2 ; publish t 3 ; publish t 4 ; publish t 5 ; publish t 6 ; publish t 7 ; publish t 8
      p< connack 0
      s< publish t 1
      s< publish t 2
      s< publish t 3
      s< publish t 4
      s< nothing
      wait 1
      s< publish t 5
      s< publish t 6
      s< publish t 7
      s< nothing
      wait 1
      s< publish t 8
      p< nothing`,
  },
]

const text = (hex: string) => `00 ${(hex.length / 2).toString(16).padStart(2, '0')} ${hex}`
/** A packet in hex, its length in front. */
const packet = (first: string, body: string) => {
  const bytes = body.replaceAll(' ', '')
  return `raw ${first} ${(bytes.length / 2).toString(16).padStart(2, '0')} ${body}`
}
const CONNECT = '00 04 4d515454 04'

/** What UTF-8 never is: a byte of its own, cut short, too long a form, a surrogate, beyond the last character. */
const notUtf8 = ['ff', 'c3', 'c0af', 'eda080', 'f4908080'] as const

const badTexts: Scene[] = notUtf8.flatMap(bytes => [
  ...[
    ['the topic of a PUBLISH', packet('30', `${text(bytes)} 78`)],
    ['a filter', packet('82', `00 01 ${text(bytes)} 00`)],
    ['a filter of an UNSUBSCRIBE', packet('a2', `00 01 ${text(bytes)}`)],
  ].map(([where, line]): Scene => ({
    name: `${bytes} in ${where}`,
    lines: `
      a> connect
      a< connack 0
      a> ${line}
      a< closed
      reason a broker.malformed_string`,
  })),
  ...[
    ['a client id', packet('10', `${CONNECT} 02 00 00 ${text(bytes)}`)],
    ['a user name', packet('10', `${CONNECT} 82 00 00 ${text('61')} ${text(bytes)}`)],
    ['the topic of a will', packet('10', `${CONNECT} 06 00 00 ${text('61')} ${text(bytes)} 00 00`)],
  ].map(([where, line]): Scene => ({ name: `${bytes} in ${where}`, lines: `a opens\na> ${line}\na< closed` })),
])

/** Streams that come in and say nothing. */
function knock(stage: Stage, count: number, address: string): MemoryStream[] {
  return Array.from({ length: count }, () => {
    const stream = new MemoryStream()
    stage.broker.accept(stream, { address, port: 1, transport: 'tcp' })
    return stream
  })
}

const isOpen = (stream: MemoryStream) => !stream.destroyed && !stream.isEnded

describe('limits', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))

  test('those of a storm are said once, and shown while it lasts', async () => {
    const stage = await createStage({ permissions: slowly })
    await stage.play('p> connect')
    const isSlowed = () => stage.broker.clients()[0]!.slowed
    expect(isSlowed()).toBe(false)
    await stage.play(repeat(20, 'p> publish t x'))
    await stage.play('wait 1\nwait 1\nwait 1')
    expect(isSlowed()).toBe(true)
    const storms = () => stage.log.filter(line => line.includes('publishes without end'))
    expect(storms()).toHaveLength(1)
    await stage.play(`${repeat(20, 'wait 1')}\nwait 60`)
    expect(isSlowed()).toBe(false)
    await stage.play(repeat(20, 'p> publish t x'))
    await stage.play('wait 1\nwait 1\nwait 1')
    expect(storms()).toHaveLength(2)
  })

  test('a tight loop is said once, and is the reason in the client list', async () => {
    const stage = await createStage({ limits: { clientConnectRate: { burst: 2, perSecond: 1 } } })
    for (let i = 0; i < 10; i++) await stage.play('a> connect clean=0\na drops')
    expect(stage.log.filter(line => line.includes('again and again'))).toHaveLength(1)
    expect(stage.log).toHaveLength(1)
    expect(stage.broker.clients()).toMatchObject([{ clientId: 'a', lastReason: 'broker.connect_rate' }])
  })

  test('a house of 1,000 devices behind one address comes back after a power cut: all are in', async () => {
    const stage = await createStage()
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1_000; i++) await stage.play(`d${i} opens`)
      for (let i = 0; i < 1_000; i++)
        await stage.play(`d${i}> connect clean=0\nd${i}< connack 0${round ? ' present' : ''}`)
      expect(stage.broker.stats().connections).toBe(1_000)
      for (let i = 0; i < 1_000; i++) await stage.play(`d${i} drops`)
    }
  })

  test('who only holds sockets pushes out his own: the oldest of an address makes room', async () => {
    const stage = await createStage({ limits: { maxNewcomersPerAddress: 3 } })
    const held = knock(stage, 5, '192.0.2.66')
    const other = knock(stage, 1, '192.0.2.67')
    await settle()
    expect(held.map(isOpen)).toEqual([false, false, true, true, true])
    expect(other.map(isOpen)).toEqual([true])
    expect(stage.log).toEqual(['warn many connections that say nothing: the oldest are closed'])
  })

  test('where too many wait in all, the address with most of them makes room', async () => {
    const stage = await createStage({ limits: { maxNewcomers: 5 } })
    const other = knock(stage, 1, '192.0.2.67')
    const held = knock(stage, 8, '192.0.2.66')
    await settle()
    expect(other.map(isOpen)).toEqual([true])
    expect(held.filter(isOpen)).toHaveLength(4)
    await stage.play('a> connect\na< connack 0')
  })

  test('silent sockets never keep a client out, though they take all connections there are', async () => {
    const stage = await createStage({ limits: { maxConnections: 4 } })
    const held = knock(stage, 4, '192.0.2.66')
    await stage.play(`
      a> connect
      a< connack 0`)
    expect(held.map(isOpen)).toEqual([false, true, true, true])
    // Those that are in stay: the fifth has nobody to push out.
    await stage.play('b> connect\nb< connack 0\nc> connect\nc< connack 0\nd> connect\nd< connack 0\ne opens\ne< closed')
  })

  test('a slowloris is gone 10 s after it came, however its bytes trickle', async () => {
    const stage = await createStage()
    const streams = knock(stage, 500, '192.0.2.66')
    // A CONNECT that announces 100 bytes, and then one of them a second.
    for (const stream of streams) stream.feed(Buffer.from('1064', 'hex'))
    for (let second = 0; second < 9; second++) {
      stage.clock.advance(1_000)
      for (const stream of streams) stream.feed(Buffer.alloc(1, 4))
      await settle()
    }
    expect(streams.filter(isOpen)).toHaveLength(500)
    stage.clock.advance(1_000)
    await settle()
    expect(streams.filter(isOpen)).toHaveLength(0)
    expect(stage.broker.stats().connections).toBe(0)
  })

  test.each(badTexts)('text that is no UTF-8 ends its connection, and no other: $name', async ({ lines }) => {
    const stage = await createStage()
    await stage.play(`n> connect\nn< connack 0\n${lines}\nn> pingreq\nn< pingresp`)
    expect(stage.log.filter(line => line.startsWith('error'))).toEqual([])
  })

  test('a bomb of wildcards: 2,000 filters of 128 levels, each + or a letter at random, and one message', async () => {
    const stage = await createStage()
    const random = seeded(7)
    const filter = () => Array.from({ length: 128 }, () => (random() < 0.5 ? '+' : 'a')).join('/')
    for (const client of ['a', 'b']) {
      await stage.play(`${client}> connect\n${client}< connack 0`)
      for (let part = 0; part < 10; part++) {
        const filters = Array.from({ length: 100 }, () => `${filter()}:0`)
        await stage.play(`${client}> subscribe #1 ${filters.join(' ')}\n${client}< any`)
      }
    }
    expect(stage.broker.stats().subscriptions).toBe(2_000)
    const start = performance.now()
    const topic = `${'a/'.repeat(127)}a`
    // Each filter matches; a matcher that tried every mixture of the two would not come back.
    await stage.play(`
      p> connect ; publish ${topic} x
      p< connack 0
      a< publish ${topic} x
      b< publish ${topic} x`)
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  test('half-open sockets: a client that is gone without a word is noticed by its keep alive, and its will sent', async () => {
    expect(
      await playScene({
        name: '',
        lines: `
          w> connect ; subscribe #1 will:0
          w< connack 0
          w< suback #1 0
          a> connect keep=10 will=will:gone
          a< connack 0
          a stalls
          wait 14
          w> pingreq
          w< pingresp
          wait 1
          w< publish will gone
          reason a broker.keep_alive`,
      }),
    ).toEqual([])
  })

  test('are what the README says', () => {
    expect(defaultLimits).toMatchObject({
      maxNewcomers: 5_000,
      maxNewcomersPerAddress: 1_000,
      addressConnectRate: { burst: 10_000, perSecond: 1_000 },
      clientConnectRate: { burst: 120, perSecond: 2 },
    })
  })
})

describe('a token bucket', () => {
  test('gives so many at once and so many a second, and saves up no more than it holds', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0)
    const taken = (now: number, tries: number) => Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean)
    expect(taken(0, 5)).toHaveLength(3)
    expect(bucket.isOverrun(400)).toBe(true)
    expect(taken(499, 5)).toHaveLength(0)
    expect(taken(500, 5)).toHaveLength(1)
    expect(taken(1_500, 5)).toHaveLength(2)
    expect(taken(1_000_000, 9)).toHaveLength(3)
    expect(bucket.isOverrun(2_000_000)).toBe(false)
  })
})
