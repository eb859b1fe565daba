import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'any packet counts as a sign of life [MQTT3-3.1.2-24]',
    lines: `
      a> connect keep=10
      a< connack 0
      wait 14
      a> pingreq
      a< pingresp
      wait 14
      a> publish t x
      wait 14
      a> raw c0
      wait 14
      a< nothing
      wait 1
      a< closed
      reason a broker.keep_alive`,
  },
  {
    name: 'keep alive 0 means none',
    lines: `
      a> connect keep=0
      a< connack 0
      wait 1000000
      a> pingreq
      a< pingresp`,
  },
  {
    name: 'what the client gets is no sign of life',
    lines: `
      a> connect keep=10 ; subscribe #1 t:0
      a< connack 0
      a< suback #1 0
      wait 8
      hub> publish t x
      a< publish t x
      wait 7
      a< closed`,
  },
  {
    name: 'the shortest keep alive ends within a second of its time',
    lines: `
      a> connect keep=1
      a< connack 0
      wait 1
      a< nothing
      wait 1
      a< closed`,
  },
  {
    name: 'a closed connection whose client does not close is destroyed after a while',
    limits: { maxConnections: 1 },
    lines: `
      a> connect keep=1
      a< connack 0
      wait 2
      a< closed
      b> connect
      b< closed
      wait 3
      b> connect
      b< connack 0`,
  },
]

describe('keep alive', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
