import { watch, type ConformanceCase } from './case.ts'

/** Item, what is wrong, bytes in hex of a connected 3.1.1 client, statements. */
type Row = readonly [item: number, what: string, bytes: string, ...statements: string[]]

const rows: readonly Row[] = [
  [10, 'a second CONNECT', '10 0d 00 04 4d 51 54 54 04 02 00 00 00 01 61', 'MQTT3-3.1.0-2'],
  [48, 'a reserved flag on PINGREQ', 'c1 00', 'MQTT3-2.2.2-1', 'MQTT3-2.2.2-2'],
  [48, 'a reserved flag on DISCONNECT', 'e1 00', 'MQTT3-3.14.1-1'],
  [48, 'PUBREL without its flag', '60 02 00 01', 'MQTT3-3.6.1-1'],
  [48, 'SUBSCRIBE without its flag', '80 06 00 01 00 01 74 00', 'MQTT3-3.8.1-1'],
  [48, 'UNSUBSCRIBE without its flag', 'a0 05 00 01 00 01 74', 'MQTT3-3.10.1-1'],
  [48, 'a reason behind PUBACK', '40 03 00 01 00', 'MQTT3 3.4.2'],
  [49, 'a surrogate in a topic', '30 06 00 03 ed a0 80 78', 'MQTT3-1.5.3-1'],
  [49, 'U+0000 in a topic', '30 05 00 02 74 00 78', 'MQTT3-1.5.3-2', 'MQTT3-4.7.3-2'],
  [50, 'packet id 0', '32 06 00 01 74 00 00 78', 'MQTT3-2.3.1-1'],
  [50, 'SUBSCRIBE without a filter', '82 02 00 01', 'MQTT3-3.8.3-3'],
  [50, 'reserved subscription options', '82 06 00 01 00 01 74 04', 'MQTT3-3.8.3-4'],
  [50, 'a subscription of QoS 3', '82 06 00 01 00 01 74 03', 'MQTT3-3.8.3-4'],
  [50, 'UNSUBSCRIBE without a filter', 'a2 02 00 01', 'MQTT3-3.10.3-2'],
  [50, 'an empty filter', '82 05 00 01 00 00 00', 'MQTT3-4.7.3-1'],
  [50, 'a message of QoS 3', '36 06 00 01 74 00 01 78', 'MQTT3-3.3.1-4'],
  [50, 'a wildcard in a topic', '30 04 00 01 23 78', 'MQTT3-3.3.2-2', 'MQTT3-4.7.1-1'],
  [51, 'a packet that only a broker sends', 'd0 00', 'MQTT3-4.8.0-1'],
  [51, 'AUTH', 'f0 00', 'MQTT3 2.2.1'],
]

/** What is different for clients of 3.1.1 and 3.1, whose standard has sections and no numbers. */
export const beforeFive: readonly ConformanceCase[] = [
  ...rows.map(([item, name, bytes, ...statements]) => ({
    item,
    name: `${name} closes a connection of 3.1.1 without a word`,
    statements,
    lines: `
      a> connect
      a< connack 0
      a> raw ${bytes}
      a< closed`,
  })),
  {
    item: 1,
    name: 'a clean session of 3.1.1 forgets the one before it and leaves nothing',
    statements: ['MQTT3-3.1.2-6', 'MQTT3-3.2.2-1', 'MQTT3-3.2.2-2', 'MQTT3-3.2.2-3'],
    lines: `
      a> connect clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      a drops
      a> connect clean=0
      a< connack 0 present
      a drops
      a> connect clean=1
      a< connack 0
      hub> publish t x
      a< nothing
      a drops
      counts sessions=0`,
  },
  {
    item: 19,
    name: 'DISCONNECT of 3.1.1 deletes the will; a broken connection sends it',
    statements: ['MQTT3-3.14.4-3', 'MQTT3-3.1.2-8', 'MQTT3-3.1.2-10', 'MQTT3-3.1.2-17'],
    lines: `${watch('will')}
      a> connect will=will:one ; disconnect
      a< connack 0
      a< closed
      w< nothing
      a> connect will=will:two will_qos=1 will_retain
      a< connack 0
      a drops
      w< publish will two q1 #1
      counts retained=1`,
  },
  {
    item: 11,
    name: 'the old connection of 3.1.1 is closed at a takeover',
    statements: ['MQTT3-3.1.4-2'],
    lines: `
      old> connect id=x clean=0
      old< connack 0
      new> connect id=x clean=0
      old< closed
      new< connack 0 present`,
  },
  {
    item: 9,
    name: 'MQTT 3.1 comes as MQIsdp at level 3, and at no other',
    statements: ['MQTT31 3.1', 'MQTT31 3.2'],
    lines: `
      a opens
      a> raw 10 0f 00 06 4d 51 49 73 64 70 03 02 00 00 00 01 61
      a<< 20 02 00 00
      a> raw c0 00
      a<< d0 00
      b opens
      b> raw 10 0f 00 06 4d 51 49 73 64 70 04 02 00 00 00 01 62
      b<< 20 02 00 01
      b< closed`,
  },
  {
    item: 1,
    name: 'CONNACK of 3.1 has no session present',
    statements: ['MQTT31 3.2'],
    lines: `
      a> connect level=3 clean=0 ; subscribe #1 t:1
      a< connack 0
      a< suback #1 1
      a drops
      hub> publish t kept q1
      a> connect level=3 clean=0
      a< connack 0
      a< publish t kept q1 #1`,
  },
  {
    item: 7,
    name: 'MQTT 3.1 has no empty client id, clean or not',
    statements: ['MQTT31 3.1'],
    lines: `
      a> connect id= level=3 clean=1
      a< connack 2
      a< closed`,
  },
  {
    item: 36,
    name: 'a client of 3.1 may repeat a message on one connection; it counts once',
    statements: ['MQTT31 4.1', 'MQTT31 4.2'],
    lines: `${watch('t')}
      a> connect level=3 ; publish t x q2 #1 ; publish t x q2 #1 dup ; publish t x q2 #1 dup ; pubrel #1
      a< connack 0
      a< pubrec #1
      a< pubrec #1
      a< pubrec #1
      a< pubcomp #1
      w< publish t x q2 #1`,
  },
  {
    item: 34,
    name: 'what a client of 3.1 did not acknowledge comes again with DUP after a reconnect',
    statements: ['MQTT31 4.1'],
    lines: `
      a> connect level=3 clean=0 ; subscribe #1 t:2
      a< connack 0
      a< suback #1 2
      hub> publish t 1 q1
      hub> publish t 2 q2
      a< publish t 1 q1 #1
      a< publish t 2 q2 #2
      a> pubrec #2
      a< pubrel #2
      a drops
      a> connect level=3 clean=0
      a< connack 0
      a< publish t 1 q1 #1 dup
      a< pubrel #2`,
  },
  {
    item: 13,
    name: 'keep alive and will of 3.1',
    statements: ['MQTT31 3.1'],
    lines: `${watch('will')}
      a> connect level=3 keep=10 will=will:gone will_qos=2
      a< connack 0
      wait 15
      a< closed
      w< publish will gone q2 #1`,
  },
]
