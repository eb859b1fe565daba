// `$SYS/broker/...` as mosquitto 2.0 writes it: names, units and when they are said.

import { describe, expect, test } from 'vitest'
import { createStage, playScene, type Scene, type Stage } from './support/stage.ts'

/** Everything that mosquitto 2.0.11 publishes below `$SYS/broker/`. */
const names = [
  'version',
  'uptime',
  ...['total', 'inactive', 'disconnected', 'active', 'connected', 'expired', 'maximum'].map(name => `clients/${name}`),
  ...[
    ...['messages/received', 'messages/sent', 'publish/dropped', 'publish/received', 'publish/sent'],
    ...['bytes/received', 'bytes/sent', 'sockets', 'connections'],
  ].flatMap(name => ['1min', '5min', '15min'].map(span => `load/${name}/${span}`)),
  ...['stored', 'received', 'sent', 'inflight'].map(name => `messages/${name}`),
  ...['count', 'bytes'].map(name => `store/messages/${name}`),
  ...['subscriptions/count', 'shared_subscriptions/count', 'retained messages/count', 'heap/current', 'heap/maximum'],
  ...['messages/dropped', 'messages/received', 'messages/sent', 'bytes/received', 'bytes/sent'].map(
    name => `publish/${name}`,
  ),
  ...['bytes/received', 'bytes/sent'],
]

/** The values as a client finds them that asks now. */
function values({ broker }: Stage): Record<string, string> {
  const filter = '$SYS/broker/#'
  const subscriber = { owner: 'api', isLiveOnly: true } as const
  broker.subscriptions.add(filter, subscriber)
  const found = broker.retained(filter)
  broker.subscriptions.remove(filter, subscriber)
  return Object.fromEntries(
    found.map(({ topic, payload }) => [topic.slice('$SYS/broker/'.length), Buffer.from(payload).toString()]),
  )
}

async function valuesAfter(lines: string, limits: Scene['limits'] = {}): Promise<Record<string, string>> {
  const stage = await createStage({ limits })
  await stage.play(lines)
  return values(stage)
}

const table: { name: string; limits?: Scene['limits']; lines: string; holds: Record<string, string> }[] = [
  {
    name: 'clients that are in, that are away with a session, and the most at one time',
    lines: `
      a> connect clean=0
      b> connect
      c> connect level=5 sessionExpiry=60
      c drops
      b drops
      d> connect`,
    holds: {
      'clients/connected': '2',
      'clients/active': '2',
      'clients/disconnected': '1',
      'clients/inactive': '1',
      'clients/total': '3',
      'clients/maximum': '3',
      'clients/expired': '0',
    },
  },
  {
    name: 'a session whose time is over',
    lines: `
      a> connect level=5 sessionExpiry=60
      a drops
      wait 60`,
    holds: { 'clients/expired': '1', 'clients/total': '0', 'clients/maximum': '1' },
  },
  {
    name: 'packets, messages, and the bytes of both, each way',
    lines: `
      a> connect
      a> subscribe #1 t:1
      a> publish t abc q1 #1
      a> pingreq
      a> puback #1`,
    holds: {
      'messages/received': '5',
      'messages/sent': '5',
      'messages/inflight': '0',
      'publish/messages/received': '1',
      'publish/messages/sent': '1',
      'publish/messages/dropped': '0',
      'publish/bytes/received': '3',
      'publish/bytes/sent': '3',
      'bytes/received': '39',
      'bytes/sent': '25',
    },
  },
  {
    name: 'subscriptions, shared ones with them and apart',
    lines: `
      a> connect
      a> subscribe #1 t:0 u/#:0 $share/g/t:0
      a> unsubscribe #2 t`,
    holds: { 'subscriptions/count': '2', 'shared_subscriptions/count': '1' },
  },
  {
    name: 'what is kept: retained messages, and those for clients that are away',
    lines: `
      a> connect clean=0
      a> subscribe #1 q:1
      a drops
      b> connect
      b> publish t abcd q1 #1 retain
      b> publish q ab q1 #2`,
    holds: {
      'messages/stored': '2',
      'store/messages/count': '2',
      'store/messages/bytes': '6',
      'messages/inflight': '0',
    },
  },
  {
    name: 'messages that wait for an acknowledgement, and those that a full queue dropped',
    limits: { maxInflight: 1, maxQueued: 1 },
    lines: `
      a> connect
      a> subscribe #1 t:1
      hub> publish t 1 q1
      hub> publish t 2 q1
      hub> publish t 3 q1`,
    holds: { 'messages/inflight': '1', 'publish/messages/dropped': '1', 'publish/messages/sent': '1' },
  },
]

const scenes: Scene[] = [
  {
    name: 'a value is there when somebody subscribes, and comes again when it differs, every 10 s',
    lines: `
      a> connect
      a< connack 0
      a> subscribe #1 $SYS/broker/clients/connected:0
      a< suback #1 0
      a< publish $SYS/broker/clients/connected 1 retain
      wait 9
      b> connect
      b< connack 0
      a< nothing
      wait 1
      a< publish $SYS/broker/clients/connected 2
      wait 30
      a< nothing`,
  },
  {
    name: 'the uptime is said in seconds',
    lines: `
      wait 5
      a> connect ; subscribe #1 $SYS/broker/uptime:0
      a< connack 0
      a< suback #1 0
      a< publish $SYS/broker/uptime 5 seconds retain
      wait 10
      a< publish $SYS/broker/uptime 15 seconds`,
  },
  {
    name: 'nobody publishes there [MQTT5-4.7.2-1]: acknowledged and dropped before 5.0, 0x87 in 5.0',
    lines: `
      a> connect ; subscribe #1 $SYS/#:0 #:0
      a< connack 0
      a< suback #1 0 0
      ${names.map(() => 'a< any').join('\n')}
      b> connect ; publish $SYS/broker/uptime forged q1 #1 retain ; publish $SYS/x x ; publish $other x q2 #2
      b< connack 0
      b< puback #1
      b< pubrec #2
      c> connect level=5 ; publish $SYS/x x q1 #1 ; publish $SYS/x x q2 #2
      c< connack 0 topicAliasMaximum=10 maximumPacketSize=16777216
      c< puback #1 r87
      c< pubrec #2 r87
      counts refused=5
      a< nothing`,
  },
]

describe('$SYS', () => {
  test('has the names of mosquitto, and no others', async () => {
    const found = await valuesAfter('a> connect')
    expect(Object.keys(found).toSorted()).toEqual(names.toSorted())
    const { version, uptime, ...numbers } = found
    expect([version, uptime]).toEqual(['hob', '0 seconds'])
    for (const [name, value] of Object.entries(numbers))
      expect([name, value]).toEqual([name, expect.stringMatching(name.startsWith('load/') ? /^\d+\.\d\d$/ : /^\d+$/)])
    expect(Number(found['heap/current'])).toBeGreaterThan(1_000_000)
    expect(Number(found['heap/maximum'])).toBeGreaterThanOrEqual(Number(found['heap/current']))
  })

  test.each(table)('counts $name', async ({ lines, limits, holds }) => {
    const found = await valuesAfter(lines, limits)
    expect(Object.fromEntries(Object.keys(holds).map(name => [name, found[name]]))).toEqual(holds)
  })

  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))

  test('averages its load by the minute: a burst fades, the longer the span the slower', async () => {
    const stage = await createStage()
    await stage.play(`
      a> connect
      wait 10`)
    for (let i = 0; i < 100; i++) await stage.play('a> publish t x')
    await stage.play('wait 10')
    const load = (span: string) => Number(values(stage)[`load/publish/received/${span}`])
    // 600 a minute for one of six steps in the last minute, of 30 in the last five, of 90 in fifteen.
    const first = [load('1min'), load('5min'), load('15min')]
    expect(first[0]).toBeCloseTo(600 * (1 - Math.exp(-1 / 6)), 1)
    expect(first[1]).toBeCloseTo(600 * (1 - Math.exp(-1 / 30)), 1)
    expect(first[2]).toBeCloseTo(600 * (1 - Math.exp(-1 / 90)), 1)
    await stage.play('wait 60')
    expect(load('1min')).toBeCloseTo(first[0]! / Math.E, 1)
    expect(load('15min')).toBeCloseTo(first[2]! * Math.exp(-1 / 15), 1)
    await stage.play('wait 3600')
    expect(load('1min')).toBe(0)
  })

  test('costs nothing while nobody listens', async () => {
    const stage = await createStage()
    await stage.play('wait 60')
    expect(stage.broker.retained('$SYS/#')).toEqual([])
  })
})
