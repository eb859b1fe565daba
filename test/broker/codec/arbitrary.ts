import * as fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import type { QoS } from '#kernel'
import type {
  AckType,
  Packet,
  PublishPacket,
  PublishProperties,
  UserProperties,
  Version,
  Will,
} from '../../../server/broker/codec/index.ts'

/** Random but legal packets. `words` keeps names to letters where an oracle cannot hold others. */
export interface Shape {
  readonly version: Version
  readonly from: 'client' | 'server'
  readonly words?: boolean
}

/** Every character a string may hold: no control characters, surrogates or non-characters. */
const character = fc
  .oneof(
    { arbitrary: fc.integer({ min: 0x20, max: 0x7e }), weight: 6 },
    { arbitrary: fc.integer({ min: 0xa0, max: 0xd7ff }), weight: 2 },
    { arbitrary: fc.integer({ min: 0xe000, max: 0xffff }), weight: 1 },
    { arbitrary: fc.integer({ min: 0x10000, max: 0x10ffff }), weight: 1 },
  )
  .filter(code => (code & 0xfffe) !== 0xfffe && (code < 0xfdd0 || code > 0xfdef))
  .map(code => String.fromCodePoint(code))

export const text = fc.array(character, { maxLength: 24 }).map(parts => parts.join(''))
const topicName = text.map(value => value.replace(/[+#]/g, '/')).filter(value => value !== '')
const filter = fc.oneof(text, fc.constantFrom('#', '+/a/#', '$share/g/a/+', '/')).filter(value => value !== '')
const bytes = fc.uint8Array({ maxLength: 40 }).map(value => Buffer.from(value))
const qos = fc.constantFrom<QoS[]>(0, 1, 2)
const flag = fc.constantFrom<(0 | 1)[]>(0, 1)
const packetId = fc.integer({ min: 1, max: 0xffff })
const uint16 = fc.nat({ max: 0xffff })
const uint32 = fc.nat({ max: 0xffffffff })
const positive16 = fc.integer({ min: 1, max: 0xffff })
const positive32 = fc.integer({ min: 1, max: 0xffffffff })
const subscriptionId = fc.integer({ min: 1, max: 268_435_455 })

function userProperties({ words }: Shape): Arbitrary<UserProperties> {
  if (!words) return fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 })
  // Grouped by name, no digits and no empty values, so that an object keeps them in their order.
  const name = fc.stringMatching(/^[a-z]{1,6}$/)
  const groups = fc.uniqueArray(
    fc.tuple(
      name,
      fc.array(
        text.filter(value => value !== ''),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    {
      minLength: 1,
      maxLength: 3,
      selector: ([key]) => key,
    },
  )
  return groups.map(list => list.flatMap(([key, values]) => values.map((value): [string, string] => [key, value])))
}

/** A record with any of these properties; null when there is none, as the decoder says it. */
function propertiesOf<T extends object>(
  shape: Shape,
  model: { [K in keyof T]-?: Arbitrary<Exclude<T[K], undefined>> },
) {
  if (shape.version !== 5) return fc.constant(null)
  const record = fc.record(model, { requiredKeys: [] }) as unknown as Arbitrary<T>
  return fc.option(
    record.filter(
      found => Object.keys(found).length > 0 && (!('authenticationData' in found) || 'authenticationMethod' in found),
    ),
  )
}

function outcome(shape: Shape) {
  return propertiesOf(shape, { reasonString: text, userProperties: userProperties(shape) })
}

function messageModel(shape: Shape) {
  return {
    payloadFormat: flag,
    messageExpiry: uint32,
    contentType: text,
    responseTopic: topicName,
    correlationData: bytes,
    userProperties: userProperties(shape),
  }
}

function will(shape: Shape): Arbitrary<Will> {
  const properties = propertiesOf(shape, { ...messageModel(shape), willDelay: uint32 })
  return fc.record({ topic: topicName, payload: bytes, qos, retain: fc.boolean(), properties })
}

function connect(shape: Shape): Arbitrary<Packet> {
  const properties = propertiesOf(shape, {
    sessionExpiry: uint32,
    receiveMaximum: positive16,
    maximumPacketSize: positive32,
    topicAliasMaximum: uint16,
    requestResponseInformation: flag,
    requestProblemInformation: flag,
    userProperties: userProperties(shape),
    authenticationMethod: text,
    authenticationData: bytes,
  })
  const record = fc.record({
    type: fc.constant('connect' as const),
    version: fc.constant(shape.version),
    clean: fc.boolean(),
    keepAlive: uint16,
    clientId: text,
    will: fc.option(will(shape)),
    username: fc.option(text),
    password: fc.option(bytes),
    properties,
  })
  const isLegal = shape.version === 5
  return record.filter(packet => isLegal || packet.password === null || packet.username !== null)
}

function connack(shape: Shape): Arbitrary<Packet> {
  const properties = propertiesOf(shape, {
    sessionExpiry: uint32,
    receiveMaximum: positive16,
    maximumQos: flag,
    retainAvailable: flag,
    maximumPacketSize: positive32,
    assignedClientId: text,
    topicAliasMaximum: uint16,
    reasonString: text,
    userProperties: userProperties(shape),
    wildcardAvailable: flag,
    subscriptionIdsAvailable: flag,
    sharedAvailable: flag,
    serverKeepAlive: uint16,
    responseInformation: text,
    serverReference: text,
    authenticationMethod: text,
    authenticationData: bytes,
  })
  const reason = shape.version === 5 ? fc.constantFrom(0, 0, 0x80, 0x84, 0x8c, 0x9f) : fc.nat({ max: 5 })
  return fc
    .record({ type: fc.constant('connack' as const), sessionPresent: fc.boolean(), reason, properties })
    .map(packet => ({ ...packet, sessionPresent: packet.sessionPresent && packet.reason === 0 }))
}

export function publish(shape: Shape): Arbitrary<PublishPacket> {
  const model = { ...messageModel(shape), topicAlias: positive16 }
  const subscriptionIds = fc.array(subscriptionId, { minLength: 1, maxLength: 3 })
  const properties: Arbitrary<PublishProperties | null> =
    shape.from === 'server' ? propertiesOf(shape, { ...model, subscriptionIds }) : propertiesOf(shape, model)
  const record = fc.record({
    type: fc.constant('publish' as const),
    topic: topicName,
    payload: fc.oneof(bytes, fc.constantFrom(Buffer.alloc(0), Buffer.alloc(130, 0x61), Buffer.alloc(20_000, 0x62))),
    qos,
    dup: fc.boolean(),
    retain: fc.boolean(),
    packetId,
    properties,
  })
  return record.map(packet => ({
    ...packet,
    dup: packet.dup && packet.qos !== 0,
    packetId: packet.qos === 0 ? 0 : packet.packetId,
  }))
}

const ackReasons = { puback: [0, 0x10, 0x97], pubrec: [0, 0x80, 0x99], pubrel: [0, 0x92], pubcomp: [0, 0x92] } as const

function acknowledgement(shape: Shape): Arbitrary<Packet> {
  return fc.constantFrom<AckType[]>('puback', 'pubrec', 'pubrel', 'pubcomp').chain(type =>
    fc.record({
      type: fc.constant(type),
      packetId,
      reason: shape.version === 5 ? fc.constantFrom(...ackReasons[type]) : fc.constant(0),
      properties: outcome(shape),
    }),
  )
}

function subscribe(shape: Shape): Arbitrary<Packet> {
  const isNew = shape.version === 5
  const request = fc
    .record({
      filter,
      qos,
      noLocal: isNew ? fc.boolean() : fc.constant(false),
      retainAsPublished: isNew ? fc.boolean() : fc.constant(false),
      retainHandling: isNew ? fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2) : fc.constant(0 as const),
    })
    .map(row => ({ ...row, noLocal: row.noLocal && !row.filter.startsWith('$share/') }))
  return fc.record({
    type: fc.constant('subscribe' as const),
    packetId,
    requests: fc.array(request, { minLength: 1, maxLength: 4 }),
    properties: propertiesOf(shape, { subscriptionId, userProperties: userProperties(shape) }),
  })
}

function outcomes(shape: Shape): Arbitrary<Packet>[] {
  const granted = shape.version === 5 ? fc.constantFrom(0, 1, 2, 0x80, 0x87, 0xa2) : fc.constantFrom(0, 1, 2, 0x80)
  const removed = fc.constantFrom(0, 0x11, 0x80, 0x8f)
  const properties = outcome(shape)
  return [
    fc.record({
      type: fc.constant('suback' as const),
      packetId,
      reasons: fc.array(granted, { minLength: 1, maxLength: 4 }),
      properties,
    }),
    fc.record({
      type: fc.constant('unsuback' as const),
      packetId,
      reasons: shape.version === 5 ? fc.array(removed, { minLength: 1, maxLength: 4 }) : fc.constant([]),
      properties,
    }),
  ]
}

function disconnect(shape: Shape): Arbitrary<Packet> {
  const properties = propertiesOf(shape, {
    sessionExpiry: uint32,
    reasonString: text,
    userProperties: userProperties(shape),
    serverReference: text,
  })
  const reason = shape.version === 5 ? fc.constantFrom(0, 4, 0x82, 0x8e) : fc.constant(0)
  return fc.record({ type: fc.constant('disconnect' as const), reason, properties })
}

function auth(shape: Shape): Arbitrary<Packet> {
  const properties = propertiesOf(shape, {
    authenticationMethod: text,
    authenticationData: bytes,
    reasonString: text,
    userProperties: userProperties(shape),
  })
  return fc.record({
    type: fc.constant('auth' as const),
    reason: fc.constantFrom(0, 0x18, 0x19),
    properties,
  })
}

/** The CONNECT of a version. */
export function anyConnect(version: Version, words = false): Arbitrary<Packet> {
  return connect({ version, from: 'client', words })
}

/** Any packet that this side may send on an open connection. */
export function anyPacket(shape: Shape): Arbitrary<Packet> {
  const both = [
    publish(shape),
    acknowledgement(shape),
    disconnect(shape),
    ...(shape.version === 5 ? [auth(shape)] : []),
  ]
  if (shape.from === 'server') {
    return fc.oneof(...both, connack(shape), ...outcomes(shape), fc.constant<Packet>({ type: 'pingresp' }))
  }
  const unsubscribe = fc.record({
    type: fc.constant('unsubscribe' as const),
    packetId,
    filters: fc.array(filter, { minLength: 1, maxLength: 4 }),
    properties: propertiesOf(shape, { userProperties: userProperties(shape) }),
  })
  return fc.oneof(...both, subscribe(shape), unsubscribe, fc.constant<Packet>({ type: 'pingreq' }))
}

/** All sides of a connection in all versions. */
export const shapes: readonly Shape[] = ([3, 4, 5] as const).flatMap(version => [
  { version, from: 'client' as const },
  { version, from: 'server' as const },
])
