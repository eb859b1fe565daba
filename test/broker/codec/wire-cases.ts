import type { FilterRequest, Packet, PublishPacket, Version } from '../../../server/broker/codec/index.ts'

/** One packet and its bytes, in the notation of wire.ts. */
export interface WireCase {
  readonly name: string
  readonly version: Version
  readonly from: 'client' | 'server'
  readonly wire: string
  readonly packet: Packet
  /** The bytes are legal, but `encode` writes shorter ones. */
  readonly isLonger?: boolean
}

const bytes = (text: string): Buffer => Buffer.from(text)

const connect = {
  type: 'connect',
  clean: true,
  keepAlive: 10,
  clientId: 'p',
  will: null,
  username: null,
  password: null,
  properties: null,
} as const

function publish(fields: Partial<PublishPacket>): PublishPacket {
  return {
    type: 'publish',
    topic: 'topic',
    payload: bytes('payload'),
    qos: 0,
    dup: false,
    retain: false,
    packetId: 0,
    properties: null,
    ...fields,
  }
}

function request(fields: Partial<FilterRequest>): FilterRequest {
  return { filter: 'p', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0, ...fields }
}

const connects: WireCase[] = [
  {
    name: 'CONNECT of MQTT 3.1',
    version: 3,
    from: 'client',
    wire: "10 [ 'MQIsdp' 03 02 000a 'p' ]",
    packet: { ...connect, version: 3 },
  },
  {
    name: 'CONNECT of MQTT 3.1 whose user name is announced and left out',
    version: 3,
    from: 'client',
    wire: "10 [ 'MQIsdp' 03 c2 000a 'p' ]",
    packet: { ...connect, version: 3 },
    isLonger: true,
  },
  {
    name: 'CONNECT of MQTT 3.1 with a QoS in the fixed header',
    version: 3,
    from: 'client',
    wire: "14 [ 'MQIsdp' 03 02 000a 'p' ]",
    packet: { ...connect, version: 3 },
    isLonger: true,
  },
  {
    name: 'CONNECT of MQTT 3.1.1 with a will, a user name and a password with U+0000',
    version: 4,
    from: 'client',
    wire: "10 [ 'MQTT' 04 ee 003c 'c' 'gone/c' 0003 \"bye\" 'u' 0003 700070 ]",
    packet: {
      ...connect,
      version: 4,
      keepAlive: 60,
      clientId: 'c',
      will: { topic: 'gone/c', payload: bytes('bye'), qos: 1, retain: true, properties: null },
      username: 'u',
      password: Buffer.of(0x70, 0, 0x70),
    },
  },
  {
    name: 'CONNECT of MQTT 3.1.1 without a client id, with an empty user name',
    version: 4,
    from: 'client',
    wire: "10 [ 'MQTT' 04 82 0000 '' '' ]",
    packet: { ...connect, version: 4, keepAlive: 0, clientId: '', username: '' },
  },
  {
    name: 'CONNECT of MQTT 5.0 with every property',
    version: 5,
    from: 'client',
    wire:
      "10 [ 'MQTT' 05 46 000a" +
      " ( 11 ffffffff 15 'm' 16 0001 64 17 00 19 01 22 000a 27 0000ffff 21 0014 26 'k' 'v' 26 'k' 'w' )" +
      " 'p' ( 01 01 02 00000005 03 'text/plain' 08 'answer' 09 0002 0102 18 00000007 26 '' '' ) 'w' 0000" +
      ' 0001 78 ]',
    packet: {
      ...connect,
      version: 5,
      password: bytes('x'),
      will: {
        topic: 'w',
        payload: Buffer.alloc(0),
        qos: 0,
        retain: false,
        properties: {
          payloadFormat: 1,
          messageExpiry: 5,
          contentType: 'text/plain',
          responseTopic: 'answer',
          correlationData: Buffer.of(1, 2),
          willDelay: 7,
          userProperties: [['', '']],
        },
      },
      properties: {
        sessionExpiry: 0xffffffff,
        authenticationMethod: 'm',
        authenticationData: bytes('d'),
        requestProblemInformation: 0,
        requestResponseInformation: 1,
        receiveMaximum: 20,
        topicAliasMaximum: 10,
        userProperties: [
          ['k', 'v'],
          ['k', 'w'],
        ],
        maximumPacketSize: 0xffff,
      },
    },
  },
]

const connacks: WireCase[] = [
  {
    name: 'CONNACK of MQTT 3.1.1 with a session',
    version: 4,
    from: 'server',
    wire: '20 [ 01 00 ]',
    packet: { type: 'connack', sessionPresent: true, reason: 0, properties: null },
  },
  {
    name: 'CONNACK of MQTT 3.1.1 that refuses',
    version: 4,
    from: 'server',
    wire: '20 [ 00 05 ]',
    packet: { type: 'connack', sessionPresent: false, reason: 5, properties: null },
  },
  {
    name: 'CONNACK of MQTT 5.0 that refuses',
    version: 5,
    from: 'server',
    wire: '20 [ 00 84 ( ) ]',
    packet: { type: 'connack', sessionPresent: false, reason: 0x84, properties: null },
  },
  {
    name: 'CONNACK of MQTT 5.0 with every property',
    version: 5,
    from: 'server',
    wire:
      "20 [ 00 00 ( 11 00000000 12 'auto' 13 003c 15 'm' 16 0000 1a 'i' 1c 's' 1f 'r' 22 000a 27 001e8480 21 0014 24 01 25 00" +
      " 26 'a' 'b' 28 01 29 01 2a 00 ) ]",
    packet: {
      type: 'connack',
      sessionPresent: false,
      reason: 0,
      properties: {
        sessionExpiry: 0,
        assignedClientId: 'auto',
        serverKeepAlive: 60,
        authenticationMethod: 'm',
        authenticationData: Buffer.alloc(0),
        responseInformation: 'i',
        serverReference: 's',
        reasonString: 'r',
        receiveMaximum: 20,
        topicAliasMaximum: 10,
        maximumQos: 1,
        retainAvailable: 0,
        userProperties: [['a', 'b']],
        maximumPacketSize: 2_000_000,
        wildcardAvailable: 1,
        subscriptionIdsAvailable: 1,
        sharedAvailable: 0,
      },
    },
  },
]

const publishes: WireCase[] = [
  {
    name: 'PUBLISH of QoS 0',
    version: 4,
    from: 'client',
    wire: '30 [ \'topic\' "payload" ]',
    packet: publish({}),
  },
  {
    name: 'PUBLISH, retained, without payload',
    version: 4,
    from: 'client',
    wire: "31 [ 'topic' ]",
    packet: publish({ payload: Buffer.alloc(0), retain: true }),
  },
  {
    name: 'PUBLISH of QoS 1, sent again',
    version: 4,
    from: 'client',
    wire: '3a [ \'topic\' 1234 "payload" ]',
    packet: publish({ qos: 1, dup: true, packetId: 0x1234 }),
  },
  {
    name: 'PUBLISH of QoS 2, retained, with the highest packet id',
    version: 4,
    from: 'server',
    wire: '35 [ \'topic\' ffff "payload" ]',
    packet: publish({ qos: 2, retain: true, packetId: 0xffff }),
  },
  {
    name: 'PUBLISH of QoS 0 marked as sent again, which MQTT 3.1 leaves open',
    version: 3,
    from: 'client',
    wire: '38 [ \'topic\' "payload" ]',
    packet: publish({ dup: true }),
  },
  {
    name: 'PUBLISH with a topic beyond the basic plane and a byte order mark',
    version: 4,
    from: 'client',
    wire: '30 [ 0008 41f0aa9b94 efbbbf ]',
    packet: publish({ topic: 'A\u{2a6d4}\ufeff', payload: Buffer.alloc(0) }),
  },
  {
    name: 'PUBLISH with a remaining length of two bytes',
    version: 4,
    from: 'client',
    wire: `30 [ 'topic' "${'x'.repeat(200)}" ]`,
    packet: publish({ payload: bytes('x'.repeat(200)) }),
  },
  {
    name: 'PUBLISH of MQTT 5.0 without properties',
    version: 5,
    from: 'client',
    wire: '32 [ \'topic\' 0001 ( ) "payload" ]',
    packet: publish({ qos: 1, packetId: 1 }),
  },
  {
    name: 'PUBLISH of MQTT 5.0 with every property of a client',
    version: 5,
    from: 'client',
    wire:
      "30 [ 'topic' ( 01 00 02 ffffffff 03 '' 08 'answer' 09 0000 23 0001 26 'b' '2' 26 'a' '1' 26 'b' '2' )" +
      ' "payload" ]',
    packet: publish({
      properties: {
        payloadFormat: 0,
        messageExpiry: 0xffffffff,
        contentType: '',
        responseTopic: 'answer',
        correlationData: Buffer.alloc(0),
        topicAlias: 1,
        userProperties: [
          ['b', '2'],
          ['a', '1'],
          ['b', '2'],
        ],
      },
    }),
  },
  {
    name: 'PUBLISH of MQTT 5.0 with a topic alias in place of the topic',
    version: 5,
    from: 'client',
    wire: "30 [ '' ( 23 ffff ) ]",
    packet: publish({ topic: '', payload: Buffer.alloc(0), properties: { topicAlias: 0xffff } }),
  },
  {
    name: 'PUBLISH of MQTT 5.0 from the broker with subscription ids',
    version: 5,
    from: 'server',
    wire: "30 [ 'topic' ( 0b 01 0b 8001 0b ffffff7f ) ]",
    packet: publish({ payload: Buffer.alloc(0), properties: { subscriptionIds: [1, 128, 268_435_455] } }),
  },
]

const acknowledgements: WireCase[] = (
  [
    ['puback', '40', 0x10],
    ['pubrec', '50', 0x97],
    ['pubrel', '62', 0x92],
    ['pubcomp', '70', 0x92],
  ] as const
).flatMap(([type, first, reason]): WireCase[] => [
  {
    name: `${type} of MQTT 3.1.1`,
    version: 4,
    from: 'client',
    wire: `${first} [ 1234 ]`,
    packet: { type, packetId: 0x1234, reason: 0, properties: null },
  },
  {
    name: `${type} of MQTT 5.0 in two bytes`,
    version: 5,
    from: 'server',
    wire: `${first} [ 0001 ]`,
    packet: { type, packetId: 1, reason: 0, properties: null },
  },
  {
    name: `${type} of MQTT 5.0 with a reason that could be left out`,
    version: 5,
    from: 'client',
    wire: `${first} [ 0001 00 ]`,
    packet: { type, packetId: 1, reason: 0, properties: null },
    isLonger: true,
  },
  {
    name: `${type} of MQTT 5.0 with a reason`,
    version: 5,
    from: 'client',
    wire: `${first} [ 0001 ${reason.toString(16)} ]`,
    packet: { type, packetId: 1, reason, properties: null },
  },
  {
    name: `${type} of MQTT 5.0 with a reason and an empty property section`,
    version: 5,
    from: 'client',
    wire: `${first} [ 0001 ${reason.toString(16)} ( ) ]`,
    packet: { type, packetId: 1, reason, properties: null },
    isLonger: true,
  },
  {
    name: `${type} of MQTT 5.0 with properties`,
    version: 5,
    from: 'client',
    wire: `${first} [ 0001 00 ( 1f 'why' 26 'k' 'v' ) ]`,
    packet: { type, packetId: 1, reason: 0, properties: { reasonString: 'why', userProperties: [['k', 'v']] } },
  },
])

const subscriptions: WireCase[] = [
  {
    name: 'SUBSCRIBE of MQTT 3.1.1 with three filters',
    version: 4,
    from: 'client',
    wire: "82 [ 1234 '#' 00 'a/+' 01 '$SYS/#' 02 ]",
    packet: {
      type: 'subscribe',
      packetId: 0x1234,
      requests: [request({ filter: '#' }), request({ filter: 'a/+', qos: 1 }), request({ filter: '$SYS/#', qos: 2 })],
      properties: null,
    },
  },
  {
    name: 'SUBSCRIBE of MQTT 3.1 sent again',
    version: 3,
    from: 'client',
    wire: "8a [ 0001 'p' 00 ]",
    packet: { type: 'subscribe', packetId: 1, requests: [request({})], properties: null },
    isLonger: true,
  },
  {
    name: 'SUBSCRIBE of MQTT 5.0 with every option and property',
    version: 5,
    from: 'client',
    wire: "82 [ 0001 ( 0b ffff7f 26 'k' 'v' ) 'p' 2e '$share/g/p' 18 ]",
    packet: {
      type: 'subscribe',
      packetId: 1,
      requests: [
        request({ qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 }),
        request({ filter: '$share/g/p', retainAsPublished: true, retainHandling: 1 }),
      ],
      properties: { subscriptionId: 2_097_151, userProperties: [['k', 'v']] },
    },
  },
  {
    name: 'SUBACK of MQTT 3.1.1',
    version: 4,
    from: 'server',
    wire: '90 [ 1234 00 02 80 ]',
    packet: { type: 'suback', packetId: 0x1234, reasons: [0, 2, 0x80], properties: null },
  },
  {
    name: 'SUBACK of MQTT 5.0',
    version: 5,
    from: 'server',
    wire: "90 [ 1234 ( 1f 'no' ) 87 01 ]",
    packet: { type: 'suback', packetId: 0x1234, reasons: [0x87, 1], properties: { reasonString: 'no' } },
  },
  {
    name: 'UNSUBSCRIBE of MQTT 3.1.1',
    version: 4,
    from: 'client',
    wire: "a2 [ 0001 'p' 'q/#' ]",
    packet: { type: 'unsubscribe', packetId: 1, filters: ['p', 'q/#'], properties: null },
  },
  {
    name: 'UNSUBSCRIBE of MQTT 5.0',
    version: 5,
    from: 'client',
    wire: "a2 [ 0001 ( 26 'k' 'v' ) 'p' ]",
    packet: { type: 'unsubscribe', packetId: 1, filters: ['p'], properties: { userProperties: [['k', 'v']] } },
  },
  {
    name: 'UNSUBACK of MQTT 3.1.1',
    version: 4,
    from: 'server',
    wire: 'b0 [ 0001 ]',
    packet: { type: 'unsuback', packetId: 1, reasons: [], properties: null },
  },
  {
    name: 'UNSUBACK of MQTT 5.0',
    version: 5,
    from: 'server',
    wire: 'b0 [ 0001 ( ) 00 11 ]',
    packet: { type: 'unsuback', packetId: 1, reasons: [0, 0x11], properties: null },
  },
]

const others: WireCase[] = [
  { name: 'PINGREQ', version: 4, from: 'client', wire: 'c0 [ ]', packet: { type: 'pingreq' } },
  { name: 'PINGRESP', version: 5, from: 'server', wire: 'd0 [ ]', packet: { type: 'pingresp' } },
  {
    name: 'DISCONNECT of MQTT 3.1.1',
    version: 4,
    from: 'client',
    wire: 'e0 [ ]',
    packet: { type: 'disconnect', reason: 0, properties: null },
  },
  {
    name: 'DISCONNECT of MQTT 5.0 with will',
    version: 5,
    from: 'client',
    wire: 'e0 [ 04 ]',
    packet: { type: 'disconnect', reason: 4, properties: null },
  },
  {
    name: 'DISCONNECT of MQTT 5.0 with properties',
    version: 5,
    from: 'server',
    wire: "e0 [ 9d ( 11 00000001 1c 'there' 1f 'moved' ) ]",
    packet: {
      type: 'disconnect',
      reason: 0x9d,
      properties: { sessionExpiry: 1, serverReference: 'there', reasonString: 'moved' },
    },
  },
  {
    name: 'AUTH without anything',
    version: 5,
    from: 'client',
    wire: 'f0 [ ]',
    packet: { type: 'auth', reason: 0, properties: null },
  },
  {
    name: 'AUTH that goes on',
    version: 5,
    from: 'server',
    wire: "f0 [ 18 ( 15 'm' 16 0002 0001 1f 'more' ) ]",
    packet: {
      type: 'auth',
      reason: 0x18,
      properties: { authenticationMethod: 'm', authenticationData: Buffer.of(0, 1), reasonString: 'more' },
    },
  },
]

export const wireCases: readonly WireCase[] = [
  ...connects,
  ...connacks,
  ...publishes,
  ...acknowledgements,
  ...subscriptions,
  ...others,
]
