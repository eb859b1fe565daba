import type { QoS } from '#kernel'
import { encode, type Packet, type PublishProperties, type Version } from '../../server/broker/codec/index.ts'
import { beforeFive } from '../broker/conformance/before-5.ts'
import { connectCases } from '../broker/conformance/connect.ts'
import { furtherCases } from '../broker/conformance/further.ts'
import { malformedCases } from '../broker/conformance/malformed.ts'
import { publishCases } from '../broker/conformance/publish.ts'
import { subscribeCases } from '../broker/conformance/subscribe.ts'
import { willCases } from '../broker/conformance/will.ts'
import { legal } from './corpus.ts'
import { below, mutate, pick } from './mutation.ts'
import { CLIENTS, sceneScript, type Step } from './script.ts'

type Random = () => number

const topics = ['a', 'a/b', 'a/b/c', '$SYS/x', 'b']
const filters = ['#', '+', 'a/+', 'a/#', 'a/b', '$SYS/#', '$share/g/a', '$share/g/#', 'b']
/** Few, so that clients take each other over and find their sessions again. */
const clientIds = ['c0', 'c1', 'c2', '']
const parts: readonly Buffer[] = legal.filter(({ from }) => from === 'client').map(({ bytes }) => bytes)
const families = [connectCases, willCases, subscribeCases, publishCases, malformedCases, beforeFive, furtherCases]
const scenes: readonly (readonly Step[])[] = families.flat().map(({ lines }) => sceneScript(lines))
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

/** Bytes in one or several steps: what a socket brings in one read is up to the network. */
function cut(random: Random, client: number, bytes: Buffer): Step[] {
  if (random() > 0.1 || bytes.length < 2) return [{ kind: 'sends', client, bytes }]
  const at = 1 + below(random, bytes.length - 1)
  const first: Step = { kind: 'sends', client, bytes: bytes.subarray(0, at) }
  const rest = cut(random, client, bytes.subarray(at))
  return random() < 0.5 ? [first, { kind: 'turn' }, ...rest] : [first, ...rest]
}

/** Several clients that speak in turn. */
function invent(random: Random): Step[] {
  const versions = Array.from({ length: CLIENTS }, () => pick(random, [3, 4, 5, 5] as const))
  const steps: Step[] = []
  const open = (client: number) => {
    versions[client] = pick(random, [3, 4, 5, 5] as const)
    const hello = encode(connect(random, versions[client]), versions[client])
    steps.push({ kind: 'opens', client, bytes: random() < 0.05 ? mutate(random, hello, parts) : hello })
  }
  for (let client = 0; client < CLIENTS; client++) open(client)
  for (let left = below(random, 40); left > 0; left--) {
    const client = below(random, CLIENTS)
    const chance = random()
    if (chance < 0.04) open(client)
    else if (chance < 0.08) steps.push({ kind: pick(random, ['drops', 'stalls', 'reads'] as const), client })
    else if (chance < 0.1) steps.push({ kind: 'wait', milliseconds: below(random, 3_000) })
    else if (chance < 0.25) steps.push({ kind: 'turn' })
    else {
      const bytes = encode(nextPacket(random), versions[client]!)
      steps.push(...cut(random, client, chance < 0.3 ? mutate(random, bytes, parts) : bytes))
    }
  }
  return steps
}

/** A scene of the conformance cases with steps changed, left out, repeated and taken from another one. */
function distort(random: Random): Step[] {
  const other = pick(random, scenes)
  return pick(random, scenes).flatMap((step): Step[] => {
    const chance = random()
    if (chance < 0.05) return []
    if (chance < 0.1) return [step, step]
    if (chance < 0.15) return [step, pick(random, other)]
    if (!('bytes' in step)) return [step]
    if (chance < 0.35) return [{ ...step, bytes: mutate(random, step.bytes, parts) }]
    if (chance < 0.4) return [{ ...step, client: below(random, CLIENTS) }]
    return step.kind === 'sends' ? cut(random, step.client, step.bytes) : [step]
  })
}

/** What up to CLIENTS clients do, most of it legal. */
export function makeScript(random: Random): Step[] {
  return random() < 0.6 ? invent(random) : distort(random)
}
