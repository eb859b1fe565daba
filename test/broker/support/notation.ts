// Packets as words: what a client sends and what it must get.
//   connect id=a clean=0 keep=10 user=u pass=p will=topic:payload will_qos=1 will_retain level=4
//   connack 0 present          suback #1 0 1 80         unsuback #2
//   publish topic payload q1 #5 dup retain              a payload of "" is empty, one of 2000*x is long
//   subscribe #1 a/+:0 b/#:2   unsubscribe #2 a/+       puback #1, pubrec #1, pubrel #1, pubcomp #1
//   pingreq, pingresp, disconnect                       raw c0 00

import type { QoS } from '#kernel'
import { encode, type Packet, type Version } from '../../../server/broker/codec/index.ts'

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
          properties: null,
        }
      : null,
    username: user ?? null,
    password: given.has('pass') ? Buffer.from(given.get('pass')!) : null,
    properties: null,
  }
}

function publish(words: readonly string[]): Packet {
  const [topic = '', payload = '""', ...flags] = words
  const qos = Number(flags.find(flag => /^q[012]$/.test(flag))?.slice(1) ?? 0) as QoS
  const about = { dup: flags.includes('dup'), retain: flags.includes('retain'), packetId: idOf(flags) }
  return { type: 'publish', topic, payload: payloadOf(payload), qos, ...about, properties: null }
}

function subscribe(words: readonly string[]): Packet {
  const requests = words.slice(1).map(word => {
    const at = word.lastIndexOf(':')
    const about = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
    return { filter: word.slice(0, at), qos: Number(word.slice(at + 1)) as QoS, ...about }
  })
  return { type: 'subscribe', packetId: idOf(words), requests, properties: null }
}

/** The bytes of a packet that `name` sends. */
export function toBytes(text: string, name: string): Buffer {
  const [type = '', ...words] = text.trim().split(/ +/)
  if (type === 'raw') return Buffer.from(words.join(''), 'hex')
  return encode(toPacket(type, words, name), 4)
}

function toPacket(type: string, words: readonly string[], name: string): Packet {
  if (type === 'connect') return connect(words, name)
  if (type === 'publish') return publish(words)
  if (type === 'subscribe') return subscribe(words)
  if (type === 'unsubscribe') {
    return { type, packetId: idOf(words), filters: words.slice(1), properties: null }
  }
  if (ACKS.has(type)) {
    return { type: type as 'puback', packetId: idOf(words), reason: 0, properties: null }
  }
  if (type === 'pingreq') return { type }
  if (type === 'disconnect') return { type, reason: 0, properties: null }
  throw new Error(`the notation has no packet "${type}"`)
}

const hex = (code: number) => (code >= 0x80 ? code.toString(16) : String(code))

/** A packet that a client got, as the notation writes it. */
export function toText(packet: Packet): string {
  switch (packet.type) {
    case 'connack':
      return `connack ${hex(packet.reason)}${packet.sessionPresent ? ' present' : ''}`
    case 'publish': {
      const { topic, payload, qos, packetId, dup, retain } = packet
      const flags = `${qos > 0 ? ` q${qos} #${packetId}` : ''}${dup ? ' dup' : ''}${retain ? ' retain' : ''}`
      return `publish ${topic} ${payloadText(payload)}${flags}`
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return `${packet.type} #${packet.packetId}`
    case 'suback':
      return `suback #${packet.packetId} ${packet.reasons.map(hex).join(' ')}`
    case 'unsuback':
      return `unsuback #${packet.packetId}`
    default:
      return packet.type
  }
}
