import { watch, type ConformanceCase } from './case.ts'

/** SUBSCRIBE, UNSUBSCRIBE and who gets a message. */
export const subscribeCases: readonly ConformanceCase[] = [
  {
    item: 22,
    name: 'overlapping subscriptions: one copy, at the highest QoS, with all identifiers',
    statements: ['MQTT5-3.3.4-2', 'MQTT5-3.3.4-3', 'MQTT5-3.3.4-4', 'MQTT3-3.3.5-1'],
    lines: `
      s> connect level=5 ; subscribe #1 a/+:0 subscriptionId=1 ; subscribe #2 a/b:2 subscriptionId=200 ; subscribe #3 #:1
      s< welcome
      s< suback #1 0
      s< suback #2 2
      s< suback #3 1
      t> connect ; subscribe #1 a/+:0 a/b:2
      t< connack 0
      t< suback #1 0 2
      hub> publish a/b x q2
      s< publish a/b x q2 #1 subscriptionIds=200,1
      t< publish a/b x q2 #1`,
  },
  {
    item: 23,
    name: 'the QoS is the lower one of both, also for retained messages by wildcard',
    statements: ['MQTT5-3.8.4-8'],
    lines: `
      hub> publish r/2 x q2 retain
      hub> publish r/0 x retain
      s> connect level=5 ; subscribe #1 r/+:1
      s< welcome
      s< suback #1 1
      s< publish r/0 x retain
      s< publish r/2 x q1 #1 retain
      hub> publish r/1 y q2
      s< publish r/1 y q1 #2`,
  },
  {
    item: 24,
    name: 'a subscription on the same filter takes the place of the old one, loses nothing and resends retained',
    statements: ['MQTT5-3.8.4-3', 'MQTT5-3.8.4-4'],
    lines: `
      hub> publish t kept retain
      s> connect level=5 ; subscribe #1 t:0 subscriptionId=1
      s< welcome
      s< suback #1 0
      s< publish t kept retain subscriptionIds=1
      p> connect level=5 ; publish t before
      p< welcome
      s> subscribe #2 t:1 subscriptionId=2
      s< publish t before subscriptionIds=1
      s< suback #2 1
      s< publish t kept retain subscriptionIds=2
      hub> publish t after q1
      s< publish t after q1 #1 subscriptionIds=2
      counts subscriptions=1`,
  },
  {
    item: 25,
    name: 'Retain Handling 0 always sends retained messages, 1 only to a new subscription, 2 never',
    statements: ['MQTT5-3.3.1-9', 'MQTT5-3.3.1-10', 'MQTT5-3.3.1-11'],
    lines: `
      hub> publish t kept retain
      s> connect level=5 ; subscribe #1 t:0:rh1 ; subscribe #2 t:0:rh1 ; subscribe #3 t:0:rh0 ; subscribe #4 t:0:rh2 ; subscribe #5 +:0:rh2
      s< welcome
      s< suback #1 0
      s< publish t kept retain
      s< suback #2 0
      s< suback #3 0
      s< publish t kept retain
      s< suback #4 0
      s< suback #5 0`,
  },
  {
    item: 25,
    name: 'Retain As Published keeps RETAIN, also in the queue of a client that is away',
    statements: ['MQTT5-3.3.1-12', 'MQTT5-3.3.1-13'],
    lines: `
      s> connect level=5 sessionExpiry=60 ; subscribe #1 rap:1:rap no:1
      s< welcome
      s< suback #1 1 1
      hub> publish rap x retain
      hub> publish no x retain
      hub> publish rap y
      s< publish rap x retain
      s< publish no x
      s< publish rap y
      s drops
      hub> publish rap z q1 retain
      hub> publish no z q1 retain
      hub> publish rap u q1
      kill
      s> connect level=5 clean=0 sessionExpiry=60
      s< welcome present
      s< publish rap z q1 #1 retain
      s< publish no z q1 #2
      s< publish rap u q1 #3`,
  },
  {
    item: 26,
    name: 'retained messages carry the identifier of the subscription that asked for them',
    statements: ['MQTT5-3.3.4-3'],
    lines: `
      hub> publish t one q1 retain
      hub> publish u two retain
      s> connect level=5 ; subscribe #1 t:1 u:1 subscriptionId=268435455
      s< welcome
      s< suback #1 1 1
      s< publish u two retain subscriptionIds=268435455
      s< publish t one q1 #1 retain subscriptionIds=268435455`,
  },
  {
    item: 27,
    name: 'a session that is resumed does not get retained messages again',
    statements: ['MQTT5-3.3.1-9'],
    lines: `
      hub> publish t kept q1 retain
      s> connect level=5 sessionExpiry=60 ; subscribe #1 t:1
      s< welcome
      s< suback #1 1
      s< publish t kept q1 #1 retain
      s> puback #1 ; disconnect
      s< closed
      s> connect level=5 clean=0 sessionExpiry=60
      s< welcome present
      s< nothing`,
  },
  {
    item: 28,
    name: 'No Local keeps away what the client itself published, and nothing else',
    statements: ['MQTT5-3.8.3-3'],
    lines: `
      s> connect level=5 ; subscribe #1 t:1:nl ; subscribe #2 both:0:nl subscriptionId=1 ; subscribe #3 bo+/#:0 both/#:1 subscriptionId=2
      s< welcome
      s< suback #1 1
      s< suback #2 0
      s< disconnect r81
      s< closed
      s> connect level=5 ; subscribe #1 t:1:nl ; subscribe #2 both:0:nl subscriptionId=1 ; subscribe #3 both/#:1 subscriptionId=2
      s< welcome
      s< suback #1 1
      s< suback #2 0
      s< suback #3 1
      s> publish t own q1 #9 ; publish both own
      s< puback #9
      s< publish both own subscriptionIds=2
      o> connect level=5 ; publish t other ; publish both other
      o< welcome
      s< publish t other
      s< publish both other subscriptionIds=2,1`,
  },
  {
    item: 28,
    name: 'No Local on a shared subscription is a protocol error',
    statements: ['MQTT5-3.8.3-4'],
    lines: `
      s> connect level=5 ; subscribe #1 $share/g/t:0:nl
      s< welcome
      s< disconnect r82
      s< closed`,
  },
  ...[
    { filter: '$share/+/t', reason: '82' },
    { filter: '$share/a+/t', reason: '81' },
    { filter: '$share/#/t', reason: '81' },
    { filter: '$share/g', reason: '82' },
    { filter: '$share/g/', reason: '82' },
    { filter: '$share', reason: '82' },
  ].map(({ filter, reason }) => ({
    item: 29,
    name: `a share needs a name and a filter: ${filter}`,
    statements: ['MQTT5-4.8.2-1', 'MQTT5-4.8.2-2'],
    lines: `
      s> connect level=5 ; subscribe #1 ${filter}:0
      s< welcome
      s< disconnect r${reason}
      s< closed
      counts subscriptions=0`,
  })),
  {
    item: 29,
    name: 'the name of a share is not empty',
    statements: ['MQTT5-4.8.2-1'],
    lines: `
      s> connect level=5 ; raw 82 0f 00 01 00 00 09 24 73 68 61 72 65 2f 2f 74 00
      s< welcome
      s< disconnect r82
      s< closed`,
  },
  {
    item: 30,
    name: 'one member gets each message, in turn, at its granted QoS and with its identifier',
    statements: ['MQTT5-4.8.2-3', 'MQTT5 4.8.2'],
    lines: `
      a> connect level=5 ; subscribe #1 $share/g/t:1 subscriptionId=7
      a< welcome
      a< suback #1 1
      b> connect level=5 ; subscribe #1 $share/g/t:0 t:0
      b< welcome
      b< suback #1 0 0
      hub> publish t 1 q2
      hub> publish t 2 q2
      hub> publish t 3 q2
      a< publish t 1 q1 #1 subscriptionIds=7
      b< publish t 1
      b< publish t 2
      b< publish t 2
      a< publish t 3 q1 #2 subscriptionIds=7
      b< publish t 3`,
  },
  {
    item: 30,
    name: 'a message that its member refuses goes to nobody else',
    statements: ['MQTT5-4.8.2-6'],
    lines: `
      a> connect level=5 ; subscribe #1 $share/g/t:2
      a< welcome
      a< suback #1 2
      b> connect level=5 ; subscribe #1 $share/g/t:2
      b< welcome
      b< suback #1 2
      hub> publish t 1 q1
      hub> publish t 2 q2
      a< publish t 1 q1 #1
      b< publish t 2 q2 #1
      a> puback #1 r80
      b> pubrec #1 r97
      a< nothing
      b< nothing`,
  },
  {
    item: 30,
    name: 'what a member did not acknowledge before its session ended goes to another; QoS 2 that was sent does not',
    statements: ['MQTT5 4.8.2', 'MQTT5-4.8.2-4', 'MQTT5-4.8.2-5'],
    lines: `
      a> connect level=5 receiveMaximum=2 ; subscribe #1 $share/g/t:2
      a< welcome
      a< suback #1 2
      hub> publish t 1 q1
      hub> publish t 2 q2
      hub> publish t 3 q2
      a< publish t 1 q1 #1
      a< publish t 2 q2 #2
      b> connect level=5 ; subscribe #1 $share/g/t:2
      b< welcome
      b< suback #1 2
      a drops
      b< publish t 1 q1 #1
      b< publish t 3 q2 #2`,
  },
  {
    item: 30,
    name: 'a member that is away keeps what it was sent until its session ends; a member that is there comes first',
    statements: ['MQTT5-4.8.2-4', 'MQTT5 4.8.2'],
    lines: `
      a> connect level=5 sessionExpiry=60 ; subscribe #1 $share/g/t:1
      a< welcome
      a< suback #1 1
      hub> publish t 1 q1
      a< publish t 1 q1 #1
      a drops
      hub> publish t 2 q1
      b> connect level=5 ; subscribe #1 $share/g/t:1
      b< welcome
      b< suback #1 1
      hub> publish t 3 q1
      hub> publish t 4 q1
      b< publish t 3 q1 #1
      b< publish t 4 q1 #2
      b< nothing
      kill
      b> connect level=5 ; subscribe #1 $share/g/t:1
      b< welcome
      b< suback #1 1
      wait 59
      b< nothing
      wait 1
      b< publish t 1 q1 #1
      b< publish t 2 q1 #2`,
  },
  {
    item: 30,
    name: 'no retained messages follow a shared subscription',
    statements: ['MQTT5 4.8.2'],
    lines: `
      hub> publish t kept retain
      a> connect level=5 ; subscribe #1 $share/g/t:1
      a< welcome
      a< suback #1 1
      a< nothing`,
  },
  {
    item: 31,
    name: 'wildcards at the first level never match what begins with $; empty levels count',
    statements: ['MQTT5-4.7.1-1', 'MQTT5-4.7.1-2', 'MQTT5-4.7.2-1', 'MQTT5-4.7.3-4'],
    lines: `
      hub> publish $x/y hidden retain
      hub> publish a kept retain
      s> connect level=5 ; subscribe #1 +/y:0 ; subscribe #2 #:0:rh2 ; subscribe #3 $x/#:0 ; subscribe #4 a/#:0
      s< welcome
      s< suback #1 0
      s< suback #2 0
      s< suback #3 0
      s< publish $x/y hidden retain
      s< suback #4 0
      s< publish a kept retain
      t> connect level=5 ; subscribe #1 t/+:0 ; subscribe #2 /:0
      t< welcome
      t< suback #1 0
      t< suback #2 0
      hub> publish $x/y live
      hub> publish t/ x
      hub> publish / x
      s< publish $x/y live
      s< publish t/ x
      s< publish / x
      t< publish t/ x
      t< publish / x`,
  },
  {
    item: 32,
    name: 'UNSUBSCRIBE is always answered, and what is in flight completes',
    statements: [
      'MQTT5-3.10.4-1',
      'MQTT5-3.10.4-2',
      'MQTT5-3.10.4-3',
      'MQTT5-3.10.4-4',
      'MQTT5-3.10.4-5',
      'MQTT5-3.11.3-1',
    ],
    lines: `
      s> connect level=5 ; subscribe #1 t:2
      s< welcome
      s< suback #1 2
      hub> publish t x q2
      s< publish t x q2 #1
      s> unsubscribe #2 t other t
      s< unsuback #2 0 17 17
      hub> publish t y q2
      s> pubrec #1
      s< pubrel #1
      s> pubcomp #1
      s< nothing`,
  },
  {
    item: 46,
    name: 'a request is answered where and as it asks',
    statements: ['MQTT5 4.10.1', 'MQTT5-3.3.2-15', 'MQTT5-3.3.2-16'],
    lines: `
      asker> connect level=5 ; subscribe #1 answers/asker:1
      asker< welcome
      asker< suback #1 1
      responder> connect level=5 ; subscribe #1 requests/+:1
      responder< welcome
      responder< suback #1 1
      asker> publish requests/time now? q1 #2 responseTopic=answers/asker correlationData=7f
      asker< puback #2
      responder< publish requests/time now? q1 #1 responseTopic=answers/asker correlationData=7f
      responder> publish answers/asker noon q1 #2 correlationData=7f
      responder< puback #2
      asker< publish answers/asker noon q1 #1 correlationData=7f`,
  },
  {
    item: 33,
    name: 'the packets of one client take effect in order',
    statements: ['MQTT5-4.6.0-5'],
    lines: `
      s> connect level=5 ; publish t one retain ; subscribe #1 t:0 ; publish t two retain ; unsubscribe #2 t ; publish t three ; pingreq
      s< welcome
      s< suback #1 0
      s< publish t one retain
      s< publish t two
      s< unsuback #2 0
      s< pingresp`,
  },
  {
    item: 33,
    name: 'the filter that the profile refuses, and no other',
    statements: ['MQTT5-3.9.3-2', 'MQTT3-3.9.3-2'],
    lines: `${watch('test/#')}
      s> connect level=5 ; subscribe #1 test/nosubscribe:1 test/+:1
      s< welcome
      s< suback #1 80 1
      t> connect ; subscribe #1 test/nosubscribe:1
      t< connack 0
      t< suback #1 80`,
  },
]
