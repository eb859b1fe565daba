// The interop steps with MQTT.js. Arguments and output: README.md.
import { EventEmitter, once } from 'node:events'
import mqtt, { type IClientOptions, type IClientPublishOptions, type IConnackPacket } from 'mqtt'
import type { IPublishPacket, MqttClient } from 'mqtt'

const [host, port, level, root, user, password, narrowUser, narrowPassword] = process.argv.slice(2) as [
  ...[string, string, string, string, string, string, string, string],
]
const isFive = level === '5'
const full = { username: user, password }
const see = (step: string, text: string) => console.log(`${step}: ${text.replaceAll(`${root}/`, '')}`)

function textOf({ topic, payload, qos, retain, properties = {} }: IPublishPacket): string {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = properties
  const { subscriptionIdentifier, userProperties } = properties
  const pairs = Object.entries(userProperties ?? {}).flatMap(([name, values]) =>
    [values].flat().map(value => `${name}:${value}`),
  )
  const words = {
    payloadFormat: payloadFormatIndicator === undefined ? undefined : Number(payloadFormatIndicator),
    ...{ messageExpiry: messageExpiryInterval, contentType, responseTopic },
    correlationData: correlationData?.toString(),
    subscriptionIds: subscriptionIdentifier?.toString(),
    userProperties: pairs.length > 0 ? pairs.join(',') : undefined,
  }
  const about = Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}=${value}`]))
  return `${topic} ${payload.toString()} q${qos}${retain ? ' retain' : ''}${about.join('')}`
}

/** Resolves with the CONNACK that lets the client in. */
function connected(client: MqttClient): Promise<IConnackPacket> {
  return new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
}

/** One connection and what came over it. */
class Peer {
  readonly client: MqttClient
  readonly #came: IPublishPacket[] = []
  readonly #arrivals = new EventEmitter()
  /** The reasons in the last acknowledgement. */
  reasons = ''
  sessionPresent = false

  private constructor(options: IClientOptions) {
    const terms = { protocol: 'mqtt', protocolVersion: isFive ? 5 : 4, reconnectPeriod: 0 } as const
    this.client = mqtt.connect({ host, port: Number(port), ...terms, ...options })
    this.client.on('packetreceive', packet => {
      const { reasonCode, granted } = packet as { reasonCode?: number; granted?: number[] }
      if (packet.cmd.endsWith('ack')) this.reasons = String(granted ?? reasonCode)
    })
    // The name is from the map of aliases where the packet has none.
    this.client.on('message', (topic, _payload, packet) => {
      this.#came.push({ ...packet, topic })
      this.#arrivals.emit('came')
    })
  }

  static async connect(options: IClientOptions = {}, login: IClientOptions = full): Promise<Peer> {
    const peer = new Peer({ ...login, ...options })
    peer.sessionPresent = (await connected(peer.client)).sessionPresent
    return peer
  }

  publish(topic: string, payload: string, options: IClientPublishOptions = { qos: 1 }) {
    return this.client.publishAsync(topic === '' ? '' : `${root}/${topic}`, payload, options)
  }

  /** The next messages that came. */
  async take(count: number): Promise<IPublishPacket[]> {
    while (this.#came.length < count) await once(this.#arrivals, 'came')
    return this.#came.splice(0, count)
  }

  async see(step: string, count = 1): Promise<void> {
    for (const packet of await this.take(count)) see(step, textOf(packet))
  }

  /** The socket breaks. */
  drop(): void {
    this.client.stream.destroy()
  }
}

const reasonOf = (error: unknown) => String((error as { code?: unknown }).code)
const lasting = (clientId: string, sessionExpiryInterval = 1_000) => ({
  ...{ clientId: `${root}-${clientId}`, clean: false },
  ...(isFive ? { properties: { sessionExpiryInterval } } : {}),
})

async function login(): Promise<Peer> {
  const peer = await Peer.connect()
  see('login', 'welcome')
  const strangers = { 'wrong password': { username: user, password: 'wrong' }, nobody: {} }
  for (const [who, stranger] of Object.entries(strangers)) {
    await Peer.connect({}, stranger).catch((error: unknown) => see('login', `${who} ${reasonOf(error)}`))
  }
  return peer
}

async function messages(peer: Peer): Promise<void> {
  for (const qos of [0, 1, 2] as const) {
    await peer.client.subscribeAsync(`${root}/qos/${qos}`, { qos })
    await peer.publish(`qos/${qos}`, 'hello', { qos })
    await peer.see('qos')
  }
  for (const [topic, payload] of [
    ['a', 'old'],
    ['a', 'new'],
    ['b', 'gone'],
    ['b', ''],
  ] as const) {
    await peer.publish(`kept/${topic}`, payload, { qos: 1, retain: true })
  }
  await peer.client.subscribeAsync(`${root}/kept/#`, { qos: 1 })
  await peer.publish('kept/end', 'end')
  await peer.see('retained', 2)
}

async function wills(peer: Peer): Promise<void> {
  await peer.client.subscribeAsync(`${root}/wills/#`, { qos: 1 })
  const lost = await Peer.connect({ will: { topic: `${root}/wills/lost`, payload: Buffer.from('gone'), qos: 1 } })
  lost.drop()
  await peer.see('will')
}

const presence = isFive ? 'session present in 5.0' : 'session present'

async function session(peer: Peer): Promise<void> {
  const first = await Peer.connect(lasting('sleeper'))
  see(presence, String(Number(first.sessionPresent)))
  await first.client.subscribeAsync(`${root}/away/#`, { qos: 2 })
  await first.client.endAsync()
  await peer.publish('away/1', 'one', { qos: 1 })
  await peer.publish('away/2', 'two', { qos: 2 })
  await peer.publish('away/0', 'lost', { qos: 0 })
  await peer.publish('away/end', 'end', { qos: 2 })
  const second = await Peer.connect(lasting('sleeper'))
  see(presence, String(Number(second.sessionPresent)))
  await second.see('session', 3)
  await second.client.endAsync()
  const third = await Peer.connect({ clientId: `${root}-sleeper`, clean: true })
  see(presence, String(Number(third.sessionPresent)))
  await third.client.endAsync()
}

async function takeover(): Promise<void> {
  const old = await Peer.connect({ clientId: `${root}-twin` })
  let reason = ''
  old.client.on('disconnect', packet => (reason = ` ${packet.reasonCode}`))
  const closed = new Promise<void>(resolve => old.client.once('close', () => resolve()))
  const twin = await Peer.connect({ clientId: `${root}-twin` })
  await closed
  see('takeover', `closed${reason}`)
  await twin.client.subscribeAsync(`${root}/takeover`, { qos: 1 })
  await twin.publish('takeover', 'here')
  await twin.see('takeover')
  await twin.client.endAsync()
}

async function refusals(peer: Peer): Promise<void> {
  const narrow = await Peer.connect({}, { username: narrowUser, password: narrowPassword })
  // A refusal is an error for MQTT.js, whose text names no code.
  await narrow.client.subscribeAsync(`${root}/closed`, { qos: 1 }).catch(() => null)
  see('refused filter', narrow.reasons)
  if (!isFive) return
  await narrow.publish('closed', 'x').catch(() => null)
  see('refused publish', narrow.reasons)
  await peer.publish('nobody', 'x')
  see('no subscribers', peer.reasons)
  await peer.client.unsubscribeAsync(`${root}/never`)
  see('unknown subscription', peer.reasons)
}

async function properties(peer: Peer): Promise<void> {
  const nameless = mqtt.connect({
    ...{ host, port: Number(port), protocol: 'mqtt', protocolVersion: 5, clientId: '', ...full },
  })
  const { properties: about } = await connected(nameless)
  see('assigned client id', about?.assignedClientIdentifier === undefined ? 'none' : 'given')
  await nameless.endAsync()
  await peer.client.subscribeAsync([`${root}/request`, `${root}/answer`], { qos: 1 })
  await peer.publish('request', 'hello', {
    qos: 1,
    properties: {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: `${root}/answer`,
      correlationData: Buffer.from('c7'),
      userProperties: { a: ['1', '3'], b: '2' },
    },
  })
  const [request] = await peer.take(1)
  see('properties', textOf(request!))
  const { responseTopic = '', correlationData } = request!.properties ?? {}
  await peer.client.publishAsync(responseTopic, 'yes', { qos: 1, properties: { correlationData: correlationData! } })
  await peer.see('properties')
}

/** A lasting session that ends as told, comes back, and shows what waited for it. */
async function absence(peer: Peer, name: string, expiry: number, leave: (away: Peer) => Promise<unknown>) {
  const options = lasting(`absent-${expiry}`, expiry)
  const away = await Peer.connect(options)
  await away.client.subscribeAsync(`${root}/absent`, { qos: 1 })
  await leave(away)
  await peer.publish('absent', 'kept')
  const back = await Peer.connect(options)
  await back.client.subscribeAsync(`${root}/absent`, { qos: 1 })
  await back.publish('absent', 'end')
  const payloads: string[] = []
  while (payloads.at(-1) !== 'end') payloads.push((await back.take(1))[0]!.payload.toString())
  see('session expiry', `${name}: ${payloads.join(' ')}`)
  await back.client.endAsync()
}

async function expiry(peer: Peer): Promise<void> {
  const end = (away: Peer) => away.client.endAsync()
  await absence(peer, 'without', 0, end)
  await absence(peer, 'with 100', 100, end)
  const ended = { properties: { sessionExpiryInterval: 0 } }
  await absence(peer, 'ended by disconnect', 200, away => away.client.endAsync(false, ended))
  const away = await Peer.connect(lasting('expiry'))
  await away.client.subscribeAsync(`${root}/expiry/#`, { qos: 1 })
  await away.client.endAsync()
  await peer.publish('expiry/short', 'short', { qos: 1, properties: { messageExpiryInterval: 1 } })
  await peer.publish('expiry/long', 'long', { qos: 1, properties: { messageExpiryInterval: 100 } })
  // The will with a delay of a second is later than a message that expires in one.
  const will = { topic: `${root}/wills/late`, payload: Buffer.from('gone'), qos: 1 } as const
  const late = await Peer.connect({ ...lasting('late'), will: { ...will, properties: { willDelayInterval: 1 } } })
  late.drop()
  await peer.see('will delay')
  await (await Peer.connect(lasting('expiry'))).see('message expiry')
}

async function options(peer: Peer): Promise<void> {
  const own = await Peer.connect()
  await own.client.subscribeAsync(`${root}/local`, { qos: 1, nl: true })
  await own.publish('local', 'own')
  await peer.publish('local', 'other')
  await own.see('no local')
  await own.client.subscribeAsync(`${root}/published`, { qos: 1, rap: true })
  await peer.publish('published', 'kept', { qos: 1, retain: true })
  await own.see('retain as published')
  await peer.publish('handling', 'kept', { qos: 1, retain: true })
  await own.client.subscribeAsync(`${root}/handling`, { qos: 1, rh: 2 })
  await peer.publish('handling', 'live')
  await own.see('retain handling')
  await own.client.subscribeAsync(`${root}/identified`, { qos: 1, properties: { subscriptionIdentifier: 7 } })
  await peer.publish('identified', 'hello')
  await own.see('subscription identifier')
}

async function shares(peer: Peer): Promise<void> {
  const members = [await Peer.connect(), await Peer.connect()] as const
  for (const { client } of members) await client.subscribeAsync(`$share/group/${root}/shared`, { qos: 1 })
  for (const payload of ['1', '2', '3', '4']) await peer.publish('shared', payload)
  const came = await Promise.all(members.map(member => member.take(2)))
  const different = new Set(came.flat().map(packet => packet.payload.toString()))
  see('shared subscription', `${came[0]!.length} and ${came[1]!.length} of ${different.size}`)
}

async function aliases(peer: Peer): Promise<void> {
  await peer.client.subscribeAsync(`${root}/alias/out`, { qos: 1 })
  await peer.publish('alias/out', 'first', { qos: 1, properties: { topicAlias: 1 } })
  await peer.publish('', 'second', { qos: 1, properties: { topicAlias: 1 } })
  await peer.see('alias of the client', 2)
  const listener = await Peer.connect({ properties: { topicAliasMaximum: 5 } })
  await listener.client.subscribeAsync(`${root}/alias/in`)
  await peer.publish('alias/in', 'first', { qos: 0 })
  await peer.publish('alias/in', 'second', { qos: 0 })
  await listener.see('alias of the hub', 2)
}

const peer = await login()
await messages(peer)
await wills(peer)
await session(peer)
await takeover()
await refusals(peer)
if (isFive) {
  await properties(peer)
  await expiry(peer)
  await options(peer)
  await shares(peer)
  await aliases(peer)
}
process.exit()
