import { reasons, returnCodes } from './reasons.ts'

/** What can be wrong with received bytes: one entry of the table below, always the same object. */
export interface Fault {
  /** Stable name, `broker.` and the fault in words. */
  readonly code: `broker.${string}`
  /** One sentence for the owner's log and for a 5.0 reason string. */
  readonly text: string
  /** Reason code for a 5.0 CONNACK or DISCONNECT. */
  readonly reason: number
  /** Return code for a CONNACK before 5.0, or null when the connection is closed without one. */
  readonly connack: number | null
}

function malformed(code: Fault['code'], text: string): Fault {
  return Object.freeze({ code, text, reason: reasons.malformedPacket, connack: null })
}

function protocolError(code: Fault['code'], text: string): Fault {
  return Object.freeze({ code, text, reason: reasons.protocolError, connack: null })
}

/** Carries a fault from the field that has it to the decoder; never leaves the codec. */
export class FaultSignal extends Error {
  override readonly name = 'FaultSignal'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.text)
    this.fault = fault
  }
}

/** Filters or list properties in one packet: each takes a few bytes on the wire and many more in memory. Home Assistant sends up to 500 filters. */
export const MAX_ENTRIES = 1_000

/** Ends decoding with a fault. */
export function refuse(fault: Fault): never {
  throw new FaultSignal(fault)
}

/**
 * Every fault of received bytes. Where the standard leaves the choice between malformed (0x81) and protocol
 * error (0x82), or the common brokers agree on another one than its text, the code is the one they send:
 * clients see the same reason everywhere.
 */
export const faults = {
  unknownPacketType: protocolError('broker.unknown_packet_type', 'the packet type does not exist in this version'),
  reservedFlags: malformed(
    'broker.reserved_flags',
    'reserved bits of the fixed header are not as the standard sets them',
  ),
  malformedLength: malformed('broker.malformed_length', 'a variable byte integer is longer than it may be'),
  truncated: malformed('broker.truncated', 'the packet ends inside one of its fields'),
  trailingBytes: malformed('broker.trailing_bytes', 'the packet goes on behind its last field'),
  malformedString: malformed('broker.malformed_string', 'a string is not well-formed UTF-8'),
  controlCharacter: malformed('broker.control_character', 'a string holds U+0000 or another control character'),
  packetIdZero: protocolError('broker.packet_id_zero', 'the packet identifier is 0'),
  packetTooLarge: Object.freeze({
    code: 'broker.packet_too_large',
    text: 'the packet is larger than this connection may send',
    reason: reasons.packetTooLarge,
    connack: null,
  }),

  expectedConnect: protocolError('broker.expected_connect', 'the first packet of a connection must be CONNECT'),
  secondConnect: protocolError('broker.second_connect', 'a connection may send CONNECT only once'),
  wrongDirection: protocolError('broker.wrong_direction', 'this side of a connection may not send this packet'),

  unknownProtocol: Object.freeze({
    code: 'broker.unknown_protocol',
    text: 'the protocol name is not MQTT',
    reason: reasons.unsupportedProtocolVersion,
    connack: null,
  }),
  unsupportedVersion: Object.freeze({
    code: 'broker.unsupported_version',
    text: 'the protocol version is none of 3.1, 3.1.1 and 5.0',
    reason: reasons.unsupportedProtocolVersion,
    connack: returnCodes.unacceptableProtocolVersion,
  }),
  /** Whoever speaks a later version understands the answer of 5.0. */
  laterVersion: Object.freeze({
    code: 'broker.later_version',
    text: 'the protocol version is later than 5.0',
    reason: reasons.unsupportedProtocolVersion,
    connack: null,
  }),
  connectFlags: malformed('broker.connect_flags', 'the connect flags contradict each other or use a reserved bit'),
  willQos: malformed('broker.will_qos', 'the will asks for QoS 3'),
  connackFlags: malformed('broker.connack_flags', 'the acknowledge flags use a reserved bit or contradict the reason'),

  publishQos: malformed('broker.publish_qos', 'the message has QoS 3'),
  dupWithoutQos: malformed('broker.dup_without_qos', 'a message of QoS 0 is marked as sent again'),
  topicName: malformed('broker.topic_name', 'a topic name is empty or holds a wildcard'),
  topicDepth: Object.freeze({
    code: 'broker.topic_depth',
    text: 'a topic name has more than 128 levels',
    reason: reasons.topicNameInvalid,
    connack: null,
  }),
  topicMissing: malformed('broker.topic_missing', 'a message has neither a topic nor a topic alias'),
  topicAlias: Object.freeze({
    code: 'broker.topic_alias',
    text: 'a topic alias is 0',
    reason: reasons.topicAliasInvalid,
    connack: null,
  }),
  subscriptionIdFromClient: protocolError(
    'broker.subscription_id_from_client',
    'a client may not put a subscription identifier into a message',
  ),

  noFilters: malformed('broker.no_filters', 'the packet names no topic filter'),
  tooManyFilters: Object.freeze({
    code: 'broker.too_many_filters',
    text: 'one packet names more than 1,000 filters',
    reason: reasons.quotaExceeded,
    connack: null,
  }),
  emptyFilter: malformed('broker.empty_filter', 'a topic filter is empty'),
  subscriptionOptions: malformed('broker.subscription_options', 'subscription options use a reserved bit'),
  subscriptionQos: malformed('broker.subscription_qos', 'a subscription asks for QoS 3'),
  retainHandling: malformed('broker.retain_handling', 'a subscription asks for retain handling 3'),
  sharedNoLocal: protocolError('broker.shared_no_local', 'a shared subscription may not be No Local'),

  unknownProperty: malformed('broker.unknown_property', 'a property does not exist'),
  misplacedProperty: protocolError('broker.misplaced_property', 'a property does not belong to this packet'),
  repeatedProperty: protocolError('broker.repeated_property', 'a property that may stand once stands twice'),
  tooManyProperties: Object.freeze({
    code: 'broker.too_many_properties',
    text: 'one packet carries a property more than 1,000 times',
    reason: reasons.quotaExceeded,
    connack: null,
  }),
  propertyValue: protocolError('broker.property_value', 'a property has a value outside its range'),
  authenticationMethod: protocolError(
    'broker.authentication_method',
    'authentication data stands without an authentication method',
  ),
  reasonCode: protocolError('broker.reason_code', 'the reason code does not belong to this packet'),

  // The same faults in SUBSCRIBE and UNSUBSCRIBE, where the peers answer with another reason code.
  requestIdZero: malformed('broker.packet_id_zero', 'the packet identifier is 0'),
  requestProperty: malformed('broker.misplaced_property', 'a property does not belong to this packet'),
  requestPropertyValue: malformed('broker.property_value', 'a property has a value outside its range'),
} as const satisfies Record<string, Fault>
