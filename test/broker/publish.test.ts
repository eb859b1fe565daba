import { describe, expect, test } from 'vitest'
import { createStage, playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'each QoS has its own handshake [MQTT3-4.3.1-1, 4.3.2-2, 4.3.3-2]',
    lines: `
      a> connect ; publish t x ; publish t x q1 #1 ; publish t x q2 #2
      a< connack 0
      a< puback #1
      a< pubrec #2
      a> pubrel #2
      a< pubcomp #2`,
  },
  ...([0, 1, 2] as const).flatMap(published =>
    ([0, 1, 2] as const).map(granted => {
      const qos = Math.min(published, granted)
      return {
        name: `published at ${published} and granted ${granted}, it is delivered at ${qos} [MQTT3-3.8.4-6]`,
        lines: `
          s> connect ; subscribe #1 t:${granted}
          s< connack 0
          s< suback #1 ${granted}
          p> connect ; publish t x q${published} ${published > 0 ? '#4' : ''}
          p< connack 0
          ${published === 0 ? '' : `p< ${published === 1 ? 'puback' : 'pubrec'} #4`}
          s< publish t x${qos > 0 ? ` q${qos} #1` : ''}`,
      }
    }),
  ),
  {
    name: 'DUP is not forwarded, and RETAIN is 0 for subscriptions that stand [MQTT3-3.3.1-3, 3.3.1-9]',
    lines: `
      s> connect ; subscribe #1 t:2
      s< connack 0
      s< suback #1 2
      p> connect ; publish t x q1 #4 dup retain ; publish t y q2 #5 dup ; publish t z retain
      p< connack 0
      p< puback #4
      p< pubrec #5
      s< publish t x q1 #1
      s< publish t y q2 #2
      s< publish t z`,
  },
  {
    name: 'QoS 0 with DUP is malformed [MQTT3-3.3.1-2]',
    lines: `
      p> connect ; raw 38 04 00 01 74 78
      p< connack 0
      p< closed
      reason p broker.dup_without_qos`,
  },
  {
    name: 'QoS 3 is malformed [MQTT3-3.3.1-4]',
    lines: `
      p> connect ; raw 36 06 00 01 74 00 01 78
      p< connack 0
      p< closed
      reason p broker.publish_qos`,
  },
  {
    name: 'packet id 0 is malformed [MQTT3-2.3.1-1]',
    lines: `
      p> connect ; raw 32 06 00 01 74 00 00 78
      p< connack 0
      p< closed
      reason p broker.packet_id_zero`,
  },
  ...['+', '#', 'a/+/b', 'a#'].map(topic => ({
    name: `a topic name may not be ${topic} [MQTT3-3.3.2-2]`,
    lines: `
      p> connect ; publish ${topic} x
      p< connack 0
      p< closed
      reason p broker.topic_name`,
  })),
  {
    name: 'a topic name has at most 128 levels',
    lines: `
      p> connect ; publish ${'a/'.repeat(127)}a x q1 #1
      p< connack 0
      p< puback #1
      p> publish ${'a/'.repeat(128)}a x q1 #2
      p< closed
      reason p broker.topic_depth`,
  },
  {
    name: 'a malformed packet ends its connection and nothing else; what came before it counts',
    lines: `
      s> connect ; subscribe #1 #:0
      s< connack 0
      s< suback #1 0
      p> connect ; publish t x ; raw 36 06 00 01 74 00 01 78 ; publish t y
      p< connack 0
      p< closed
      s< publish t x
      s> pingreq
      s< pingresp`,
  },
  {
    name: 'a repeated QoS 2 id before its PUBREL is the same message [MQTT3-4.3.3-2]',
    lines: `
      s> connect ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      p> connect ; publish t x q2 #1 ; publish t x q2 #1 dup ; pubrel #1 ; pubrel #1 ; publish t y q2 #1
      p< connack 0
      p< pubrec #1
      p< pubrec #1
      p< pubcomp #1
      p< pubcomp #1
      p< pubrec #1
      s< publish t x
      s< publish t y`,
  },
  {
    name: 'PUBREL of an unknown id is answered',
    lines: `
      p> connect ; pubrel #9
      p< connack 0
      p< pubcomp #9`,
  },
  {
    name: 'PUBREC of an unknown id is answered so that the client can complete; PUBACK and PUBCOMP are passed over',
    lines: `
      p> connect ; pubrec #9 ; puback #8 ; pubcomp #7 ; pingreq
      p< connack 0
      p< pubrel #9
      p< pingresp`,
  },
  ...(
    [
      ['puback', 2, ''],
      ['pubrec', 1, ''],
      ['pubcomp', 2, ''],
      ['pubcomp', 1, ''],
      ['puback', 2, 'pubrec #1'],
    ] as const
  ).map(([ack, qos, before]) => ({
    name: `${ack} ends the connection when it does not fit QoS ${qos}${before === '' ? '' : ` after ${before}`}`,
    lines: `
      s> connect ; subscribe #1 t:2 ; publish t x q${qos} #4
      s< connack 0
      s< suback #1 2
      s< publish t x q${qos} #1
      s< ${qos === 1 ? 'puback' : 'pubrec'} #4
      ${before === '' ? '' : `s> ${before}\ns< pubrel #1`}
      s> ${ack} #1
      s< closed
      reason s broker.unexpected_ack`,
  })),
  {
    name: 'PUBREC sent twice gets PUBREL twice',
    lines: `
      s> connect clean=0 ; subscribe #1 t:2 ; publish t x q2 #4
      s< connack 0
      s< suback #1 2
      s< publish t x q2 #1
      s< pubrec #4
      s> pubrec #1 ; pubrec #1
      s< pubrel #1
      s< pubrel #1`,
  },
  {
    name: 'an id is not used again while it is in flight, and never 0 [MQTT3-2.3.1-1, 2.3.1-4]',
    limits: { maxInflight: 65_535 },
    lines: `
      s> connect ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      p> connect ; publish t first q1 #1
      p< connack 0
      p< puback #1
      s< publish t first q1 #1
      ${Array.from({ length: 3 }, (_, i) => `p> publish t x q1 #1\np< puback #1\ns< publish t x q1 #${i + 2}\ns> puback #${i + 2}`).join('\n')}`,
  },
  {
    name: 'the window bounds what is in flight; QoS 0 goes on',
    limits: { maxInflight: 1 },
    lines: `
      s> connect ; subscribe #1 t:2
      s< connack 0
      s< suback #1 2
      p> connect ; publish t a q1 #1 ; publish t b q2 #2 ; publish t c ; publish t d q1 #3
      p< connack 0
      p< puback #1
      p< pubrec #2
      p< puback #3
      s< publish t a q1 #1
      s< publish t c
      s> puback #1
      s< publish t b q2 #2
      s> pubrec #2
      s< pubrel #2
      s< nothing
      s> pubcomp #2
      s< publish t d q1 #3`,
  },
  {
    name: 'payloads from nothing to large arrive whole',
    lines: `
      s> connect ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      p> connect ; publish t "" ; publish t 5000*a ; publish t 70000*b ; publish t 300000*c q1 #1 ; publish t 20000*d q1 #2
      p< connack 0
      p< puback #1
      p< puback #2
      s< publish t ""
      s< publish t 5000*a
      s< publish t 70000*b
      s< publish t 300000*c q1 #1
      s< publish t 20000*d q1 #2`,
  },
  {
    name: 'a large message waits for a lasting session and comes again',
    lines: `
      s> connect clean=0 ; subscribe #1 t:2
      s< connack 0
      s< suback #1 2
      p> connect ; publish t 300000*c q2 #1
      p< connack 0
      p< pubrec #1
      s< publish t 300000*c q2 #1
      kill
      s> connect clean=0
      s< connack 0 present
      s< publish t 300000*c q2 #1 dup`,
  },
]

describe('PUBLISH', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))

  test('the hub cannot publish to a topic that fits into no packet', async () => {
    const { broker } = await createStage()
    const cause = { id: 'c', parent: null, kind: 'rule', who: 'r', depth: 0, byRule: true } as const
    const publish = (topic: string) => broker.publish({ topic, payload: 'x', cause })
    expect(() => publish('a'.repeat(65_536))).toThrow('a topic of more than 65535 bytes fits into no packet')
    expect(() => publish('ä'.repeat(32_768))).toThrow('a topic of more than 65535 bytes fits into no packet')
    expect(() => publish(`a${'ä'.repeat(32_767)}`)).not.toThrow()
  })
})
