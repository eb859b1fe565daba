import { faults, MAX_ENTRIES, refuse, type Fault } from './faults.ts'
import type {
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  OutcomeProperties,
  PublishProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  WillProperties,
} from './packet.ts'
import type { Reader } from './reader.ts'

/** What may carry properties, a packet or the will inside a CONNECT, and which record holds them. */
export interface CarrierProperties {
  connect: ConnectProperties
  will: WillProperties
  connack: ConnackProperties
  publish: PublishProperties
  puback: OutcomeProperties
  pubrec: OutcomeProperties
  pubrel: OutcomeProperties
  pubcomp: OutcomeProperties
  subscribe: SubscribeProperties
  suback: OutcomeProperties
  unsubscribe: UnsubscribeProperties
  unsuback: OutcomeProperties
  disconnect: DisconnectProperties
  auth: AuthProperties
}

export type Carrier = keyof CarrierProperties

type Kind = 'flag' | 'uint16' | 'uint32' | 'varint' | 'text' | 'binary' | 'pair'

/** One property of MQTT 5.0, section 2.2.2.2. */
export interface Property {
  readonly id: number
  readonly name: string
  readonly kind: Kind
  readonly carriers: ReadonlySet<Carrier>
  /** Least value, where it is not 0. */
  readonly least: number
  /** It may stand several times and its values are a list. */
  readonly isList: boolean
}

const acks = 'puback pubrec pubrel pubcomp suback unsuback'
const everywhere = `connect will connack publish ${acks} subscribe unsubscribe disconnect auth`

function property(row: { id: number; name: string; kind: Kind; in: string; least?: number; list?: boolean }): Property {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    carriers: new Set(row.in.split(' ') as Carrier[]),
    least: row.least ?? 0,
    isList: row.list ?? false,
  }
}

/** In the order in which `encode` writes them; those of CONNACK as mosquitto does, since test suites compare bytes. */
export const properties: readonly Property[] = [
  property({ id: 0x01, name: 'payloadFormat', kind: 'flag', in: 'publish will' }),
  property({ id: 0x02, name: 'messageExpiry', kind: 'uint32', in: 'publish will' }),
  property({ id: 0x03, name: 'contentType', kind: 'text', in: 'publish will' }),
  property({ id: 0x08, name: 'responseTopic', kind: 'text', in: 'publish will' }),
  property({ id: 0x09, name: 'correlationData', kind: 'binary', in: 'publish will' }),
  property({ id: 0x0b, name: 'subscriptionIds', kind: 'varint', in: 'publish', least: 1, list: true }),
  property({ id: 0x0b, name: 'subscriptionId', kind: 'varint', in: 'subscribe', least: 1 }),
  property({ id: 0x11, name: 'sessionExpiry', kind: 'uint32', in: 'connect connack disconnect' }),
  property({ id: 0x12, name: 'assignedClientId', kind: 'text', in: 'connack' }),
  property({ id: 0x13, name: 'serverKeepAlive', kind: 'uint16', in: 'connack' }),
  property({ id: 0x15, name: 'authenticationMethod', kind: 'text', in: 'connect connack auth' }),
  property({ id: 0x16, name: 'authenticationData', kind: 'binary', in: 'connect connack auth' }),
  property({ id: 0x17, name: 'requestProblemInformation', kind: 'flag', in: 'connect' }),
  property({ id: 0x18, name: 'willDelay', kind: 'uint32', in: 'will' }),
  property({ id: 0x19, name: 'requestResponseInformation', kind: 'flag', in: 'connect' }),
  property({ id: 0x1a, name: 'responseInformation', kind: 'text', in: 'connack' }),
  property({ id: 0x1c, name: 'serverReference', kind: 'text', in: 'connack disconnect' }),
  property({ id: 0x1f, name: 'reasonString', kind: 'text', in: `connack ${acks} disconnect auth` }),
  property({ id: 0x22, name: 'topicAliasMaximum', kind: 'uint16', in: 'connect connack' }),
  property({ id: 0x27, name: 'maximumPacketSize', kind: 'uint32', in: 'connect connack', least: 1 }),
  property({ id: 0x21, name: 'receiveMaximum', kind: 'uint16', in: 'connect connack', least: 1 }),
  property({ id: 0x23, name: 'topicAlias', kind: 'uint16', in: 'publish', least: 1 }),
  property({ id: 0x24, name: 'maximumQos', kind: 'flag', in: 'connack' }),
  property({ id: 0x25, name: 'retainAvailable', kind: 'flag', in: 'connack' }),
  property({ id: 0x26, name: 'userProperties', kind: 'pair', in: everywhere, list: true }),
  property({ id: 0x28, name: 'wildcardAvailable', kind: 'flag', in: 'connack' }),
  property({ id: 0x29, name: 'subscriptionIdsAvailable', kind: 'flag', in: 'connack' }),
  property({ id: 0x2a, name: 'sharedAvailable', kind: 'flag', in: 'connack' }),
]

type Value = number | string | Uint8Array | number[] | [string, string][]
type Values = Record<string, Value>

const readValue: Readonly<Record<Kind, (reader: Reader) => number | string | Uint8Array | [string, string]>> = {
  flag: reader => reader.byte(),
  uint16: reader => reader.uint16(),
  uint32: reader => reader.uint32(),
  varint: reader => reader.varint(),
  text: reader => reader.text(),
  binary: reader => reader.binary(),
  pair: reader => [reader.text(), reader.text()],
}

function isRequest(carrier: Carrier): boolean {
  return carrier === 'subscribe' || carrier === 'unsubscribe'
}

/** The fault of a value outside its range; flags are 0 or 1. */
function rangeFault(entry: Property, carrier: Carrier): Fault {
  if (entry.name === 'topicAlias') return faults.topicAlias // [MQTT5-3.3.2-8]
  return isRequest(carrier) ? faults.requestPropertyValue : faults.propertyValue
}

/** Rows by identifier: the subscription identifier has two, one for each of its carriers. */
const byId = new Map<number, Property[]>()
for (const entry of properties) byId.set(entry.id, [...(byId.get(entry.id) ?? []), entry])

function readProperty(reader: Reader, carrier: Carrier, found: Values): void {
  const rows = byId.get(reader.varint())
  if (rows === undefined) return refuse(faults.unknownProperty)
  const entry = rows.find(row => row.carriers.has(carrier))
  const value = readValue[rows[0]!.kind](reader)
  if (entry === undefined) return refuse(isRequest(carrier) ? faults.requestProperty : faults.misplacedProperty)
  if (typeof value === 'number' && (value < entry.least || (entry.kind === 'flag' && value > 1))) {
    refuse(rangeFault(entry, carrier))
  }
  const known = found[entry.name]
  if (!entry.isList) {
    if (known !== undefined) refuse(faults.repeatedProperty)
    found[entry.name] = value as Value
  } else if (known === undefined) {
    found[entry.name] = [value] as Value
  } else {
    const list = known as unknown[]
    if (list.length === MAX_ENTRIES) refuse(faults.tooManyProperties)
    list.push(value)
  }
}

/** Reads a property section. @returns null when it is empty. */
export function readProperties<C extends Carrier>(reader: Reader, carrier: C): CarrierProperties[C] | null {
  const size = reader.varint()
  if (size === 0) return null
  const outer = reader.end
  const end = reader.take(size) + size
  reader.position = end - size
  reader.end = end
  const found: Values = {}
  while (reader.position < end) readProperty(reader, carrier, found)
  reader.end = outer
  if (found['authenticationData'] !== undefined && found['authenticationMethod'] === undefined) {
    refuse(faults.authenticationMethod)
  }
  return found
}
