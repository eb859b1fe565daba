import type { faults, Version } from '../../../server/broker/codec/index.ts'

/** Bytes that end a connection: who sends them, in which state, and the one fault they give. */
export interface FaultCase {
  readonly name: string
  /** `first`: on a new connection. */
  readonly version: Version | 'first'
  readonly from?: 'client' | 'server'
  readonly wire: string
  readonly fault: keyof typeof faults
  /** How many of the bytes are enough to know, where that is fewer than all. */
  readonly within?: number
}

const CONNECT4 = "10 [ 'MQTT' 04 02 000a 'p' ]"

const headers: FaultCase[] = [
  { name: 'PUBLISH before CONNECT', version: 'first', wire: "30 [ 't' ]", fault: 'expectedConnect', within: 1 },
  { name: 'PINGREQ before CONNECT', version: 'first', wire: 'c0 00', fault: 'expectedConnect', within: 1 },
  { name: 'packet type 0 before CONNECT', version: 'first', wire: '00 00', fault: 'unknownPacketType', within: 1 },
  { name: 'an HTTP request', version: 'first', wire: '"GET / HTTP/1.1"', fault: 'expectedConnect', within: 1 },
  { name: 'a TLS hello', version: 'first', wire: '16 03 01', fault: 'reservedFlags', within: 1 },
  { name: 'a second CONNECT', version: 'first', wire: `${CONNECT4} ${CONNECT4}`, fault: 'secondConnect', within: 16 },
  { name: 'packet type 0', version: 4, wire: '00 00', fault: 'unknownPacketType', within: 1 },
  { name: 'AUTH in 3.1.1', version: 4, wire: 'f0 00', fault: 'unknownPacketType', within: 1 },
  ...['20', '90', 'b0', 'd0'].map((first): FaultCase => {
    return { name: `${first} from a client`, version: 5, wire: `${first} 00`, fault: 'wrongDirection', within: 1 }
  }),
  ...['82', 'a2', 'c0'].map((first): FaultCase => {
    return {
      name: `${first} from a broker`,
      version: 5,
      from: 'server',
      wire: `${first} 00`,
      fault: 'wrongDirection',
      within: 1,
    }
  }),
  ...['41', '52', '60', '66', '6a', '71', '80', '83', '8a', 'a0', 'aa', 'c1', 'c8', 'e2', '91'].map(
    (first): FaultCase => {
      return { name: `flags of ${first}`, version: 4, wire: `${first} 00`, fault: 'reservedFlags', within: 1 }
    },
  ),
  { name: 'flags of SUBSCRIBE in 3.1', version: 3, wire: '83 00', fault: 'reservedFlags', within: 1 },
  { name: 'flags of CONNECT in 3.1.1', version: 'first', wire: "18 [ 'MQTT' 04 02 000a 'p' ]", fault: 'reservedFlags' },
  { name: 'QoS 3', version: 4, wire: "36 [ 't' 0001 ]", fault: 'publishQos', within: 1 },
  { name: 'DUP with QoS 0', version: 5, wire: "38 [ 't' ( ) ]", fault: 'dupWithoutQos', within: 1 },
]

const lengths: FaultCase[] = [
  { name: 'a remaining length of five bytes', version: 4, wire: '30 ffffffff7f', fault: 'malformedLength', within: 5 },
  { name: 'a first remaining length of five bytes', version: 'first', wire: '10 80808080', fault: 'malformedLength' },
  { name: 'a remaining length not in its shortest form', version: 4, wire: 'c0 8000', fault: 'malformedLength' },
  {
    name: 'a long remaining length not in its shortest form',
    version: 4,
    wire: '30 ffff8000',
    fault: 'malformedLength',
  },
  { name: 'PINGREQ with a body', version: 4, wire: 'c0 [ 00 ]', fault: 'trailingBytes' },
  { name: 'DISCONNECT of 3.1.1 with a body', version: 4, wire: 'e0 [ 00 ]', fault: 'trailingBytes' },
  { name: 'PUBACK of 3.1.1 with a reason', version: 4, wire: '40 [ 0001 00 ]', fault: 'trailingBytes' },
  { name: 'PUBREL behind its properties', version: 5, wire: '62 [ 0001 00 ( ) 00 ]', fault: 'trailingBytes' },
  {
    name: 'UNSUBACK of 3.1.1 with a reason',
    version: 4,
    from: 'server',
    wire: 'b0 [ 0001 00 ]',
    fault: 'trailingBytes',
  },
  {
    name: 'CONNECT behind its last field',
    version: 'first',
    wire: "10 [ 'MQTT' 04 02 000a 'p' 'u' ]",
    fault: 'trailingBytes',
  },
  { name: 'an empty PUBLISH', version: 4, wire: '30 [ ]', fault: 'truncated' },
  { name: 'a topic longer than its packet', version: 4, wire: '30 [ 0005 "top" ]', fault: 'truncated' },
  { name: 'QoS 1 without a packet id', version: 4, wire: "32 [ 'topic' 00 ]", fault: 'truncated' },
  { name: 'PUBLISH of 5.0 without a property length', version: 5, wire: "30 [ 'topic' ]", fault: 'truncated' },
  { name: 'an empty PUBREL', version: 5, wire: '62 [ ]', fault: 'truncated' },
  { name: 'PUBACK with half a packet id', version: 4, wire: '40 [ 01 ]', fault: 'truncated' },
  { name: 'an empty SUBSCRIBE', version: 4, wire: '82 [ ]', fault: 'truncated' },
  { name: 'a filter without options', version: 4, wire: "82 [ 0001 'p' ]", fault: 'truncated' },
  { name: 'SUBACK without a return code', version: 4, from: 'server', wire: '90 [ 0001 ]', fault: 'truncated' },
  { name: 'a properties length beyond its packet', version: 5, wire: '62 [ 0001 00 01 ]', fault: 'truncated' },
]

const connects: FaultCase[] = [
  { name: 'another protocol name', version: 'first', wire: "10 [ 'MQTU' 04 02 000a 'p' ]", fault: 'unknownProtocol' },
  { name: 'a shorter protocol name', version: 'first', wire: "10 [ 'MQT' 04 02 000a 'p' ]", fault: 'unknownProtocol' },
  { name: 'no protocol name', version: 'first', wire: "10 [ '' 04 02 000a 'p' ]", fault: 'unknownProtocol' },
  { name: 'level 6', version: 'first', wire: "10 [ 'MQTT' 06 02 000a 'p' ]", fault: 'laterVersion' },
  {
    name: 'level 3 under the new name',
    version: 'first',
    wire: "10 [ 'MQTT' 03 02 000a 'p' ]",
    fault: 'unsupportedVersion',
  },
  {
    name: 'level 4 under the old name',
    version: 'first',
    wire: "10 [ 'MQIsdp' 04 02 000a 'p' ]",
    fault: 'unsupportedVersion',
  },
  { name: 'a reserved connect flag', version: 'first', wire: "10 [ 'MQTT' 04 01 000a 'p' ]", fault: 'connectFlags' },
  { name: 'a will QoS without a will', version: 'first', wire: "10 [ 'MQTT' 04 0a 000a 'p' ]", fault: 'connectFlags' },
  {
    name: 'a will retain without a will',
    version: 'first',
    wire: "10 [ 'MQTT' 05 22 000a ( ) 'p' ]",
    fault: 'connectFlags',
  },
  {
    name: 'a password alone in 3.1.1',
    version: 'first',
    wire: "10 [ 'MQTT' 04 42 000a 'p' 'x' ]",
    fault: 'connectFlags',
  },
  { name: 'a will with QoS 3', version: 'first', wire: "10 [ 'MQTT' 04 1e 000a 'p' 'w' 'x' ]", fault: 'willQos' },
  { name: 'a will without its topic', version: 'first', wire: "10 [ 'MQTT' 04 06 000a 'p' 'w' ]", fault: 'truncated' },
  {
    name: 'a will to an empty topic',
    version: 'first',
    wire: "10 [ 'MQTT' 04 06 000a 'p' '' 'x' ]",
    fault: 'topicName',
  },
  {
    name: 'a will to a wildcard',
    version: 'first',
    wire: "10 [ 'MQTT' 04 06 000a 'p' 'w/+' 'x' ]",
    fault: 'topicName',
  },
  {
    name: 'a will that is answered to a wildcard',
    version: 'first',
    wire: "10 [ 'MQTT' 05 06 000a ( ) 'p' ( 08 '#' ) 'w' 'x' ]",
    fault: 'topicName',
  },
  {
    name: 'an announced user name that is missing',
    version: 'first',
    wire: "10 [ 'MQTT' 04 82 000a 'p' ]",
    fault: 'truncated',
  },
  {
    name: 'an announced password that is missing',
    version: 'first',
    wire: "10 [ 'MQTT' 04 c2 000a 'p' 'u' ]",
    fault: 'truncated',
  },
  { name: 'a CONNECT that ends early', version: 'first', wire: "10 07 'MQTT' 04 c2 003c 'x'", fault: 'truncated' },
  { name: 'CONNACK with a reserved flag', version: 4, from: 'server', wire: '20 [ 02 00 ]', fault: 'connackFlags' },
  {
    name: 'CONNACK that refuses with a session',
    version: 4,
    from: 'server',
    wire: '20 [ 01 05 ]',
    fault: 'connackFlags',
  },
  {
    name: 'CONNACK with a return code of no meaning',
    version: 4,
    from: 'server',
    wire: '20 [ 00 06 ]',
    fault: 'reasonCode',
  },
]

const texts: FaultCase[] = (
  [
    ['U+0000', '746f700000', 'controlCharacter'],
    ['U+0001', '746f700170', 'controlCharacter'],
    ['U+001F', '746f701f70', 'controlCharacter'],
    ['U+007F', '746f707f70', 'controlCharacter'],
    ['U+009F', '746fc29f70', 'controlCharacter'],
    ['a high surrogate', '746feda080', 'malformedString'],
    ['a low surrogate', '746fedbfbf', 'malformedString'],
    ['U+FFFE', '746fefbfbe', 'malformedString'],
    ['U+FDD0', '746fefb790', 'malformedString'],
    ['U+1FFFF', '74f09fbfbf', 'malformedString'],
    ['a character cut off', '746f70c3', 'malformedString'],
    ['a continuation byte alone', '746f70a0', 'malformedString'],
    ['a lead byte and no continuation', '746fc32f', 'malformedString'],
    ['an overlong slash in two bytes', '74c0af', 'malformedString'],
    ['an overlong slash in three bytes', '74e080af', 'malformedString'],
    ['an overlong slash in four bytes', '74f08080af', 'malformedString'],
    ['a character beyond U+10FFFF', '74f4908080', 'malformedString'],
    ['a byte that UTF-8 never has', '74ff', 'malformedString'],
  ] as const
).flatMap(([name, hex, fault]): FaultCase[] => {
  const field = `00 ${(hex.length / 2).toString(16).padStart(2, '0')} ${hex}`
  return [
    { name: `${name} in a topic`, version: 4, wire: `30 [ ${field} ]`, fault },
    { name: `${name} in a filter`, version: 4, wire: `82 [ 0001 ${field} 00 ]`, fault },
    { name: `${name} in a client id`, version: 'first', wire: `10 [ 'MQTT' 05 02 000a ( ) ${field} ]`, fault },
    { name: `${name} in a user property`, version: 5, wire: `30 [ 'topic' ( 26 'k' ${field} ) ]`, fault },
  ]
})

const contents: FaultCase[] = [
  { name: 'packet id 0 of PUBLISH', version: 4, wire: "32 [ 'topic' 0000 ]", fault: 'packetIdZero' },
  { name: 'packet id 0 of PUBREL', version: 5, wire: '62 [ 0000 ]', fault: 'packetIdZero' },
  { name: 'packet id 0 of SUBSCRIBE', version: 5, wire: "82 [ 0000 ( ) 'p' 00 ]", fault: 'requestIdZero' },
  { name: 'packet id 0 of UNSUBSCRIBE', version: 4, wire: "a2 [ 0000 'p' ]", fault: 'requestIdZero' },
  { name: 'a topic with +', version: 4, wire: "30 [ 'a/+/b' ]", fault: 'topicName' },
  { name: 'a topic with #', version: 5, wire: "30 [ '#' ( ) ]", fault: 'topicName' },
  { name: 'a topic of 129 levels', version: 4, wire: `30 [ '${'/'.repeat(128)}' ]`, fault: 'topicDepth' },
  { name: 'an empty topic', version: 4, wire: "30 [ '' ]", fault: 'topicMissing' },
  { name: 'an empty topic without an alias', version: 5, wire: "30 [ '' ( 02 00000001 ) ]", fault: 'topicMissing' },
  { name: 'topic alias 0', version: 5, wire: "30 [ 't' ( 23 0000 ) ]", fault: 'topicAlias' },
  { name: 'a response topic with a wildcard', version: 5, wire: "30 [ 't' ( 08 'a/#' ) ]", fault: 'topicName' },
  {
    name: 'a subscription id from a client',
    version: 5,
    wire: "30 [ 't' ( 0b 01 ) ]",
    fault: 'subscriptionIdFromClient',
  },
  { name: 'SUBSCRIBE without filters', version: 4, wire: '82 [ 0001 ]', fault: 'noFilters' },
  { name: 'UNSUBSCRIBE without filters', version: 5, wire: 'a2 [ 0001 ( ) ]', fault: 'noFilters' },
  { name: 'an empty filter', version: 4, wire: "82 [ 0001 'p' 00 '' 00 ]", fault: 'emptyFilter' },
  { name: 'an empty filter to unsubscribe', version: 4, wire: "a2 [ 0001 '' 'p' ]", fault: 'emptyFilter' },
  { name: 'a subscription of QoS 3', version: 4, wire: "82 [ 0001 'p' 03 ]", fault: 'subscriptionQos' },
  { name: 'options of 5.0 in 3.1.1', version: 4, wire: "82 [ 0001 'p' 04 ]", fault: 'subscriptionOptions' },
  { name: 'a reserved option', version: 5, wire: "82 [ 0001 ( ) 'p' 40 ]", fault: 'subscriptionOptions' },
  { name: 'retain handling 3', version: 5, wire: "82 [ 0001 ( ) 'p' 30 ]", fault: 'retainHandling' },
  {
    name: 'a shared subscription with No Local',
    version: 5,
    wire: "82 [ 0001 ( ) '$share/g/p' 04 ]",
    fault: 'sharedNoLocal',
  },
  { name: 'a reason of no meaning', version: 5, wire: '62 [ 0001 ff ]', fault: 'reasonCode' },
  { name: 'a reason of another packet', version: 5, wire: '40 [ 0001 92 ]', fault: 'reasonCode' },
  { name: 'AUTH with a reason of another packet', version: 5, wire: 'f0 [ 80 ]', fault: 'reasonCode' },
]

const propertyFaults: FaultCase[] = [
  { name: 'property 0', version: 5, wire: "30 [ 't' ( 00 01 ) ]", fault: 'unknownProperty' },
  { name: 'property 0x7F', version: 5, wire: '62 [ 0001 00 ( 7f 01 ) ]', fault: 'unknownProperty' },
  { name: 'a property id of two bytes', version: 5, wire: "30 [ 't' ( 8001 01 ) ]", fault: 'unknownProperty' },
  {
    name: 'a property id not in its shortest form',
    version: 5,
    wire: "30 [ 't' ( 8100 01 ) ]",
    fault: 'malformedLength',
  },
  { name: 'a property id of five bytes', version: 5, wire: "30 [ 't' ( 8080808001 01 ) ]", fault: 'malformedLength' },
  { name: 'a property of another packet', version: 5, wire: "30 [ 't' ( 11 00000001 ) ]", fault: 'misplacedProperty' },
  {
    name: 'a property of another packet in SUBSCRIBE',
    version: 5,
    wire: "82 [ 0001 ( 01 00 ) 'p' 00 ]",
    fault: 'requestProperty',
  },
  { name: 'a property of another packet, cut off', version: 5, wire: "30 [ 't' ( 11 ) 00000001 ]", fault: 'truncated' },
  {
    name: 'a property that ends beyond its section',
    version: 5,
    wire: "30 [ 't' ( 02 ) 00000001 ]",
    fault: 'truncated',
  },
  { name: 'half a user property', version: 5, wire: "e0 [ 00 ( 26 'k' ) ]", fault: 'truncated' },
  {
    name: 'a will property in CONNECT',
    version: 'first',
    wire: "10 [ 'MQTT' 05 02 000a ( 18 00000001 ) 'p' ]",
    fault: 'misplacedProperty',
  },
  { name: 'the same property twice', version: 5, wire: "30 [ 't' ( 03 'a' 03 'a' ) ]", fault: 'repeatedProperty' },
  {
    name: 'a subscription id twice',
    version: 5,
    wire: "82 [ 0001 ( 0b 01 0b 01 ) 'p' 00 ]",
    fault: 'repeatedProperty',
  },
  { name: 'subscription id 0', version: 5, wire: "82 [ 0001 ( 0b 00 ) 'p' 00 ]", fault: 'requestPropertyValue' },
  { name: 'payload format 2', version: 5, wire: "30 [ 't' ( 01 02 ) ]", fault: 'propertyValue' },
  {
    name: 'receive maximum 0',
    version: 'first',
    wire: "10 [ 'MQTT' 05 02 000a ( 21 0000 ) 'p' ]",
    fault: 'propertyValue',
  },
  {
    name: 'maximum packet size 0',
    version: 'first',
    wire: "10 [ 'MQTT' 05 02 000a ( 27 00000000 ) 'p' ]",
    fault: 'propertyValue',
  },
  {
    name: 'request problem information 2',
    version: 'first',
    wire: "10 [ 'MQTT' 05 02 000a ( 17 02 ) 'p' ]",
    fault: 'propertyValue',
  },
  {
    name: 'authentication data without a method',
    version: 'first',
    wire: "10 [ 'MQTT' 05 02 000a ( 16 'd' ) 'p' ]",
    fault: 'authenticationMethod',
  },
  {
    name: 'subscription id 0 from a broker',
    version: 5,
    from: 'server',
    wire: "30 [ 't' ( 0b 00 ) ]",
    fault: 'propertyValue',
  },
  {
    name: 'a subscription id of five bytes',
    version: 5,
    wire: "82 [ 0001 ( 0b 8080808001 ) 'p' 00 ]",
    fault: 'malformedLength',
  },
]

export const faultCases: readonly FaultCase[] = [
  ...headers,
  ...lengths,
  ...connects,
  ...texts,
  ...contents,
  ...propertyFaults,
]
