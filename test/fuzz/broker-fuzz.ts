import { createCauses, createUlids, type QoS } from '#kernel'
import { allowEveryone, createBroker, defaultLimits, type Broker } from '../../server/broker/index.ts'
import { encode, type Packet, type PublishProperties, type Version } from '../../server/broker/codec/index.ts'
import { MemoryStream, settle } from '../broker/support/memory-stream.ts'
import { createTestStore, type TestStore } from '../broker/support/store.ts'
import { wire } from '../broker/codec/wire.ts'
import { wireCases } from '../broker/codec/wire-cases.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { below, mutate, pick, seeded } from './mutation.ts'

type Random = () => number

const topics = ['a', 'a/b', 'a/b/c', '$SYS/x', 'b']
const filters = ['#', '+', 'a/+', 'a/#', 'a/b', '$SYS/#', '$share/g/a', 'b']
/** Few, so that clients take each other over and find their sessions again. */
const clientIds = ['c0', 'c1', 'c2', '']
const raw: readonly Buffer[] = wireCases.filter(row => row.from === 'client').map(row => wire(row.wire))
const NONE = { properties: null } as const

function connect(random: Random, version: Version): Packet {
  const clientId = pick(random, clientIds)
  const qos = pick<QoS>(random, [0, 1, 2])
  const willProperties = { willDelay: below(random, 3), messageExpiry: below(random, 3) }
  const will = {
    ...{ topic: pick(random, topics), payload: Buffer.from('gone'), qos, retain: random() < 0.3 },
    properties: version === 5 ? willProperties : null,
  }
  const properties = {
    // One for ever under an id that is given once would never be met again.
    sessionExpiry: pick(random, clientId === '' ? [0, 1] : [0, 1, 60, 0xffff_ffff]),
    receiveMaximum: pick(random, [1, 2, 100]),
    maximumPacketSize: pick(random, [20, 1_000, 100_000]),
    topicAliasMaximum: pick(random, [0, 1, 5]),
    ...(random() < 0.05 ? { authenticationMethod: 'unheard-of' } : {}),
  }
  return {
    type: 'connect',
    version,
    clean: random() < 0.4,
    keepAlive: pick(random, [0, 1, 60]),
    clientId,
    will: random() < 0.3 ? will : null,
    username: null,
    password: null,
    properties: version === 5 && random() < 0.7 ? properties : null,
  }
}

function publishProperties(random: Random): PublishProperties | null {
  if (random() < 0.5) return null
  return {
    ...(random() < 0.5 ? { topicAlias: 1 + below(random, 11) } : {}),
    ...(random() < 0.5 ? { messageExpiry: below(random, 3) } : {}),
    ...(random() < 0.5 ? { userProperties: [['k', 'v'] as const] } : {}),
  }
}

/** A legal packet with few ids and topics, so that exchanges meet each other. */
function nextPacket(random: Random): Packet {
  const packetId = 1 + below(random, 5)
  const qos = pick<QoS>(random, [0, 1, 2])
  const options = {
    noLocal: random() < 0.1,
    retainAsPublished: random() < 0.3,
    retainHandling: pick(random, [0, 0, 1, 2] as const),
  }
  const payload = Buffer.alloc(pick(random, [0, 1, 30, 30, 20_000]), 0x78)
  switch (below(random, 8)) {
    case 0:
      return {
        type: 'subscribe',
        packetId,
        requests: [{ filter: pick(random, filters), qos, ...options }],
        properties: random() < 0.3 ? { subscriptionId: 1 + below(random, 3) } : null,
      }
    case 1:
      return { type: 'unsubscribe', packetId, filters: [pick(random, filters)], ...NONE }
    case 2:
      return {
        type: pick(random, ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const),
        packetId,
        reason: random() < 0.1 ? 0x80 : 0,
        ...NONE,
      }
    case 3:
      return random() < 0.2
        ? {
            type: 'disconnect',
            reason: pick(random, [0, 4]),
            properties: random() < 0.3 ? { sessionExpiry: below(random, 3) } : null,
          }
        : { type: 'pingreq' }
    case 4:
      return { type: 'pubrel', packetId, reason: 0, ...NONE }
    default: {
      const message = { topic: pick(random, topics), payload, qos, retain: random() < 0.3 }
      return {
        type: 'publish',
        ...message,
        dup: qos > 0 && random() < 0.2,
        packetId: qos === 0 ? 0 : packetId,
        properties: publishProperties(random),
      }
    }
  }
}

function nextBytes(random: Random, version: Version): Buffer {
  const chance = random()
  if (chance < 0.1) return mutate(random, pick(random, raw), raw)
  const bytes = encode(nextPacket(random), version)
  return chance < 0.2 ? mutate(random, bytes, raw) : bytes
}

export interface BrokerFuzzReport {
  readonly sequences: number
  /** Connections that got a CONNACK which lets them in. */
  readonly welcomed: number
  /** What the broker logged as its own failures. */
  readonly errors: readonly string[]
  /** Messages that the client which did nothing wrong sent itself and got back. */
  readonly healthy: number
  readonly healthySent: number
  /** Connections and lasting sessions at the end. */
  readonly connectionsLeft: number
  readonly sessionsLeft: number
  /** The same sessions, as a broker finds them that starts on what was stored. */
  readonly sessionsRestored: number
}

function start(clock: TestClock, store: TestStore, errors: string[]): Broker {
  let ids = 0
  return createBroker({
    clock,
    causes: createCauses(createUlids(clock.now, length => new Uint8Array(length).fill(ids++ & 31))),
    store,
    permissions: allowEveryone,
    limits: { ...defaultLimits, maxQueued: 50, maxPacketSize: 65_536 },
    log: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (facts, text) => void errors.push(`${text} ${'error' in facts ? String(facts.error) : ''}`),
    },
    onMessage: () => {},
  })
}

/** A broker in memory with a client that does nothing wrong, and random clients one after the other. */
class Arena {
  readonly #random: Random
  readonly clock = createTestClock()
  readonly store = createTestStore(true)
  readonly broker: Broker
  readonly errors: string[] = []
  readonly #healthy = new MemoryStream()
  #open: MemoryStream[] = []
  welcomed = 0
  healthySent = 0
  healthy = 0

  constructor(random: Random) {
    this.#random = random
    this.broker = start(this.clock, this.store, this.errors)
  }

  async open(): Promise<void> {
    await this.broker.open()
    this.#accept(this.#healthy)
    const hello = {
      ...connect(() => 0, 4),
      clean: true,
      keepAlive: 0,
      clientId: 'healthy',
      will: null,
    } as Packet
    this.#healthy.feed(encode(hello, 4))
    this.#healthy.feed(wire("82 [ 0001 'healthy' 00 ]"))
    await settle()
    this.#healthy.taken()
  }

  #accept(stream: MemoryStream): void {
    this.broker.accept(stream, { address: '192.0.2.1', port: 1024, transport: 'tcp' })
  }

  async sequence(): Promise<void> {
    const random = this.#random
    const stream = new MemoryStream()
    this.#open.push(stream)
    this.#accept(stream)
    const version = pick(random, [3, 4, 5, 5] as const)
    stream.feed(encode(connect(random, version), version))
    for (let left = below(random, 12); left > 0; left--) {
      stream.feed(nextBytes(random, version))
      if (random() < 0.2) await settle()
    }
    if (random() < 0.3) this.clock.advance(below(random, 3_000))
    await settle()
    const [type, , flags, reason] = stream.taken()
    if (type === 0x20 && flags! <= 1 && reason === 0) this.welcomed++
    if (random() < 0.6) stream.break()
    if (this.#open.length > 20) for (const each of this.#open.splice(0)) each.break()
  }

  /** The client that does nothing wrong says something to itself. */
  async check(): Promise<void> {
    const before = wire('30 [ \'healthy\' "well" ]')
    this.#healthy.feed(before)
    this.healthySent++
    await settle()
    if (this.#healthy.taken().includes(before)) this.healthy++
  }

  async close(): Promise<void> {
    for (const each of this.#open) each.break()
    await settle()
  }
}

/** Feeds random sequences of packets, many of them malformed, to a broker in memory. */
export async function fuzzBroker(seed: number, sequences: number): Promise<BrokerFuzzReport> {
  const arena = new Arena(seeded(seed))
  await arena.open()
  for (let i = 0; i < sequences; i++) {
    await arena.sequence()
    if (i % 50 === 0) await arena.check()
  }
  await arena.close()
  await arena.check()
  const { welcomed, errors, healthy, healthySent } = arena
  const { connections, sessions } = arena.broker.stats()
  const again = start(arena.clock, arena.store.afterKill(), errors)
  await again.open()
  return {
    sequences,
    welcomed,
    errors,
    healthy,
    healthySent,
    connectionsLeft: connections,
    sessionsLeft: sessions,
    sessionsRestored: again.stats().sessions,
  }
}
