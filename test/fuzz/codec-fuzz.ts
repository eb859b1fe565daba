import { createHash } from 'node:crypto'
import {
  encode,
  PacketDecoder,
  type Fault,
  type Packet,
  type PacketType,
  type Version,
} from '../../server/broker/codec/index.ts'
import { wireCases } from '../broker/codec/wire-cases.ts'
import { wire } from '../broker/codec/wire.ts'

/** Numbers from 0 to 1 that a seed determines. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Bytes that often stand at a border of the format. */
const BORDERS = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0xc0, 0xed, 0x10, 0x26, 0x30, 0x32, 0x36, 0x62, 0x82]

const corpus: readonly Buffer[] = wireCases.map(row => wire(row.wire))

export interface FuzzReport {
  readonly inputs: number
  readonly packets: number
  readonly faults: ReadonlyMap<string, number>
  readonly types: ReadonlySet<PacketType>
  /** Longest time for one input, milliseconds. */
  readonly slowest: number
  /** A digest of all outcomes: the same for the same seed. */
  readonly digest: string
}

interface Input {
  readonly bytes: Buffer
  readonly version: Version | null
  readonly from: 'client' | 'server'
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[below(random, list.length)]!
}

/** Changes, cuts, doubles and joins packets. */
function mutate(random: () => number, bytes: Buffer): Buffer {
  let mutated = Buffer.from(bytes)
  for (let left = below(random, 4); left > 0 && mutated.length > 0; left--) {
    const at = below(random, mutated.length)
    switch (below(random, 6)) {
      case 0:
        mutated[at] = below(random, 256)
        break
      case 1:
        mutated[at] = pick(random, BORDERS)
        break
      case 2:
        mutated[at] = mutated[at]! ^ (1 << below(random, 8))
        break
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + 1 + below(random, 4))])
        break
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from([pick(random, BORDERS)]), mutated.subarray(at)])
        break
      default:
        mutated = Buffer.concat([mutated, pick(random, corpus)])
    }
  }
  return mutated
}

/** A packet with its length made right again, so that faults deeper inside are reached. */
function relength(bytes: Buffer): Buffer {
  if (bytes.length < 2 || bytes.length > 129) return bytes
  const right = Buffer.from(bytes)
  right[1] = bytes.length - 2
  return right
}

function nextInput(random: () => number): Input {
  const kind = random()
  const noise = Buffer.from(Array.from({ length: below(random, 40) }, () => below(random, 256)))
  const mutated = kind < 0.1 ? noise : mutate(random, pick(random, corpus))
  return {
    bytes: kind > 0.5 ? relength(mutated) : mutated,
    version: pick(random, [null, 3, 4, 5, 5] as const),
    from: pick(random, ['client', 'server'] as const),
  }
}

/** Decodes one input in up to four pieces. Whatever it throws is a fault of the codec. */
function decodeInput(
  random: () => number,
  input: Input,
  onPacket: (packet: Packet, level: Version) => void,
): Fault | null {
  const { bytes, version, from } = input
  const decoder = new PacketDecoder({ maxPacketSize: 4_000, from, ...(version !== null && { version }) })
  let fault: Fault | null = null
  for (let at = 0; at < bytes.length;) {
    const size = 1 + below(random, bytes.length)
    fault = decoder.push(bytes.subarray(at, at + size), packet => onPacket(packet, decoder.version!))
    at += size
  }
  return fault
}

/** Feeds `inputs` random byte strings to the decoder, and each decoded packet to the encoder and back. */
export function fuzzCodec(seed: number, inputs: number): FuzzReport {
  const random = seeded(seed)
  const faults = new Map<string, number>()
  const types = new Set<PacketType>()
  const digest = createHash('sha256')
  let packets = 0
  let slowest = 0
  for (let i = 0; i < inputs; i++) {
    const input = nextInput(random)
    const start = performance.now()
    const fault = decodeInput(random, input, (packet, level) => {
      packets++
      types.add(packet.type)
      checkAgain(packet, level, input.from)
    })
    slowest = Math.max(slowest, performance.now() - start)
    const outcome = fault === null ? 'no fault' : fault.code
    faults.set(outcome, (faults.get(outcome) ?? 0) + 1)
    digest.update(outcome)
  }
  return { inputs, packets, faults, types, slowest, digest: digest.digest('hex') }
}

/** What was decoded can be encoded, and decodes to the same bytes again. */
function checkAgain(packet: Packet, level: Version, from: 'client' | 'server'): void {
  const first = encode(packet, level)
  let second: Buffer | null = null
  const side = packet.type === 'connect' ? {} : { version: level, from }
  const fault = new PacketDecoder({ maxPacketSize: 100_000, ...side }).push(first, again => {
    second = encode(again, level)
  })
  if (fault !== null || second === null || !first.equals(second)) {
    throw new Error(`${packet.type} of level ${level} does not survive: ${first.toString('hex')} ${fault?.code ?? ''}`)
  }
}
