import { generate, parser } from 'mqtt-packet'
import type { Packet, UserProperties, Version, Will } from '../../../server/broker/codec/index.ts'

// mqtt-packet as a second opinion on well-formed packets: our packets in its words, and back. It does not check
// UTF-8, U+0000, packet id 0, trailing bytes, repeated or misplaced properties, so it has no say on faults.

type Loose = Record<string, unknown>

const names: Readonly<Record<string, string>> = {
  sessionExpiry: 'sessionExpiryInterval',
  messageExpiry: 'messageExpiryInterval',
  willDelay: 'willDelayInterval',
  payloadFormat: 'payloadFormatIndicator',
  assignedClientId: 'assignedClientIdentifier',
  maximumQos: 'maximumQoS',
  wildcardAvailable: 'wildcardSubscriptionAvailable',
  subscriptionIdsAvailable: 'subscriptionIdentifiersAvailable',
  sharedAvailable: 'sharedSubscriptionAvailable',
  subscriptionId: 'subscriptionIdentifier',
  subscriptionIds: 'subscriptionIdentifier',
}
const booleans = new Set([
  'payloadFormat',
  'requestResponseInformation',
  'requestProblemInformation',
  'retainAvailable',
  'wildcardAvailable',
  'subscriptionIdsAvailable',
  'sharedAvailable',
])

function grouped(pairs: UserProperties): Loose {
  const found: Record<string, string | string[]> = {}
  for (const [name, value] of pairs) {
    const known = found[name]
    if (known === undefined) found[name] = value
    else found[name] = [...(Array.isArray(known) ? known : [known]), value]
  }
  return found
}

function ungrouped(found: Loose): [string, string][] {
  return Object.entries(found).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, String(item)]),
  )
}

function toTheirProperties(record: object | null): Loose | undefined {
  if (record === null) return undefined
  return Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => {
      if (name === 'userProperties') return [name, grouped(value as UserProperties)]
      if (name === 'subscriptionIds')
        return [names[name], (value as number[]).length === 1 ? (value as number[])[0] : value]
      return [names[name] ?? name, booleans.has(name) ? value === 1 : value]
    }),
  )
}

function toOurProperties(found: unknown, type: string): object | null {
  if (found === undefined || found === null) return null
  const ours = Object.fromEntries(
    Object.entries(found as Loose).map(([name, value]) => {
      if (name === 'userProperties') return [name, ungrouped(value as Loose)]
      if (name === 'subscriptionIdentifier' && type === 'publish') return ['subscriptionIds', [value].flat()]
      if (name === 'subscriptionIdentifier') return ['subscriptionId', value]
      const own = Object.keys(names).find(key => names[key] === name) ?? name
      return [own, typeof value === 'boolean' ? Number(value) : value]
    }),
  )
  return Object.keys(ours).length === 0 ? null : ours
}

function toTheirWill(will: Will): Loose {
  return { ...will, properties: toTheirProperties(will.properties) }
}

/** Our packet in the words of mqtt-packet. */
function toTheirs(packet: Packet, version: Version): Loose {
  const properties = 'properties' in packet ? toTheirProperties(packet.properties) : undefined
  const shared = { ...packet, cmd: packet.type, ...(properties ? { properties } : { properties: undefined }) }
  switch (packet.type) {
    case 'connect':
      return {
        ...shared,
        protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
        protocolVersion: version,
        keepalive: packet.keepAlive,
        will: packet.will === null ? undefined : toTheirWill(packet.will),
        username: packet.username ?? undefined,
        password: packet.password ?? undefined,
      }
    case 'connack':
      return { ...shared, ...(version === 5 ? { reasonCode: packet.reason } : { returnCode: packet.reason }) }
    case 'subscribe':
      return {
        ...shared,
        messageId: packet.packetId,
        subscriptions: packet.requests.map(request => ({
          topic: request.filter,
          qos: request.qos,
          nl: request.noLocal,
          rap: request.retainAsPublished,
          rh: request.retainHandling,
        })),
      }
    case 'suback':
    case 'unsuback':
      return { ...shared, messageId: packet.packetId, granted: packet.reasons }
    case 'unsubscribe':
      return { ...shared, messageId: packet.packetId, unsubscriptions: packet.filters }
    case 'publish':
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
    case 'auth':
    case 'pingreq':
    case 'pingresp': {
      const messageId = 'packetId' in packet ? packet.packetId : undefined
      return { ...shared, messageId, reasonCode: 'reason' in packet ? packet.reason : undefined }
    }
  }
  return shared
}

function toOurWill(will: Loose): Loose {
  const { topic, payload, qos, retain } = will
  return { topic, payload, qos, retain, properties: toOurProperties(will['properties'], 'will') }
}

function toOurRequest(row: Loose): Loose {
  return {
    filter: row['topic'],
    qos: row['qos'],
    noLocal: row['nl'] ?? false,
    retainAsPublished: row['rap'] ?? false,
    retainHandling: row['rh'] ?? 0,
  }
}

/** A packet of mqtt-packet in our words. */
function toOurs(found: Loose): Loose {
  const type = String(found['cmd'])
  const packetId = found['messageId']
  const properties = toOurProperties(found['properties'], type)
  const reason = found['reasonCode'] ?? found['returnCode'] ?? 0
  switch (type) {
    case 'connect':
      return {
        type,
        version: found['protocolVersion'],
        clean: found['clean'],
        keepAlive: found['keepalive'],
        clientId: found['clientId'],
        will: found['will'] ? toOurWill(found['will'] as Loose) : null,
        username: found['username'] ?? null,
        password: found['password'] ?? null,
        properties,
      }
    case 'connack':
      return { type, sessionPresent: found['sessionPresent'], reason, properties }
    case 'publish': {
      const { topic, payload, qos, dup, retain } = found
      return { type, topic, payload, qos, dup, retain, packetId: packetId ?? 0, properties }
    }
    case 'subscribe':
      return { type, packetId, requests: (found['subscriptions'] as Loose[]).map(toOurRequest), properties }
    case 'suback':
    case 'unsuback':
      return { type, packetId, reasons: found['granted'] ?? [], properties }
    case 'unsubscribe':
      return { type, packetId, filters: found['unsubscriptions'], properties }
    case 'pingreq':
    case 'pingresp':
      return { type }
    case 'disconnect':
    case 'auth':
      return { type, reason, properties }
    default:
      return { type, packetId, reason, properties }
  }
}

/** Whether mqtt-packet can say this packet: it refuses an AUTH without a body and a password alone, and takes empty names for missing ones. */
export function isKnownToOracle(packet: Packet): boolean {
  if (packet.type === 'auth') return packet.reason !== 0 || packet.properties !== null
  if (packet.type !== 'connect') return true
  if (packet.username === null && packet.password !== null) return false
  return packet.clientId !== '' && packet.username !== '' && packet.password?.length !== 0
}

/** What mqtt-packet writes for a packet. */
export function theirBytes(packet: Packet, version: Version): Buffer {
  return generate(toTheirs(packet, version) as unknown as Parameters<typeof generate>[0], { protocolVersion: version })
}

/** What mqtt-packet reads in bytes. */
export function theirPackets(bytes: Buffer, version: Version): unknown[] {
  const found: unknown[] = []
  const theirs = parser({ protocolVersion: version })
  theirs.on('packet', packet => found.push(toOurs(packet as unknown as Loose)))
  theirs.on('error', (error: unknown) => found.push(error))
  theirs.parse(bytes)
  return found
}
