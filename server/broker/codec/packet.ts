import type { MessageProperties, QoS } from '#kernel'

/** Protocol level as CONNECT carries it: 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5.0. */
export type Version = 3 | 4 | 5

// Rules for all packets:
// - `properties` is null in 3.1 and 3.1.1, and in 5.0 when the packet carries none.
// - `reason` is the 5.0 reason code; where a version has no such field it is 0 (success). In CONNACK and
//   SUBACK of 3.1 and 3.1.1 it is that version's return code.
// - Bytes belong to the packet, except the payload of a PUBLISH, which points into the received chunk.

/** Name and value pairs in the sender's order, duplicates kept [MQTT5-3.3.2-17, -18]. */
export type UserProperties = readonly (readonly [string, string])[]

/** Properties that say more about an outcome. */
export interface OutcomeProperties {
  readonly reasonString?: string
  readonly userProperties?: UserProperties
}

export interface ConnectProperties {
  /** Seconds; 0xFFFFFFFF means for ever. */
  readonly sessionExpiry?: number
  readonly receiveMaximum?: number
  /** Bytes of a whole packet. */
  readonly maximumPacketSize?: number
  readonly topicAliasMaximum?: number
  readonly requestResponseInformation?: 0 | 1
  readonly requestProblemInformation?: 0 | 1
  readonly userProperties?: UserProperties
  readonly authenticationMethod?: string
  readonly authenticationData?: Uint8Array
}

export interface WillProperties extends MessageProperties {
  /** Seconds. */
  readonly willDelay?: number
  /** Seconds. */
  readonly messageExpiry?: number
}

export interface Will {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: WillProperties | null
}

export interface ConnectPacket {
  readonly type: 'connect'
  readonly version: Version
  /** Clean Session, in 5.0 Clean Start. */
  readonly clean: boolean
  /** Seconds; 0 means none. */
  readonly keepAlive: number
  readonly clientId: string
  readonly will: Will | null
  readonly username: string | null
  readonly password: Uint8Array | null
  readonly properties: ConnectProperties | null
}

export interface ConnackProperties extends OutcomeProperties {
  /** Seconds. */
  readonly sessionExpiry?: number
  readonly receiveMaximum?: number
  readonly maximumQos?: 0 | 1
  readonly retainAvailable?: 0 | 1
  readonly maximumPacketSize?: number
  readonly assignedClientId?: string
  readonly topicAliasMaximum?: number
  readonly wildcardAvailable?: 0 | 1
  readonly subscriptionIdsAvailable?: 0 | 1
  readonly sharedAvailable?: 0 | 1
  /** Seconds. */
  readonly serverKeepAlive?: number
  readonly responseInformation?: string
  readonly serverReference?: string
  readonly authenticationMethod?: string
  readonly authenticationData?: Uint8Array
}

export interface ConnackPacket {
  readonly type: 'connack'
  readonly sessionPresent: boolean
  readonly reason: number
  readonly properties: ConnackProperties | null
}

export interface PublishProperties extends MessageProperties {
  /** Seconds. */
  readonly messageExpiry?: number
  readonly topicAlias?: number
  /** From the broker only [MQTT5-3.3.4-6]. */
  readonly subscriptionIds?: readonly number[]
}

export interface PublishPacket {
  readonly type: 'publish'
  /** Empty only together with a topic alias. */
  readonly topic: string
  /** Points into the received chunk: valid until the `onPacket` call returns, copy what is to be kept. */
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly dup: boolean
  readonly retain: boolean
  /** 0 with QoS 0. */
  readonly packetId: number
  readonly properties: PublishProperties | null
}

export type AckType = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'

export interface AckPacket {
  readonly type: AckType
  readonly packetId: number
  readonly reason: number
  readonly properties: OutcomeProperties | null
}

/** One filter of a SUBSCRIBE with its options; those that 5.0 added are false or 0 in the other versions. */
export interface FilterRequest {
  /** As the client wrote it, `$share/group/` included; well-formed UTF-8 and not empty, its wildcards unchecked. */
  readonly filter: string
  readonly qos: QoS
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: 0 | 1 | 2
}

export interface SubscribeProperties {
  readonly subscriptionId?: number
  readonly userProperties?: UserProperties
}

export interface SubscribePacket {
  readonly type: 'subscribe'
  readonly packetId: number
  /** At least one. */
  readonly requests: readonly FilterRequest[]
  readonly properties: SubscribeProperties | null
}

export interface SubackPacket {
  readonly type: 'suback'
  readonly packetId: number
  /** One for each request, in order: the granted QoS, or 0x80 and above. */
  readonly reasons: readonly number[]
  readonly properties: OutcomeProperties | null
}

export interface UnsubscribeProperties {
  readonly userProperties?: UserProperties
}

export interface UnsubscribePacket {
  readonly type: 'unsubscribe'
  readonly packetId: number
  /** At least one. */
  readonly filters: readonly string[]
  readonly properties: UnsubscribeProperties | null
}

export interface UnsubackPacket {
  readonly type: 'unsuback'
  readonly packetId: number
  /** One for each filter, in order; empty before 5.0. */
  readonly reasons: readonly number[]
  readonly properties: OutcomeProperties | null
}

export interface PingreqPacket {
  readonly type: 'pingreq'
}

export interface PingrespPacket {
  readonly type: 'pingresp'
}

export interface DisconnectProperties extends OutcomeProperties {
  /** Seconds. From a client only [MQTT5-3.14.2-2]. */
  readonly sessionExpiry?: number
  readonly serverReference?: string
}

export interface DisconnectPacket {
  readonly type: 'disconnect'
  readonly reason: number
  readonly properties: DisconnectProperties | null
}

export interface AuthProperties extends OutcomeProperties {
  readonly authenticationMethod?: string
  readonly authenticationData?: Uint8Array
}

/** 5.0 only. */
export interface AuthPacket {
  readonly type: 'auth'
  readonly reason: number
  readonly properties: AuthProperties | null
}

export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AckPacket
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | UnsubackPacket
  | PingreqPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket

export type PacketType = Packet['type']
