import type { ConformanceCase } from './case.ts'

/** What is wrong with a CONNECT, its bytes in hex, statements. */
type Row = readonly [what: string, bytes: string, ...statements: string[]]

const connects: readonly Row[] = [
  ['a reserved flag', '10 0e 00 04 4d 51 54 54 05 03 00 00 00 00 01 61', 'MQTT5-3.1.2-3'],
  ['no will where one is announced', '10 0e 00 04 4d 51 54 54 05 06 00 00 00 00 01 61', 'MQTT5-3.1.2-9'],
  ['a user name that is not announced', '10 11 00 04 4d 51 54 54 05 02 00 00 00 00 01 61 00 01 75', 'MQTT5-3.1.2-16'],
  ['no user name where one is announced', '10 0e 00 04 4d 51 54 54 05 82 00 00 00 00 01 61', 'MQTT5-3.1.2-17'],
  [
    'a password that is not announced',
    '10 14 00 04 4d 51 54 54 05 82 00 00 00 00 01 61 00 01 75 00 01 70',
    'MQTT5-3.1.2-18',
  ],
  ['no password where one is announced', '10 0e 00 04 4d 51 54 54 05 42 00 00 00 00 01 61', 'MQTT5-3.1.2-19'],
  ['no client id', '10 0b 00 04 4d 51 54 54 05 02 00 00 00', 'MQTT5-3.1.3-3'],
  ['a client id that is not UTF-8', '10 0e 00 04 4d 51 54 54 05 02 00 00 00 00 01 ff', 'MQTT5-3.1.3-4'],
  [
    'a will topic that is not UTF-8',
    '10 15 00 04 4d 51 54 54 05 06 00 00 00 00 01 61 00 00 01 ff 00 01 62',
    'MQTT5-3.1.3-11',
  ],
  ['a user name that is not UTF-8', '10 11 00 04 4d 51 54 54 05 82 00 00 00 00 01 61 00 01 ff', 'MQTT5-3.1.3-12'],
]

/** Statements of the standards that no item of the checklist names. */
export const furtherCases: readonly ConformanceCase[] = [
  ...connects.map(([what, bytes, ...statements]) => ({
    item: 55,
    name: `a CONNECT with ${what} is refused`,
    statements: [...statements, 'MQTT5-3.1.4-1'],
    lines: `
      a opens
      a> raw ${bytes}
      a<< 20 03 00 81 00
      a< closed`,
  })),
  {
    item: 55,
    name: 'what begins with no CONNECT, or with one of another protocol, gets no answer in MQTT',
    statements: ['MQTT5-3.1.0-1', 'MQTT5-3.1.2-1', 'MQTT3-3.1.0-1', 'MQTT3-3.1.2-1'],
    lines: `
      a opens
      a> raw c0 00
      a<<
      a< closed
      b opens
      b> raw 10 0d 00 04 4d 51 54 58 05 02 00 00 00 00 01 61
      b<<
      b< closed`,
  },
  {
    item: 55,
    name: 'client ids of 23 letters and digits are taken, and a session is found by its id alone',
    statements: ['MQTT5-3.1.3-2', 'MQTT5-3.1.3-5', 'MQTT5-3.1.4-4', 'MQTT5-3.1.4-5'],
    lines: `
      a> connect level=5 id=0123456789abcdefghiABCD sessionExpiry=60
      a< welcome
      a drops
      b> connect level=5 id=0123456789abcdefghiABCD clean=0
      b< welcome present
      c> connect level=5 id=0123456789abcdefghiabcd clean=0
      c< welcome`,
  },
  {
    item: 55,
    name: 'who is not known is refused and sent away, and what follows is not taken',
    statements: ['MQTT5-3.1.4-2', 'MQTT5-3.1.4-6', 'MQTT3-3.1.4-5', 'MQTT3-3.2.2-4', 'MQTT3-3.2.2-5'],
    permissions: { identify: () => ({ kind: 'refused', reason: 'bad_credentials' }) },
    lines: `
      a> connect level=5 ; publish t x retain
      a< connack 86
      a< closed
      b> connect ; publish t x retain
      b< connack 4
      b< closed
      counts retained=0 received=0`,
  },
  {
    item: 55,
    name: 'a highest QoS of 1 and no retained messages: told at CONNACK, held for wills and messages, not for subscriptions',
    statements: [
      ...['MQTT5-3.2.2-9', 'MQTT5-3.2.2-10', 'MQTT5-3.2.2-11', 'MQTT5-3.2.2-12', 'MQTT5-3.2.2-13', 'MQTT5-3.2.2-14'],
    ],
    limits: { maximumQos: 1, retainAvailable: false },
    lines: `
      a> connect level=5 ; subscribe #1 t:2 ; publish t x q2 #2
      a< welcome maximumQos=1 retainAvailable=0
      a< suback #1 1
      a< disconnect r9b
      a< closed
      b> connect level=5 ; publish t x retain
      b< welcome maximumQos=1 retainAvailable=0
      b< disconnect r9a
      b< closed
      c> connect level=5 will=w:x will_qos=2
      c< connack 9b
      c< closed
      d> connect level=5 will=w:x will_retain
      d< connack 9a
      d< closed`,
  },
  {
    item: 55,
    name: 'a retained message takes the place of the one before; one without RETAIN changes nothing',
    statements: ['MQTT5-3.3.1-5', 'MQTT5-3.3.1-8', 'MQTT3-3.3.1-5', 'MQTT3-3.3.1-12'],
    lines: `
      a> connect level=5 ; publish t old retain ; publish t new retain ; publish t passing ; publish u passing
      a< welcome
      counts retained=1
      s> connect level=5 ; subscribe #1 +:0
      s< welcome
      s< suback #1 0
      s< publish t new retain`,
  },
  {
    item: 55,
    name: 'a will without RETAIN is not kept',
    statements: ['MQTT5-3.1.2-14', 'MQTT3-3.1.2-16'],
    lines: `
      a> connect level=5 will=w:x
      a< welcome
      a drops
      b> connect will=w:x
      b< connack 0
      b drops
      counts retained=0`,
  },
  {
    item: 55,
    name: 'each packet gets its answer with its id, and codes in the order of the filters',
    statements: [
      ...['MQTT5-2.2.1-5', 'MQTT5-2.2.1-6', 'MQTT5-3.3.4-1', 'MQTT5-3.8.4-1', 'MQTT5-3.8.4-2', 'MQTT5-3.8.4-5'],
      ...['MQTT5-3.8.4-6', 'MQTT5-3.8.4-7', 'MQTT5-3.9.3-1', 'MQTT5-3.10.4-6', 'MQTT5-3.11.3-2', 'MQTT5-3.12.4-1'],
      ...['MQTT5-4.3.2-4', 'MQTT5-4.3.3-8'],
    ],
    lines: `
      a> connect level=5 ; subscribe #65535 a:2 test/nosubscribe:1 b:0 c:1 ; unsubscribe #7 x b ; publish n 0 ; publish n 1 q1 #8 ; publish n 2 q2 #9 ; pingreq
      a< welcome
      a< suback #65535 2 80 0 1
      a< unsuback #7 17 0
      a< puback #8 r10
      a< pubrec #9
      a< pingresp`,
  },
  {
    item: 55,
    name: 'an id is free again after PUBACK, whatever DUP says; expiry does not break a QoS 2 exchange off',
    statements: ['MQTT5-4.3.2-5', 'MQTT5-4.3.3-13', 'MQTT3-4.3.2-2'],
    lines: `
      s> connect level=5 receiveMaximum=2 ; subscribe #1 t:2
      s< welcome
      s< suback #1 2
      p> connect level=5 ; publish t 1 q1 #5 ; publish t 2 q1 #5 dup
      p< welcome
      p< puback #5
      p< puback #5
      s< publish t 1 q1 #1
      s< publish t 2 q1 #2
      p> publish t 3 q2 #5 messageExpiry=1
      p< pubrec #5
      wait 2
      p> pubrel #5
      p< pubcomp #5
      s> puback #1
      s< nothing`,
  },
  {
    item: 55,
    name: 'AUTH has no place where CONNECT named no method, and none is sent there',
    statements: ['MQTT5-4.12.0-6', 'MQTT5-4.12.0-7'],
    lines: `
      a> connect level=5
      a< welcome
      a> auth r19 authenticationMethod=SCRAM-SHA-256
      a< disconnect r82
      a< closed`,
  },
  {
    item: 55,
    name: 'after a DISCONNECT nothing more is said, and nothing more is heard',
    statements: ['MQTT5-3.14.4-1', 'MQTT5-3.14.4-2', 'MQTT5-3.14.2-2', 'MQTT3-3.14.4-1', 'MQTT3-3.14.4-2'],
    lines: `
      a> connect level=5 id=x sessionExpiry=60 ; subscribe #1 t:0
      a< welcome
      a< suback #1 0
      a> disconnect ; publish t x retain
      a< closed
      counts retained=0
      b> connect level=5 id=x sessionExpiry=60
      b< welcome
      c> connect level=5 id=x
      b< disconnect r8e
      b< closed
      c< welcome`,
  },
  {
    item: 55,
    name: 'what a subscriber waits for is part of its session, in 3.1.1 as in 5.0; retained messages are not',
    statements: ['MQTT5-4.5.0-1', 'MQTT3-4.5.0-1', 'MQTT3-3.1.2-7', 'MQTT5-4.1.0-1'],
    lines: `
      a> connect clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      b> connect level=5 sessionExpiry=60 ; subscribe #1 t:1
      b< welcome
      b< suback #1 1
      a drops
      b drops
      hub> publish t x q1
      hub> publish kept x retain
      a> connect clean=0
      a< connack 0 present
      a< publish t x q1 #1
      a drops
      a> connect clean=1
      a< connack 0
      b> connect level=5 clean=0
      b< welcome present
      b< publish t x q1 #1
      counts retained=1`,
  },
]
