import type { ConformanceCase } from './case.ts'

interface Malformed {
  readonly item: number
  readonly what: string
  readonly statements: readonly string[]
  /** What a connected 5.0 client sends, in hex. */
  readonly bytes: string
  /** Reason code of the DISCONNECT, in hex. */
  readonly reason: string
}

const rows: readonly Malformed[] = [
  ...[
    { what: 'a property that does not exist', bytes: '30 07 00 01 74 02 04 01 78', reason: '81' },
    { what: 'a property of another packet', bytes: '30 08 00 01 74 03 13 00 05 78', reason: '82' },
    { what: 'a property twice', bytes: '30 09 00 01 74 04 01 01 01 01 78', reason: '82' },
    { what: 'a value out of range', bytes: '30 07 00 01 74 02 01 02 78', reason: '82' },
    { what: 'a property cut short', bytes: '30 06 00 01 74 01 02 78', reason: '81' },
    { what: 'a property length beyond the packet', bytes: '30 05 00 01 74 09 78', reason: '81' },
  ].map(row => ({ item: 47, statements: ['MQTT5-4.13.1-1', 'MQTT5 2.2.2.2'], ...row })),
  ...[
    { what: 'a reserved flag on PINGREQ', bytes: 'c1 00', reason: '81' },
    { what: 'bytes behind PINGREQ', bytes: 'c0 01 00', reason: '81' },
    { what: 'a reserved flag on PUBACK', bytes: '41 02 00 01', reason: '81' },
    { what: 'PUBREL without its flag', bytes: '60 02 00 01', reason: '81' },
    { what: 'SUBSCRIBE without its flag', bytes: '80 07 00 01 00 00 01 74 00', reason: '81' },
    { what: 'a PUBACK cut short', bytes: '40 01 00', reason: '81' },
    { what: 'bytes behind PUBACK', bytes: '40 05 00 01 00 00 00', reason: '81' },
  ].map(row => ({ item: 48, statements: ['MQTT5-2.1.3-1', 'MQTT5-3.6.1-1', 'MQTT5-3.8.1-1'], ...row })),
  ...[
    { what: 'a surrogate in a topic', bytes: '30 07 00 03 ed a0 80 00 78', reason: '81' },
    { what: 'U+0000 in a topic', bytes: '30 06 00 02 74 00 00 78', reason: '81' },
    { what: 'an overlong sequence in a topic', bytes: '30 06 00 02 c0 af 00 78', reason: '81' },
    { what: 'U+0000 in a filter', bytes: '82 08 00 01 00 00 02 74 00 00', reason: '81' },
  ].map(row => ({ item: 49, statements: ['MQTT5-1.5.4-1', 'MQTT5-1.5.4-2'], ...row })),
  ...[
    { what: 'packet id 0 on PUBLISH', bytes: '32 06 00 01 74 00 00 00', reason: '82' },
    { what: 'packet id 0 on SUBSCRIBE', bytes: '82 07 00 00 00 00 01 74 00', reason: '81' },
    { what: 'SUBSCRIBE without a filter', bytes: '82 03 00 01 00', reason: '81' },
    { what: 'UNSUBSCRIBE without a filter', bytes: 'a2 03 00 01 00', reason: '81' },
    { what: 'reserved subscription options', bytes: '82 07 00 01 00 00 01 74 40', reason: '81' },
    { what: 'a subscription of QoS 3', bytes: '82 07 00 01 00 00 01 74 03', reason: '81' },
    { what: 'a message of QoS 3', bytes: '36 06 00 01 74 00 01 00', reason: '81' },
  ].map(row => ({
    item: 50,
    statements: ['MQTT5-2.2.1-3', 'MQTT5-3.8.3-2', 'MQTT5-3.8.3-5', 'MQTT5-3.10.3-2', 'MQTT5-3.3.1-4'],
    ...row,
  })),
  ...[
    { what: 'CONNACK', bytes: '20 03 00 00 00', reason: '82' },
    { what: 'SUBACK', bytes: '90 04 00 01 00 00', reason: '82' },
    { what: 'UNSUBACK', bytes: 'b0 04 00 01 00 00', reason: '82' },
    { what: 'PINGRESP', bytes: 'd0 00', reason: '82' },
    { what: 'a packet type that does not exist', bytes: '00 00', reason: '82' },
  ].map(row => ({ item: 51, statements: ['MQTT5 2.1.2'], ...row })),
  ...[
    { what: 'a remaining length of five bytes', bytes: '30 80 80 80 80 01', reason: '81' },
    { what: 'a remaining length that is not the shortest', bytes: '30 85 00 00 01 74 00 78', reason: '81' },
    { what: 'a property id that is not the shortest', bytes: '30 08 00 01 74 03 81 00 01 78', reason: '81' },
    { what: 'a size beyond the maximum, by its first bytes', bytes: '30 81 89 7a', reason: '95' },
  ].map(row => ({ item: 52, statements: ['MQTT5-1.5.5-1', 'MQTT5-3.2.2-15'], ...row })),
  ...[
    { what: 'a subscription identifier in PUBLISH', bytes: '30 07 00 01 74 02 0b 01 78', reason: '82' },
    { what: 'the subscription identifier 0', bytes: '82 09 00 01 02 0b 00 00 01 74 00', reason: '81' },
  ].map(row => ({ item: 54, statements: ['MQTT5-3.3.4-6', 'MQTT5 3.8.2.1.2'], ...row })),
]

/** Bytes that are no MQTT: the connection ends and is told why. */
export const malformedCases: readonly ConformanceCase[] = [
  ...rows.map(({ item, what, statements, bytes, reason }) => ({
    item,
    name: what,
    statements,
    lines: `
      a> connect level=5
      a< welcome
      a> raw ${bytes}
      a< disconnect r${reason}
      a< closed
      counts connections=0`,
  })),
  {
    item: 47,
    name: 'properties that do not belong into CONNECT',
    statements: ['MQTT5-3.1.4-1', 'MQTT5-4.13.1-1'],
    lines: `
      a opens
      a> raw 10 10 00 04 4d 51 54 54 05 02 00 0a 02 24 01 00 01 70
      a<< 20 03 00 82 00
      a< closed`,
  },
  {
    item: 49,
    name: 'a byte order mark is part of the topic',
    statements: ['MQTT5-1.5.4-3'],
    lines: `
      a> connect level=5 ; raw 82 0a 00 01 00 00 04 ef bb bf 74 00
      a< welcome
      a< suback #1 0
      hub> publish t plain
      hub> publish \uFEFFt marked
      a< publish \uFEFFt marked`,
  },
  {
    item: 52,
    name: 'nobody waits for the rest of a packet that cannot be',
    statements: ['MQTT5-4.13.1-1'],
    lines: `
      a> connect
      a< connack 0
      a> raw f0
      a< closed
      b> connect level=5
      b< welcome
      b> raw 20
      b< disconnect r82
      b< closed`,
  },
  {
    item: 53,
    name: 'a connection that ends before its CONNACK is told by CONNACK, one that stands by DISCONNECT',
    statements: ['MQTT5 4.13.2', 'MQTT5-3.14.0-1', 'MQTT5-4.13.2-1'],
    lines: `
      a opens
      a> raw 10 0f 00 04 4d 51 54 54 05 02 00 0a 01 11 00 01 70
      a<< 20 03 00 81 00
      a< closed
      b> connect level=5 ; raw 82 00
      b< welcome
      b< disconnect r81
      b< closed
      c> connect ; raw 82 00
      c< connack 0
      c< closed`,
  },
]
