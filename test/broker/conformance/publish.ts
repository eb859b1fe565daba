import type { ConformanceCase } from './case.ts'

const SUBSCRIBER = `
  s> connect level=5 ; subscribe #1 t:2
  s< welcome
  s< suback #1 2`
const many = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, i) => line(i + 1))

/** PUBLISH, its acknowledgements and flow control. */
export const publishCases: readonly ConformanceCase[] = [
  {
    item: 34,
    name: 'after a reconnect, and only then, what was in flight comes again: same id, DUP, PUBREL where it was released',
    statements: ['MQTT5-3.3.1-1', 'MQTT5-4.4.0-1'],
    lines: `
      s> connect level=5 sessionExpiry=60 ; subscribe #1 t:2
      s< welcome
      s< suback #1 2
      hub> publish t 1 q1
      hub> publish t 2 q2
      hub> publish t 3 q2
      s< publish t 1 q1 #1
      s< publish t 2 q2 #2
      s< publish t 3 q2 #3
      s> pubrec #2
      s< pubrel #2
      wait 1000
      s< nothing
      s drops
      s> connect level=5 clean=0 sessionExpiry=60
      s< welcome present
      s< publish t 1 q1 #1 dup
      s< pubrel #2
      s< publish t 3 q2 #3 dup
      s> puback #1 ; pubcomp #2 ; pubrec #3
      s< pubrel #3`,
  },
  {
    item: 35,
    name: 'DUP of the publisher does not reach the subscriber',
    statements: ['MQTT5-3.3.1-3'],
    lines: `${SUBSCRIBER}
      p> connect level=5 ; publish t x q1 #1 dup
      p< welcome
      p< puback #1
      s< publish t x q1 #1`,
  },
  {
    item: 35,
    name: 'QoS 0 with DUP is malformed',
    statements: ['MQTT5-3.3.1-2'],
    lines: `
      p> connect level=5 ; raw 38 05 00 01 74 00 78
      p< welcome
      p< disconnect r81
      p< closed`,
  },
  {
    item: 36,
    name: 'QoS 2: the same id before PUBREL is the same message, also over a reconnect and kill -9',
    statements: ['MQTT5-4.3.3-8', 'MQTT5-4.3.3-10', 'MQTT5-4.3.3-11', 'MQTT5-4.3.3-12'],
    lines: `
      hub> subscribe t
      p> connect level=5 sessionExpiry=60 ; publish t x q2 #1 ; publish t x q2 #1 dup
      p< welcome
      p< pubrec #1
      p< pubrec #1
      hub< t x q2 from p
      p drops
      p> connect level=5 clean=0 sessionExpiry=60 ; publish t x q2 #1 dup
      p< welcome present
      p< pubrec #1
      kill
      hub> subscribe t
      p> connect level=5 clean=0 sessionExpiry=60 ; publish t x q2 #1 dup ; pubrel #1 ; publish t y q2 #1
      p< welcome present
      p< pubrec #1
      p< pubcomp #1
      p< pubrec #1
      hub< t y q2 from p`,
  },
  {
    item: 36,
    name: 'PUBREL and PUBREC for an id that is not known say so',
    statements: ['MQTT5-4.3.3-4', 'MQTT5-4.3.3-11', 'MQTT5 3.6.2.1', 'MQTT5 3.7.2.1'],
    lines: `
      p> connect level=5 ; pubrel #7 ; pubrec #8
      p< welcome
      p< pubcomp #7 r92
      p< pubrel #8 r92`,
  },
  {
    item: 37,
    name: 'a reason of 0x80 and above ends the exchange and frees its place',
    statements: ['MQTT5-4.4.0-2', 'MQTT5-4.9.0-2', 'MQTT5-3.3.4-9'],
    lines: `
      s> connect level=5 receiveMaximum=1 sessionExpiry=60 ; subscribe #1 t:2
      s< welcome
      s< suback #1 2
      hub> publish t 1 q2
      hub> publish t 2 q1
      hub> publish t 3 q1
      s< publish t 1 q2 #1
      s> pubrec #1 r80
      s< publish t 2 q1 #2
      s> puback #2 r97
      s< publish t 3 q1 #3
      s drops
      s> connect level=5 clean=0
      s< welcome present
      s< publish t 3 q1 #3 dup
      s< nothing`,
  },
  {
    item: 38,
    name: 'packet ids of the broker are not 0 and not in use',
    statements: ['MQTT5-2.2.1-4'],
    lines: `${SUBSCRIBER}
      ${many(3, n => `hub> publish t ${n} q1\ns< publish t ${n} q1 #${n}`).join('\n')}
      s> puback #2
      hub> publish t 4 q1
      s< publish t 4 q1 #4`,
  },
  {
    item: 39,
    name: "the client's Receive Maximum holds QoS 1 and 2 back, and nothing else; also when it resumes",
    statements: ['MQTT5-3.3.4-9', 'MQTT5-3.3.4-10'],
    lines: `
      s> connect level=5 receiveMaximum=2 sessionExpiry=60 ; subscribe #1 t:2
      s< welcome
      s< suback #1 2
      hub> publish t 1 q1
      hub> publish t 2 q2
      hub> publish t 3 q1
      hub> publish t 4
      s< publish t 1 q1 #1
      s< publish t 2 q2 #2
      s< publish t 4
      s> pingreq ; pubrec #2
      s< pingresp
      s< pubrel #2
      s< nothing
      s drops
      s> connect level=5 clean=0 receiveMaximum=1 sessionExpiry=60
      s< welcome present
      s< publish t 1 q1 #1 dup
      s< nothing
      s> puback #1
      s< pubrel #2
      s> pubcomp #2
      s< publish t 3 q1 #3`,
  },
  {
    item: 40,
    name: 'a client that has more under way than it may is sent away',
    statements: ['MQTT5-3.3.4-7', 'MQTT5 3.3.4'],
    lines: `
      p> connect level=5 ; ${many(20, n => `publish t x q2 #${n}`).join(' ; ')}
      p< welcome
      ${many(20, n => `p< pubrec #${n}`).join('\n')}
      p> publish t x q2 #21
      p< disconnect r93
      p< closed
      q> connect level=5 ; ${many(20, n => `publish t x q2 #${n}`).join(' ; ')}
      q< welcome
      ${many(20, n => `q< pubrec #${n}`).join('\n')}
      q> pubrel #3 ; publish t x
      q< pubcomp #3
      q> publish t x q2 #21
      q< pubrec #21`,
  },
  {
    item: 40,
    name: 'so is one that sends more at once than could have been acknowledged; one that waits is not',
    statements: ['MQTT5-3.3.4-7'],
    lines: `
      p> connect level=5 ; ${many(21, n => `publish t x q1 #${n}`).join(' ; ')}
      p< welcome
      ${many(20, n => `p< puback #${n} r10`).join('\n')}
      p< disconnect r93
      p< closed
      q> connect level=5
      q< welcome
      ${many(3, () => `q> ${many(20, n => `publish t x q1 #${n}`).join(' ; ')}\n${many(20, n => `q< puback #${n} r10`).join('\n')}`).join('\n')}`,
  },
  {
    item: 41,
    name: 'the order of a topic holds over window, queue and reconnect',
    statements: ['MQTT5-4.6.0-5', 'MQTT5-4.6.0-6'],
    lines: `
      s> connect level=5 receiveMaximum=1 sessionExpiry=60 ; subscribe #1 t:1
      s< welcome
      s< suback #1 1
      hub> publish t 1 q1
      hub> publish t 2 q1
      s< publish t 1 q1 #1
      s drops
      hub> publish t 3 q1
      s> connect level=5 clean=0 receiveMaximum=10 sessionExpiry=60
      s< welcome present
      s< publish t 1 q1 #1 dup
      s< publish t 2 q1 #2
      s< publish t 3 q1 #3
      hub> publish t 4 q1
      s< publish t 4 q1 #4`,
  },
  {
    item: 42,
    name: 'copies expire in the queue, the rest of the interval is sent on, and what is in flight stays',
    statements: ['MQTT5-3.3.2-5', 'MQTT5-3.3.2-6', 'MQTT5-4.3.3-7'],
    lines: `
      s> connect level=5 sessionExpiry=1000 receiveMaximum=1 ; subscribe #1 t:1
      s< welcome
      s< suback #1 1
      p> connect level=5 ; publish t flying q1 #1 messageExpiry=10 ; publish t short q1 #2 messageExpiry=10 ; publish t long q1 #3 messageExpiry=100
      p< welcome
      p< puback #1
      p< puback #2
      p< puback #3
      s< publish t flying q1 #1 messageExpiry=10
      s drops
      wait 40
      s> connect level=5 clean=0 sessionExpiry=1000
      s< welcome present
      s< publish t flying q1 #1 dup messageExpiry=0
      s< publish t long q1 #2 messageExpiry=60`,
  },
  {
    item: 42,
    name: 'retained messages expire, too, and send on what is left',
    statements: ['MQTT5-3.3.2-5', 'MQTT5-3.3.2-6'],
    lines: `
      p> connect level=5 ; publish t x retain messageExpiry=10
      p< welcome
      wait 4
      s> connect level=5 ; subscribe #1 t:1
      s< welcome
      s< suback #1 1
      s< publish t x retain messageExpiry=6
      wait 6
      s> subscribe #2 t:1
      s< suback #2 1
      s< nothing`,
  },
  {
    item: 43,
    name: 'an empty retained message is delivered, deletes what was kept and is not kept itself',
    statements: ['MQTT5-3.3.1-6', 'MQTT5-3.3.1-7'],
    lines: `
      hub> publish t kept retain
      s> connect level=5 ; subscribe #1 t:0:rap
      s< welcome
      s< suback #1 0
      s< publish t kept retain
      hub> publish t "" retain
      s< publish t "" retain
      counts retained=0
      s> subscribe #2 t:0
      s< suback #2 0
      s< nothing`,
  },
  {
    item: 44,
    name: "a message larger than the client's Maximum Packet Size is done for that client, and for no other",
    statements: ['MQTT5-3.1.2-24', 'MQTT5-3.1.2-25'],
    lines: `${SUBSCRIBER}
      a> connect level=5 maximumPacketSize=30 receiveMaximum=1 sessionExpiry=60 ; subscribe #1 t:2
      a< welcome
      a< suback #1 2
      hub> publish t 20*x q1
      hub> publish t 50*x q1
      hub> publish t 50*x
      hub> publish t last q2
      s< publish t xxxxxxxxxxxxxxxxxxxx q1 #1
      s< publish t 50*x q1 #2
      s< publish t 50*x
      s< publish t last q2 #3
      a< publish t xxxxxxxxxxxxxxxxxxxx q1 #1
      a> puback #1
      a< publish t last q2 #3
      counts dropped=2`,
  },
  {
    item: 44,
    name: 'a reason in words is left out where it does not fit, and where it is not asked for',
    statements: ['MQTT5-3.2.2-19', 'MQTT5-3.14.2-3', 'MQTT5-3.1.2-29'],
    limits: { reasonStrings: true },
    lines: `
      a> connect level=5 ; raw 36 00
      a< welcome
      a< disconnect r81 reasonString=the message has QoS 3
      b> connect level=5 maximumPacketSize=20 ; raw 36 00
      b< welcome
      b< disconnect r81
      c> connect level=5 requestProblemInformation=0 ; raw 36 00
      c< welcome
      c< disconnect r81
      d> connect level=5 maximumPacketSize=20 authenticationMethod=unheard-of
      d< connack 8c
      e> connect level=5 authenticationMethod=unheard-of
      e< connack 8c reasonString=this way to log in is not offered here`,
  },
  {
    item: 45,
    name: 'aliases of the client stand for their topics as long as the connection lives',
    statements: ['MQTT5-3.3.2-7', 'MQTT5-3.3.2-12'],
    lines: `
      s> connect level=5 ; subscribe #1 +:0
      s< welcome
      s< suback #1 0
      p> connect level=5 ; publish t 1 topicAlias=10 ; publish - 2 topicAlias=10 contentType=text ; publish u 3 topicAlias=10 ; publish - 4 topicAlias=10
      p< welcome
      s< publish t 1
      s< publish t 2 contentType=text
      s< publish u 3
      s< publish u 4
      p> connect level=5 ; publish - 5 topicAlias=10
      p< welcome
      p< disconnect r82
      p< closed`,
  },
  ...[0, 11].map(alias => ({
    item: 45,
    name: `the topic alias ${alias} is refused`,
    statements: ['MQTT5-3.3.2-8', 'MQTT5-3.3.2-9', 'MQTT5-3.2.2-17'],
    lines: `
      p> connect level=5 ; publish t x topicAlias=${alias}
      p< welcome
      p< disconnect r94
      p< closed`,
  })),
  {
    item: 45,
    name: 'the client gets aliases up to its maximum, and messages without one after that',
    statements: ['MQTT5-3.3.2-11', 'MQTT5-3.1.2-26', 'MQTT5-3.1.2-27'],
    lines: `
      s> connect level=5 topicAliasMaximum=1 ; subscribe #1 #:1 subscriptionId=5
      s< welcome
      s< suback #1 1
      p> connect level=5 ; publish t 1 contentType=text ; publish t 2 contentType=text ; publish u 3 ; publish t 4 q1 #1
      p< welcome
      p< puback #1
      s< publish t 1 contentType=text subscriptionIds=5 topicAlias=1
      s< publish - 2 contentType=text subscriptionIds=5 topicAlias=1
      s< publish u 3 subscriptionIds=5
      s< publish - 4 q1 #1 subscriptionIds=5 topicAlias=1
      s drops
      s> connect level=5 topicAliasMaximum=20 ; subscribe #1 #:0
      s< welcome
      s< suback #1 0
      ${many(11, n => `hub> publish t/${n} x\ns< publish t/${n} x${n <= 10 ? ` topicAlias=${n}` : ''}`).join('\n')}`,
  },
  {
    item: 46,
    name: 'user properties, response topic, correlation data, content type and payload format arrive unaltered',
    statements: [
      'MQTT5-3.3.2-4',
      'MQTT5-3.3.2-15',
      'MQTT5-3.3.2-16',
      'MQTT5-3.3.2-17',
      'MQTT5-3.3.2-18',
      'MQTT5-3.3.2-20',
    ],
    lines: `
      s> connect level=5 sessionExpiry=60 ; subscribe #1 t:1
      s< welcome
      s< suback #1 1
      p> connect level=5 ; publish t x q1 #1 payloadFormat=1 contentType=a/b responseTopic=r/1 correlationData=c userProperties=k:v,a:b,k:v
      p< welcome
      p< puback #1
      s< publish t x q1 #1 payloadFormat=1 contentType=a/b responseTopic=r/1 correlationData=c userProperties=k:v,a:b,k:v
      kill
      s> connect level=5 clean=0
      s< welcome present
      s< publish t x q1 #1 dup payloadFormat=1 contentType=a/b responseTopic=r/1 correlationData=c userProperties=k:v,a:b,k:v`,
  },
  {
    item: 46,
    name: 'a client of 3.1.1 gets the message without them',
    statements: ['MQTT3 3.3.2'],
    lines: `
      s> connect ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      p> connect level=5 ; publish t x q1 #1 userProperties=k:v messageExpiry=5
      p< welcome
      p< puback #1
      s< publish t x q1 #1`,
  },
]
