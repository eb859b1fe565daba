import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'the last message of a topic is kept and comes with RETAIN 1 [MQTT3-3.3.1-5, -6, -8]',
    lines: `
      p> connect ; publish t old retain ; publish t new q1 #1 retain ; publish u other ; publish t live
      p< connack 0
      p< puback #1
      s> connect ; subscribe #1 t:2 ; subscribe #2 u:2
      s< connack 0
      s< suback #1 2
      s< publish t new q1 #1 retain
      s< suback #2 2`,
  },
  ...([0, 1, 2] as const).flatMap(published =>
    ([0, 1, 2] as const).map(granted => {
      const qos = Math.min(published, granted)
      return {
        name: `retained at ${published} and granted ${granted} by a wildcard, it comes at ${qos} [MQTT3-3.8.4-6]`,
        lines: `
          hub> publish t/a x q${published} retain
          s> connect ; subscribe #1 t/+:${granted}
          s< connack 0
          s< suback #1 ${granted}
          s< publish t/a x${qos > 0 ? ` q${qos} #1` : ''} retain`,
      }
    }),
  ),
  {
    name: 'an empty payload deletes it, is delivered live, and is not kept [MQTT3-3.3.1-10, -11]',
    lines: `
      s> connect ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      p> connect ; publish t x retain ; publish t "" retain ; publish never "" retain
      p< connack 0
      s< publish t x
      s< publish t ""
      counts retained=0
      n> connect ; subscribe #1 #:0
      n< connack 0
      n< suback #1 0
      n< nothing`,
  },
  {
    name: 'a resumed session does not get them again',
    lines: `
      hub> publish t x q1 retain
      s> connect clean=0 ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      s< publish t x q1 #1 retain
      s> puback #1
      s drops
      s> connect clean=0
      s< connack 0 present
      s< nothing`,
  },
  {
    name: 'a retained message in flight or queued stays marked as retained over kill -9',
    limits: { maxInflight: 1 },
    lines: `
      hub> publish t/1 x q1 retain
      hub> publish t/2 y q1 retain
      s> connect clean=0 ; subscribe #1 #:1
      s< connack 0
      s< suback #1 1
      s< any
      kill
      s> connect clean=0
      s< connack 0 present
      s< any
      s> puback #1
      s< any
      s> puback #2
      kill
      n> connect ; subscribe #1 t/1:1
      n< connack 0
      n< suback #1 1
      n< publish t/1 x q1 #1 retain
      counts retained=2`,
  },
  {
    name: 'an expired one is neither sent nor kept',
    lines: `
      hub> publish t x q1 retain expiry=10
      hub> publish u y q1 retain expiry=20
      wait 10
      s> connect ; subscribe #1 #:0
      s< connack 0
      s< suback #1 0
      s< publish u y retain
      counts retained=1`,
  },
  {
    name: 'a client may own as many retained topics as its kind allows; deleting makes room',
    permissions: {
      identify: ({ username }) => ({
        kind: 'member',
        user: username ?? '',
        rules: { mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true },
        limits: { maxPacketSize: 1000, maxRetained: 2 },
      }),
    },
    lines: `
      s> connect user=s ; subscribe #1 #:0
      s< connack 0
      s< suback #1 0
      a> connect user=a ; publish a/1 x retain ; publish a/2 x retain ; publish a/3 x retain q1 #3
      a< connack 0
      a< puback #3
      s< publish a/1 x
      s< publish a/2 x
      s< publish a/3 x
      counts retained=2 dropped=1
      a> publish a/2 y retain ; publish a/1 "" retain ; publish a/3 z retain
      s< publish a/2 y
      s< publish a/1 ""
      s< publish a/3 z
      b> connect user=b ; publish b/1 x retain ; publish a/2 x retain
      b< connack 0
      s< publish b/1 x
      s< publish a/2 x
      counts retained=3 dropped=1
      a> publish a/4 x retain
      s< publish a/4 x
      counts retained=4 dropped=1`,
  },
  {
    name: 'all clients together have a limit, too',
    limits: { maxRetained: 1 },
    lines: `
      p> connect ; publish a x retain ; publish b x retain ; publish a y retain
      p< connack 0
      counts retained=1 dropped=1
      s> connect ; subscribe #1 #:0
      s< connack 0
      s< suback #1 0
      s< publish a y retain`,
  },
]

describe('retained messages', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
