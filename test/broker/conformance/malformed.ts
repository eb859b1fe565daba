import type { ConformanceCase } from './case.ts'

/** Item, what is wrong, bytes in hex, the reason of the DISCONNECT in hex, statements. */
type Row = readonly [item: number, what: string, bytes: string, reason: string, ...statements: string[]]

/** What a connected 5.0 client sends. */
const rows: readonly Row[] = [
  [47, 'a property that does not exist', '30 07 00 01 74 02 04 01 78', '81', 'MQTT5 2.2.2.2', 'MQTT5-4.13.1-1'],
  [47, 'a property of another packet', '30 08 00 01 74 03 13 00 05 78', '82', 'MQTT5 2.2.2.2', 'MQTT5-4.13.1-1'],
  [47, 'a property twice', '30 09 00 01 74 04 01 01 01 01 78', '82', 'MQTT5 3.3.2.3.2', 'MQTT5-4.13.1-1'],
  [47, 'a value out of range', '30 07 00 01 74 02 01 02 78', '82', 'MQTT5 3.3.2.3.2', 'MQTT5-4.13.1-1'],
  [47, 'a property cut short', '30 06 00 01 74 01 02 78', '81', 'MQTT5 2.2.2.1', 'MQTT5-4.13.1-1'],
  [47, 'a property length beyond the packet', '30 05 00 01 74 09 78', '81', 'MQTT5 2.2.2.1', 'MQTT5-4.13.1-1'],
  [48, 'a reserved flag on PUBACK', '41 02 00 01', '81', 'MQTT5-2.1.3-1'],
  [48, 'a reserved flag on PUBREC', '58 02 00 01', '81', 'MQTT5-2.1.3-1'],
  [48, 'a reserved flag on PUBCOMP', '72 02 00 01', '81', 'MQTT5-2.1.3-1'],
  [48, 'a reserved flag on PINGREQ', 'c1 00', '81', 'MQTT5-2.1.3-1'],
  [48, 'a reserved flag on DISCONNECT', 'e2 00', '81', 'MQTT5-3.14.1-1'],
  [48, 'a reserved flag on AUTH', 'f1 00', '81', 'MQTT5-3.15.1-1'],
  [48, 'PUBREL without its flag', '60 02 00 01', '81', 'MQTT5-3.6.1-1'],
  [48, 'SUBSCRIBE without its flag', '80 07 00 01 00 00 01 74 00', '81', 'MQTT5-3.8.1-1'],
  [48, 'UNSUBSCRIBE without its flag', 'a0 06 00 01 00 00 01 74', '81', 'MQTT5-3.10.1-1'],
  [48, 'bytes behind PINGREQ', 'c0 01 00', '81', 'MQTT5 2.1.4'],
  [48, 'a PUBACK cut short', '40 01 00', '81', 'MQTT5 2.1.4'],
  [48, 'bytes behind PUBACK', '40 05 00 01 00 00 00', '81', 'MQTT5 2.1.4'],
  [48, 'bytes behind DISCONNECT', 'e0 03 00 00 00', '81', 'MQTT5 2.1.4'],
  [48, 'a filter cut short', '82 06 00 01 00 00 05 74', '81', 'MQTT5 2.1.4'],
  [49, 'a surrogate in a topic', '30 07 00 03 ed a0 80 00 78', '81', 'MQTT5-1.5.4-1'],
  [49, 'an overlong sequence in a topic', '30 06 00 02 c0 af 00 78', '81', 'MQTT5-1.5.4-1'],
  [49, 'U+0000 in a topic', '30 06 00 02 74 00 00 78', '81', 'MQTT5-1.5.4-2', 'MQTT5-4.7.3-2'],
  [49, 'U+0000 in a filter', '82 08 00 01 00 00 02 74 00 00', '81', 'MQTT5-1.5.4-2', 'MQTT5-4.7.3-2'],
  [49, 'a surrogate in a user property', '30 0c 00 01 74 07 26 00 00 00 02 ed a0 78', '81', 'MQTT5-1.5.7-1'],
  [50, 'packet id 0 on PUBLISH', '32 06 00 01 74 00 00 00', '82', 'MQTT5-2.2.1-3'],
  [50, 'packet id 0 on SUBSCRIBE', '82 07 00 00 00 00 01 74 00', '81', 'MQTT5-2.2.1-3'],
  [50, 'packet id 0 on UNSUBSCRIBE', 'a2 06 00 00 00 00 01 74', '81', 'MQTT5-2.2.1-3'],
  [50, 'packet id 0 on PUBACK', '40 02 00 00', '82', 'MQTT5-2.2.1-5'],
  [50, 'SUBSCRIBE without a filter', '82 03 00 01 00', '81', 'MQTT5-3.8.3-2'],
  [50, 'UNSUBSCRIBE without a filter', 'a2 03 00 01 00', '81', 'MQTT5-3.10.3-2'],
  [50, 'reserved subscription options', '82 07 00 01 00 00 01 74 40', '81', 'MQTT5-3.8.3-5'],
  [50, 'a subscription of QoS 3', '82 07 00 01 00 00 01 74 03', '81', 'MQTT5 3.8.3.1'],
  [50, 'a Retain Handling of 3', '82 07 00 01 00 00 01 74 30', '81', 'MQTT5 3.8.3.1'],
  [50, 'a message of QoS 3', '36 06 00 01 74 00 01 00', '81', 'MQTT5-3.3.1-4'],
  [50, 'a wildcard in a topic', '30 06 00 01 23 00 78 78', '81', 'MQTT5-3.3.2-2', 'MQTT5-4.7.0-1'],
  [50, 'a wildcard in a Response Topic', '30 09 00 01 74 04 08 00 01 2b 78', '81', 'MQTT5-3.3.2-14'],
  [51, 'CONNACK', '20 03 00 00 00', '82', 'MQTT5 2.1.2'],
  [51, 'SUBACK', '90 04 00 01 00 00', '82', 'MQTT5 2.1.2'],
  [51, 'UNSUBACK', 'b0 04 00 01 00 00', '82', 'MQTT5 2.1.2'],
  [51, 'PINGRESP', 'd0 00', '82', 'MQTT5 2.1.2'],
  [51, 'a packet type that does not exist', '00 00', '82', 'MQTT5 2.1.2'],
  [52, 'a remaining length of five bytes', '30 80 80 80 80 01', '81', 'MQTT5 1.5.5'],
  [52, 'a remaining length that is not the shortest', '30 85 00 00 01 74 00 78', '81', 'MQTT5-1.5.5-1'],
  [52, 'a property id that is not the shortest', '30 08 00 01 74 03 81 00 01 78', '81', 'MQTT5-1.5.5-1'],
  [52, 'a size beyond the maximum, by its first bytes', '30 81 89 7a', '95', 'MQTT5-3.2.2-15'],
  [54, 'a subscription identifier in PUBLISH', '30 07 00 01 74 02 0b 01 78', '82', 'MQTT5-3.3.4-6'],
  [54, 'the subscription identifier 0', '82 09 00 01 02 0b 00 00 01 74 00', '81', 'MQTT5 3.8.2.1.2'],
]

/** Bytes that are no MQTT: the connection ends and is told why. */
export const malformedCases: readonly ConformanceCase[] = [
  ...rows.map(([item, name, bytes, reason, ...statements]) => ({
    item,
    name,
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
