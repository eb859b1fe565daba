import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'messages of QoS 1 and 2 wait for a lasting session, QoS 0 does not [MQTT3-4.1.0-1]',
    lines: `
      a> connect clean=0 ; subscribe #1 t/#:2
      a< connack 0
      a< suback #1 2
      a> disconnect
      a< closed
      b> connect ; publish t/0 zero ; publish t/1 one q1 #1 ; publish t/2 two q2 #2 ; pubrel #2
      b< connack 0
      b< puback #1
      b< pubrec #2
      b< pubcomp #2
      a> connect clean=0
      a< connack 0 present
      a< publish t/1 one q1 #1
      a< publish t/2 two q2 #2
      a> puback #1 ; pubrec #2
      a< pubrel #2
      a> pubcomp #2
      a drops
      a> connect clean=0
      a< connack 0 present`,
  },
  {
    name: 'what was in flight is sent again with the same id and DUP, and only after a reconnect [MQTT3-4.4.0-1]',
    lines: `
      a> connect clean=0 ; subscribe #1 t:2
      a< connack 0
      a< suback #1 2
      b> connect ; publish t one q1 #1 ; publish t two q2 #2 ; publish t three q2 #3
      b< connack 0
      b< puback #1
      b< pubrec #2
      b< pubrec #3
      a< publish t one q1 #1
      a< publish t two q2 #2
      a< publish t three q2 #3
      a> pubrec #3
      a< pubrel #3
      wait 600
      a< nothing
      a drops
      a> connect clean=0
      a< connack 0 present
      a< publish t one q1 #1 dup
      a< publish t two q2 #2 dup
      a< pubrel #3
      a> puback #1 ; pubcomp #3 ; pubrec #2
      a< pubrel #2
      a> pubcomp #2
      a drops
      a> connect clean=0
      a< connack 0 present
      a< nothing`,
  },
  {
    name: 'the same over kill -9 of the broker',
    lines: `
      a> connect clean=0 ; subscribe #1 t:2
      a< connack 0
      a< suback #1 2
      b> connect ; publish t one q1 #1 ; publish t two q2 #2 ; publish t three q2 #3
      b< connack 0
      b< puback #1
      b< pubrec #2
      b< pubrec #3
      a< publish t one q1 #1
      a< publish t two q2 #2
      a< publish t three q2 #3
      a> pubrec #3
      a< pubrel #3
      kill
      a> connect clean=0
      a< connack 0 present
      a< publish t one q1 #1 dup
      a< publish t two q2 #2 dup
      a< pubrel #3
      a> puback #1 ; pubcomp #3 ; pubrec #2
      a< pubrel #2
      a> pubcomp #2
      kill
      a> connect clean=0
      a< connack 0 present
      a< nothing
      b> connect ; publish t four q1 #1
      b< connack 0
      b< puback #1
      a< publish t four q1 #1`,
  },
  {
    name: 'the order of one topic holds over window, queue, reconnect and kill -9 [MQTT3-4.6.0-5]',
    limits: { maxInflight: 2 },
    lines: `
      a> connect clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      b> connect ; publish t 1 q1 #1 ; publish t 2 q1 #2 ; publish t 3 q1 #3 ; publish t 4 q1 #4
      b< connack 0
      b< puback #1
      b< puback #2
      b< puback #3
      b< puback #4
      a< publish t 1 q1 #1
      a< publish t 2 q1 #2
      a< nothing
      a> puback #1
      a< publish t 3 q1 #3
      kill
      b> connect ; publish t 5 q1 #1
      b< connack 0
      b< puback #1
      a> connect clean=0
      a< connack 0 present
      a< publish t 2 q1 #2 dup
      a< publish t 3 q1 #3 dup
      a> puback #2 ; puback #3
      a< publish t 4 q1 #4
      a< publish t 5 q1 #5`,
  },
  {
    name: 'a received QoS 2 id is remembered over a reconnect [MQTT3-4.3.3-2]',
    lines: `
      s> connect ; subscribe #1 t:2
      s< connack 0
      s< suback #1 2
      a> connect clean=0 ; publish t x q2 #7
      a< connack 0
      a< pubrec #7
      s< publish t x q2 #1
      a drops
      a> connect clean=0 ; publish t x q2 #7 dup ; pubrel #7
      a< connack 0 present
      a< pubrec #7
      a< pubcomp #7
      s< nothing
      a> publish t y q2 #7
      a< pubrec #7
      s< publish t y q2 #2`,
  },
  {
    name: 'and over kill -9',
    lines: `
      s> connect clean=0 ; subscribe #1 t:2
      s< connack 0
      s< suback #1 2
      a> connect clean=0 ; publish t x q2 #7
      a< connack 0
      a< pubrec #7
      s< publish t x q2 #1
      s> pubrec #1
      s< pubrel #1
      s> pubcomp #1
      kill
      s> connect clean=0
      s< connack 0 present
      a> connect clean=0 ; publish t x q2 #7 dup ; pubrel #7
      a< connack 0 present
      a< pubrec #7
      a< pubcomp #7
      s< nothing
      kill
      a> connect clean=0 ; publish t y q2 #7
      a< connack 0 present
      a< pubrec #7
      s> connect clean=0
      s< connack 0 present
      s< publish t y q2 #1`,
  },
  {
    name: 'a takeover ends the old connection, with its will, and keeps the session [MQTT3-3.1.4-2]',
    lines: `
      w> connect ; subscribe #1 will:0
      w< connack 0
      w< suback #1 0
      old> connect id=a clean=0 will=will:gone ; subscribe #1 t:1
      old< connack 0
      old< suback #1 1
      new> connect id=a clean=0
      old< closed
      new< connack 0 present
      w< publish will gone
      reason a broker.taken_over
      w> publish t x q1 #1
      w< puback #1
      new< publish t x q1 #1
      counts connections=2`,
  },
  {
    name: 'a takeover sends again what the old connection had in flight',
    lines: `
      old> connect id=a clean=0 ; subscribe #1 t:1
      old< connack 0
      old< suback #1 1
      p> connect ; publish t x q1 #1
      p< connack 0
      p< puback #1
      old< publish t x q1 #1
      new> connect id=a clean=0
      new< connack 0 present
      new< publish t x q1 #1 dup
      old< closed`,
  },
  {
    name: 'equal client ids of different users do not meet',
    permissions: {
      identify: ({ username }) => ({
        kind: 'member',
        user: username ?? '',
        rules: { mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true },
        limits: { maxPacketSize: 1000, maxRetained: 10 },
      }),
    },
    lines: `
      one> connect id=a user=one clean=0
      one< connack 0
      two> connect id=a user=two clean=0
      two< connack 0
      one> pingreq
      one< pingresp
      counts sessions=2`,
  },
  {
    name: 'a lasting session of 3.1.1 lives for ever',
    lines: `
      a> connect clean=0
      a< connack 0
      a drops
      wait 100000000
      a> connect clean=0
      a< connack 0 present`,
  },
  {
    name: 'unless its life is bounded; time counts from the end of the connection',
    limits: { maxSessionExpiry: 100 },
    lines: `
      a> connect clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      wait 1000
      a drops
      b> connect ; publish t x q1 #1
      b< connack 0
      b< puback #1
      wait 99
      a> connect clean=0
      a< connack 0 present
      a< publish t x q1 #1
      a drops
      wait 100
      counts sessions=1 subscriptions=0
      a> connect clean=0
      a< connack 0`,
  },
  {
    name: 'and counts while the hub is down',
    limits: { maxSessionExpiry: 100 },
    lines: `
      a> connect clean=0
      a< connack 0
      a drops
      b> connect id=b clean=0
      b< connack 0
      wait 60
      kill
      wait 39
      counts sessions=2
      wait 1
      counts sessions=1
      b> connect id=b clean=0
      b< connack 0 present
      b drops
      wait 100
      counts sessions=0`,
  },
  {
    name: 'an orderly stop keeps sessions, subscriptions and queues',
    lines: `
      a> connect clean=0 ; subscribe #1 t:1 u:0
      a< connack 0
      a< suback #1 1 0
      a> unsubscribe #2 u
      a< unsuback #2
      b> connect ; publish t x q1 #1
      b< connack 0
      b< puback #1
      a< publish t x q1 #1
      restart
      counts sessions=1 subscriptions=1
      a> connect clean=0
      a< connack 0 present
      a< publish t x q1 #1 dup`,
  },
]

describe('sessions', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
