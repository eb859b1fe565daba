import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const WATCH = `
      w> connect ; subscribe #1 #:2
      w< connack 0
      w< suback #1 2`

const scenes: Scene[] = [
  {
    name: 'a lost connection publishes the will with its QoS and RETAIN [MQTT3-3.1.2-8, -16, -17]',
    lines: `${WATCH}
      a> connect will=gone/a:bye will_qos=2 will_retain
      a< connack 0
      a drops
      w< publish gone/a bye q2 #1
      reason a broker.lost
      counts retained=1 connections=1`,
  },
  {
    name: 'DISCONNECT deletes it for good [MQTT3-3.14.4-3]',
    lines: `${WATCH}
      a> connect will=gone:bye ; disconnect
      a< connack 0
      a< closed
      wait 1000
      w< nothing
      kill
      wait 1000
      ${WATCH}
      w< nothing`,
  },
  {
    name: 'a malformed packet is a loss',
    lines: `${WATCH}
      a> connect will=gone:bye ; raw 36 00
      a< connack 0
      a< closed
      w< publish gone bye`,
  },
  {
    name: 'a silent client is a loss after one and a half keep alives [MQTT3-3.1.2-24]',
    lines: `${WATCH}
      a> connect keep=10 will=gone:bye
      a< connack 0
      wait 14
      w< nothing
      wait 1
      w< publish gone bye
      a< closed`,
  },
  {
    name: 'it has an empty payload if it wants to',
    lines: `${WATCH}
      a> connect will=gone:
      a< connack 0
      a drops
      w< publish gone ""`,
  },
  ...['+', 'a/#', ''].map(topic => ({
    name: `a will on "${topic}" refuses the CONNECT [MQTT3-4.7.1-1, 4.7.3-1]`,
    lines: `
      a> connect will=${topic}:bye
      a< closed
      counts sessions=0`,
  })),
  {
    name: 'QoS 3, and flags without the will flag, refuse the CONNECT [MQTT3-3.1.2-11, -14]',
    lines: `
      a opens
      a> raw 10 12 00 04 4d 51 54 54 04 1e 00 00 00 01 61 00 01 77 00 00
      a< closed
      b opens
      b> raw 10 0d 00 04 4d 51 54 54 04 2a 00 00 00 01 61
      b< closed
      counts sessions=0`,
  },
  {
    name: 'it survives kill -9 and goes out when the client has not come back in a minute',
    lines: `
      a> connect will=gone:bye will_qos=1 will_retain
      a< connack 0
      kill
      w> connect ; subscribe #1 gone:1
      w< connack 0
      w< suback #1 1
      wait 59
      w< nothing
      wait 1
      w< publish gone bye q1 #1
      wait 1000
      kill
      wait 1000
      counts retained=1`,
  },
  {
    name: 'a client that is back in time has its new will, or none',
    lines: `
      a> connect will=gone/a:bye
      a< connack 0
      b> connect will=gone/b:bye
      b< connack 0
      kill
      ${WATCH}
      a> connect
      a< connack 0
      b> connect will=gone/b:again
      b< connack 0
      wait 1000
      w< nothing
      a drops
      b drops
      w< publish gone/b again`,
  },
  {
    name: 'the orderly stop of the hub publishes no will; the wait begins with the next start',
    lines: `
      a> connect clean=0 will=gone:bye
      a< connack 0
      restart
      ${WATCH}
      wait 59
      w< nothing
      wait 1
      w< publish gone bye`,
  },
  {
    name: 'the grace of a minute goes on over a second kill',
    lines: `
      a> connect will=gone:bye
      a< connack 0
      kill
      wait 40
      kill
      ${WATCH}
      wait 20
      w< publish gone bye`,
  },
  {
    name: 'equal client ids of different users keep their wills apart',
    permissions: {
      identify: ({ username }) => ({
        kind: 'member',
        user: username ?? '',
        rules: { mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true },
        limits: { maxPacketSize: 1000, maxRetained: 10 },
      }),
    },
    lines: `${WATCH}
      one> connect id=a user=one will=gone/one:bye
      one< connack 0
      two> connect id=a user=two will=gone/two:bye
      two< connack 0
      two> disconnect
      one drops
      w< publish gone/one bye`,
  },
  {
    name: 'a will on a topic of the broker is dropped',
    lines: `${WATCH}
      a> connect will=$SYS/x:bye
      a< connack 0
      counts refused=1
      a drops
      w< nothing`,
  },
]

describe('wills', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
