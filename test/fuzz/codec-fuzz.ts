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
import { below, mutate, pick, seeded } from './mutation.ts'

const corpus: readonly Buffer[] = wireCases.map(row => wire(row.wire))

export interface FuzzReport {
  readonly inputs: number
  readonly packets: number
  readonly faults: ReadonlyMap<string, number>
  readonly types: ReadonlySet<PacketType>
  /** Most CPU time for one input, milliseconds: the clock on the wall also counts what other processes do. */
  readonly slowest: number
  /** A digest of all outcomes: the same for the same seed. */
  readonly digest: string
}

interface Input {
  readonly bytes: Buffer
  readonly version: Version | null
  readonly from: 'client' | 'server'
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
  const mutated = kind < 0.1 ? noise : mutate(random, pick(random, corpus), corpus)
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
    const start = process.threadCpuUsage()
    const fault = decodeInput(random, input, (packet, level) => {
      packets++
      types.add(packet.type)
      checkAgain(packet, level, input.from)
    })
    const { user, system } = process.threadCpuUsage(start)
    slowest = Math.max(slowest, (user + system) / 1000)
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
