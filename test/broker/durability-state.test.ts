// The rows of the table in server/broker/README.md about what lasts beside messages: which answer leaves before and
// after which commit. Each scene moves the disk by hand; test/durability walks the same table on a real one.

import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const rows: Readonly<Record<string, readonly Scene[]>> = {
  'retained by QoS 0: at most 1 s late, last value per topic; discovery now': [
    {
      name: 'QoS 1 and 2 survive kill -9 at once, QoS 0 after a second, of several the last',
      lines: `
      p> connect ; publish zero 1 retain ; publish zero 2 retain ; publish one 1 q1 #1 retain ; publish gone 1 retain
      p< connack 0
      commit
      p< puback #1
      wait 0.9
      p> publish gone "" retain ; publish zero 3 retain
      kill
      counts retained=1
      p> connect ; publish zero 1 retain ; publish zero 2 retain ; publish gone 1 retain ; publish gone "" retain
      p< connack 0
      wait 1
      commit
      kill
      s> connect ; subscribe #1 zero:0 one:0 gone:0
      s< connack 0
      s< suback #1 0 0 0
      s< publish zero 2 retain
      s< publish one 1 retain`,
    },
    {
      name: 'announcements of devices are on disk at once, also with QoS 0',
      lines: `
      p> connect ; publish homeassistant/light/x/config {} retain ; publish tasmota/discovery/AA/sensors {} retain
      p< connack 0
      commit
      kill
      counts retained=2
      p> connect ; publish homeassistant/light/x/config "" retain
      p< connack 0
      commit
      kill
      counts retained=1`,
    },
    {
      name: 'QoS 1 after QoS 0 on one topic: the later one stays',
      lines: `
      p> connect ; publish t 1 retain ; publish t 2 q1 #1 retain
      p< connack 0
      commit
      p< puback #1
      wait 2
      commit
      kill
      s> connect ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      s< publish t 2 retain`,
    },
    {
      name: 'an orderly stop writes what waits',
      lines: `
      p> connect ; publish t 1 retain
      p< connack 0
      restart
      counts retained=1`,
    },
  ],
  'QoS 0 for clients that are away: dropped': [
    {
      name: 'nothing is written, and nothing comes later',
      lines: `
      s> connect clean=0 ; subscribe #1 t:1
      commit
      s< connack 0
      s< suback #1 1
      s drops
      commit
      p> connect ; publish t 1
      p< connack 0
      pending 0
      s> connect clean=0
      commit
      s< connack 0 present
      s< nothing`,
    },
  ],
  'SUBACK, UNSUBACK, CONNACK of a lasting session, the end behind a DISCONNECT that changes expiry: after the commit': [
    {
      name: 'CONNACK of a lasting session waits, of a clean one it does not',
      lines: `
      s> connect clean=0 ; pingreq
      s< nothing
      c> connect
      c< connack 0
      commit
      s< connack 0
      s< pingresp
      s> disconnect
      s< closed
      s> connect clean=0
      s< nothing
      commit
      s< connack 0 present`,
    },
    {
      name: 'a clean session that ends a lasting one waits, too',
      lines: `
      s> connect clean=0
      commit
      s< connack 0
      s drops
      commit
      s> connect clean=1
      s< nothing
      commit
      s< connack 0`,
    },
    {
      name: 'SUBACK and UNSUBACK of a lasting session wait; PINGRESP behind an UNSUBACK does not',
      lines: `
      s> connect clean=0
      commit
      s< connack 0
      s> subscribe #1 t:1
      s< nothing
      commit
      s< suback #1 1
      s> unsubscribe #2 t ; pingreq
      s< pingresp
      s< nothing
      commit
      s< unsuback #2`,
    },
    {
      name: 'retained messages follow the SUBACK, and live ones follow them',
      lines: `
      s> connect clean=0
      hub> publish t/1 kept retain
      commit
      s< connack 0
      s> subscribe #1 t/#:0
      hub> publish t/1 live
      s< nothing
      commit
      s< suback #1 0
      s< publish t/1 kept retain
      s< publish t/1 live`,
    },
    {
      name: 'the stream is closed behind a DISCONNECT that changes the expiry when that is on disk, else at once',
      lines: `
      s> connect level=5 clean=0 sessionExpiry=100
      commit
      s< any
      s> disconnect sessionExpiry=200
      s< open
      commit
      s< closed
      s> connect level=5 clean=0 sessionExpiry=100
      commit
      s< any
      s> disconnect
      s< closed`,
    },
  ],
  'wills: from CONNECT to their end': [
    {
      name: 'CONNACK does not wait for the will; it is written with the CONNECT, and goes with the DISCONNECT',
      lines: `
      p> connect will=t:gone
      p< connack 0
      pending 2
      commit
      p> disconnect
      pending 2
      commit
      pending 0`,
    },
  ],
}

describe.each(Object.entries(rows))('%s', (_, scenes) => {
  test.each(scenes)('$name', async scene => expect(await playScene({ ...scene, disk: 'by hand' })).toEqual([]))
})
