// Packets as words: what a client sends and what it must get.
//   connect id=a clean=0 keep=10 user=u pass=p will=topic:payload will_qos=1 will_retain level=4
//   connack 0 present          suback #1 0 1 80         unsuback #2
//   publish topic payload q1 #5 dup retain              a payload of "" is empty, one of 2000*x is long
//   subscribe #1 a/+:0 b/#:2   unsubscribe #2 a/+       puback #1, pubrec #1, pubrel #1, pubcomp #1
//   pingreq, pingresp, disconnect, auth                 raw c0 00
// and of 5.0:
//   puback #1 r87, disconnect r4, auth r18              a reason, in hex
//   subscribe #1 a:1:nl:rap:rh2                         No Local, Retain As Published, Retain Handling
//   messageExpiry=10 subscriptionIds=1,2 userProperties=a:b,c:d     properties by the names of the codec
//   will.willDelay=5                                    properties of the will

import type { QoS } from '#kernel'
import { encode, type Packet, type Version } from '../../../server/broker/codec/index.ts'
import { properties as table } from '../../../server/broker/codec/properties.ts'

const ACKS = new Set(['puback', 'pubrec', 'pubrel', 'pubcomp'])

function idOf(words: readonly string[]): number {
  return Number(words.find(word => word.startsWith('#') && /^#\d+$/.test(word))?.slice(1) ?? 0)
}

/** The payload that a word stands for. */
export function payloadOf(word: string): Uint8Array {
  if (word === '""') return new Uint8Array(0)
  const long = /^(\d+)\*(.)$/.exec(word)
  return Buffer.from(long === null ? word : long[2]!.repeat(Number(long[1])))
}

function payloadText(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString()
  if (text === '') return '""'
  return text.length > 40 && text === text[0]!.repeat(text.length) ? `${text.length}*${text[0]}` : text
}

const kinds = new Map(table.map(({ name, kind, isList }) => [name, { kind, isList }]))

function valueOf(kind: string, text: string): unknown {
  if (kind === 'text') return text
  if (kind === 'binary') return Buffer.from(text)
  return kind === 'pair' ? text.split(':', 2) : Number(text)
}

/** The properties among words, those with a prefix or those without. */
function propertiesOf(words: readonly string[], prefix = ''): Record<string, unknown> | null {
  const found: Record<string, unknown> = {}
  for (const word of words) {
    const [name = '', ...rest] = word.split('=')
    const row = name.startsWith(prefix) ? kinds.get(name.slice(prefix.length)) : undefined
    if (row === undefined) continue
    const text = rest.join('=')
    const value = row.isList ? text.split(',').map(each => valueOf(row.kind, each)) : valueOf(row.kind, text)
    found[name.slice(prefix.length)] = value
  }
  return Object.keys(found).length === 0 ? null : found
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (!Array.isArray(value)) return String(value)
  return value.map(each => (Array.isArray(each) ? each.join(':') : String(each))).join(',')
}

function propertiesText(properties: object | null): string {
  if (properties === null) return ''
  return Object.entries(properties)
    .map(([name, value]) => ` ${name}=${valueText(value)}`)
    .join('')
}

function reasonOf(words: readonly string[]): number {
  const word = words.find(each => /^r[\da-f]{1,2}$/.test(each))
  return word === undefined ? 0 : Number.parseInt(word.slice(1), 16)
}

const reasonText = (reason: number) => (reason === 0 ? '' : ` r${reason.toString(16)}`)

function connect(words: readonly string[], name: string): Packet {
  const given = new Map(words.map(word => word.split('=', 2) as [string, string]))
  const [topic, payload = ''] = (given.get('will') ?? '').split(':')
  const user = given.get('user')
  return {
    type: 'connect',
    version: Number(given.get('level') ?? 4) as Version,
    clean: given.get('clean') !== '0',
    keepAlive: Number(given.get('keep') ?? 0),
    clientId: given.get('id') ?? name,
    will: given.has('will')
      ? {
          topic: topic!,
          payload: Buffer.from(payload),
          qos: Number(given.get('will_qos') ?? 0) as QoS,
          retain: given.has('will_retain'),
          properties: propertiesOf(words, 'will.'),
        }
      : null,
    username: user ?? null,
    password: given.has('pass') ? Buffer.from(given.get('pass')!) : null,
    properties: propertiesOf(words),
  }
}

function publish(words: readonly string[]): Packet {
  // A topic of `-` is an empty one, for an alias.
  const [first = '', payload = '""', ...flags] = words
  const topic = first === '-' ? '' : first
  const qos = Number(flags.find(flag => /^q[012]$/.test(flag))?.slice(1) ?? 0) as QoS
  const about = { dup: flags.includes('dup'), retain: flags.includes('retain'), packetId: idOf(flags) }
  return { type: 'publish', topic, payload: payloadOf(payload), qos, ...about, properties: propertiesOf(words) }
}

function subscribe(words: readonly string[]): Packet {
  const requests = words.slice(1).flatMap(word => {
    const [, filter = '', qos = '', options = ''] = /^(.*?):([012])((?::\w+)*)$/.exec(word) ?? []
    if (qos === '') return []
    const flags = options.split(':')
    const retainHandling = Number(/:rh([012])/.exec(options)?.[1] ?? 0) as 0 | 1 | 2
    const about = { noLocal: flags.includes('nl'), retainAsPublished: flags.includes('rap'), retainHandling }
    return [{ filter, qos: Number(qos) as QoS, ...about }]
  })
  return { type: 'subscribe', packetId: idOf(words), requests, properties: propertiesOf(words) }
}

/** The bytes of a packet that `name` sends in a version. */
export function toBytes(text: string, name: string, version: Version): Buffer {
  const [type = '', ...words] = text.trim().split(/ +/)
  if (type === 'raw') return Buffer.from(words.join(''), 'hex')
  return encode(toPacket(type, words, name), version)
}

/** The protocol level of a connect. */
export function levelOf(text: string): Version {
  return Number(/ level=([345])/.exec(text)?.[1] ?? 4) as Version
}

function toPacket(type: string, words: readonly string[], name: string): Packet {
  const properties = propertiesOf(words)
  if (type === 'connect') return connect(words, name)
  if (type === 'publish') return publish(words)
  if (type === 'subscribe') return subscribe(words)
  if (type === 'unsubscribe') {
    const filters = words.slice(1).filter(word => !word.startsWith('userProperties='))
    return { type, packetId: idOf(words), filters, properties }
  }
  if (ACKS.has(type)) {
    return { type: type as 'puback', packetId: idOf(words), reason: reasonOf(words), properties }
  }
  if (type === 'pingreq') return { type }
  if (type === 'disconnect' || type === 'auth') return { type, reason: reasonOf(words), properties }
  throw new Error(`the notation has no packet "${type}"`)
}

const hex = (code: number) => (code >= 0x80 ? code.toString(16) : String(code))

/** A packet that a client got, as the notation writes it. */
export function toText(packet: Packet): string {
  switch (packet.type) {
    case 'connack':
      return `connack ${hex(packet.reason)}${packet.sessionPresent ? ' present' : ''}${propertiesText(packet.properties)}`
    case 'publish': {
      const { topic, payload, qos, packetId, dup, retain, properties } = packet
      const flags = `${qos > 0 ? ` q${qos} #${packetId}` : ''}${dup ? ' dup' : ''}${retain ? ' retain' : ''}`
      return `publish ${topic === '' ? '-' : topic} ${payloadText(payload)}${flags}${propertiesText(properties)}`
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return `${packet.type} #${packet.packetId}${reasonText(packet.reason)}${propertiesText(packet.properties)}`
    case 'suback':
    case 'unsuback': {
      const reasons = packet.reasons.map(reason => ` ${hex(reason)}`).join('')
      return `${packet.type} #${packet.packetId}${reasons}${propertiesText(packet.properties)}`
    }
    case 'disconnect':
    case 'auth':
      return `${packet.type}${reasonText(packet.reason)}${propertiesText(packet.properties)}`
    default:
      return packet.type
  }
}
