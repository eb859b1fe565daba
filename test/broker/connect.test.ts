import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'a clean session starts without state [MQTT3-3.2.2-1]',
    lines: `
      a> connect id=a
      a< connack 0
      a> pingreq
      a< pingresp`,
  },
  {
    name: 'MQTT 3.1 gets the same service',
    lines: `
      a> connect id=a level=3
      a< connack 0
      a> subscribe #1 t:1
      a< suback #1 1
      a> publish t x q1 #9
      a< publish t x q1 #1
      a< puback #9`,
  },
  {
    name: 'session present is 1 also for a session without subscriptions [MQTT3-3.2.2-2]',
    lines: `
      a> connect id=a clean=0
      a< connack 0
      a> disconnect
      a< closed
      a> connect id=a clean=0
      a< connack 0 present`,
  },
  {
    name: 'clean session 1 ends the old state for good [MQTT3-3.1.2-6]',
    lines: `
      a> connect id=a clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      a> disconnect
      a< closed
      a> connect id=a clean=1
      a< connack 0
      b> connect ; publish t x
      b< connack 0
      a< nothing
      a> disconnect
      a< closed
      a> connect id=a clean=0
      a< connack 0`,
  },
  {
    name: 'an empty client id needs clean session 1 [MQTT3-3.1.3-8]',
    lines: `
      a> connect id= clean=0
      a< connack 2
      a< closed
      b> connect id= clean=1
      b< connack 0
      c> connect id= clean=1
      c< connack 0
      b> pingreq
      b< pingresp
      counts connections=2`,
  },
  {
    name: 'MQTT 3.1 has no empty client id',
    lines: `
      a> connect id= level=3
      a< connack 2
      a< closed`,
  },
  {
    name: 'an unknown protocol level gets 0x01, a later one than 5.0 the answer of 5.0 [MQTT3-3.1.2-2, MQTT5-3.1.2-2]',
    lines: `
      a opens
      a> raw 10 0d 00 04 4d 51 54 54 02 02 00 00 00 01 61
      a< connack 1
      a< closed
      b opens
      b> raw 10 0d 00 04 4d 51 54 54 06 02 00 00 00 01 61
      b<< 20 03 00 84 00
      b< closed`,
  },
  {
    name: 'another protocol name is closed without an answer [MQTT3-3.1.2-1]',
    lines: `
      a opens
      a> raw 10 0d 00 04 48 54 54 50 04 02 00 00 00 01 61
      a< closed`,
  },
  {
    name: 'a second CONNECT ends the connection, with will [MQTT3-3.1.0-2]',
    lines: `
      w> connect ; subscribe #1 will:0
      w< connack 0
      w< suback #1 0
      a opens
      a> connect id=a will=will:gone ; connect id=a ; publish t x retain
      a< connack 0
      a< closed
      w< publish will gone
      reason a broker.second_connect
      counts retained=0 connections=1`,
  },
  {
    name: 'the first packet must be CONNECT [MQTT3-3.1.0-1]',
    lines: `
      a opens
      a> publish t x
      a< closed
      b opens
      b> pingreq
      b< closed`,
  },
  {
    name: 'what is sent behind CONNECT is taken after CONNACK, in order [MQTT3-3.1.4-5]',
    lines: `
      a> connect ; subscribe #1 t:0 ; publish t x ; publish t y q1 #2 ; pingreq
      a< connack 0
      a< suback #1 0
      a< publish t x
      a< publish t y
      a< puback #2
      a< pingresp`,
  },
  {
    name: 'nothing is taken after a refusal [MQTT3-3.1.4-5]',
    permissions: { identify: () => ({ kind: 'refused', reason: 'not_authorised' }) },
    lines: `
      hub> subscribe #
      a> connect ; publish t x retain
      a< connack 5
      a< closed
      counts retained=0 received=0 connections=0 sessions=0`,
  },
  ...(
    [
      ['bad_credentials', 4],
      ['not_authorised', 5],
      ['banned', 5],
      ['unavailable', 3],
    ] as const
  ).map(([reason, code]) => ({
    name: `a login refused as ${reason} gets ${code}`,
    permissions: { identify: () => ({ kind: 'refused', reason }) as const },
    lines: `
      a> connect clean=0
      a< connack ${code}
      a< closed
      counts sessions=0`,
  })),
  {
    name: 'more lasting sessions than the limit are refused, clean ones are not',
    limits: { maxSessions: 1 },
    lines: `
      a> connect clean=0
      a< connack 0
      b> connect clean=0
      b< connack 3
      b< closed
      b> connect clean=1
      b< connack 0
      a> disconnect
      a< closed
      a> connect clean=0
      a< connack 0 present`,
  },
  {
    name: 'a connection beyond the limit is closed at once',
    limits: { maxConnections: 1 },
    lines: `
      a> connect
      a< connack 0
      b> connect
      b< closed
      a drops
      c> connect
      c< connack 0`,
  },
  {
    name: 'a CONNECT that does not come in time ends the connection',
    limits: { connectTimeout: 10_000 },
    lines: `
      a opens
      a> raw 10 0d
      wait 9
      a> raw 00
      a< nothing
      wait 1
      a< closed`,
  },
  {
    name: 'a packet larger than the limit ends the connection',
    limits: { maxPacketSize: 200 },
    lines: `
      a> connect
      a< connack 0
      a> publish t 190*x q1 #1
      a< puback #1
      a> publish t 300*x q1 #2
      a< closed
      reason a broker.packet_too_large`,
  },
  {
    name: 'packets that only a broker sends end the connection',
    lines: `
      a> connect
      a< connack 0
      a> raw 20 02 00 00
      a< closed
      reason a broker.wrong_direction
      b> connect
      b< connack 0
      b> raw d0 00
      b< closed
      c> connect
      c< connack 0
      c> raw 90 03 00 01 00
      c< closed
      d> connect
      d< connack 0
      d> raw b0 02 00 01
      d< closed`,
  },
]

describe('CONNECT', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
