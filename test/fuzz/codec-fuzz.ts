import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { encode, PacketDecoder, type Packet, type PacketType, type Version } from '../../server/broker/codec/index.ts'
import { corpus, inputText, legal, type Input } from './corpus.ts'
import { below, mutate, pick, seeded } from './mutation.ts'
import { shrink } from './shrink.ts'

const MAX_PACKET = 4_000
/** Inputs between two looks at the time they took. */
const BATCH = 200

export interface FuzzReport {
  readonly inputs: number
  readonly packets: number
  /** Outcomes and how often each came: `ok` or the code of a fault. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly types: ReadonlySet<PacketType>
  /** Inputs that led to an outcome of a packet type, level and side which no input before it led to. */
  readonly discoveries: readonly (Input & { readonly outcome: string })[]
  /** Most CPU time for a batch of inputs, milliseconds: the clock on the wall also counts what other processes do. */
  readonly slowest: number
  /** A digest of all outcomes: the same for the same seed. */
  readonly digest: string
}

/** A packet with its length made right again, so that faults deeper inside are reached. */
function relength(bytes: Buffer): Buffer {
  if (bytes.length < 2 || bytes.length > 129) return bytes
  const right = Buffer.from(bytes)
  right[1] = bytes.length - 2
  return right
}

function nextInput(random: () => number, pool: readonly Input[], parts: readonly Buffer[]): Input {
  const kind = random()
  const source = pick(random, pool)
  const noise = () => Buffer.from(Array.from({ length: below(random, 40) }, () => below(random, 256)))
  const bytes = kind < 0.05 ? noise() : mutate(random, source.bytes, parts)
  const isOther = random() < 0.2
  return {
    bytes: kind > 0.5 ? relength(bytes) : bytes,
    version: isOther ? pick(random, [null, 3, 4, 5] as const) : source.version,
    from: isOther ? pick(random, ['client', 'server'] as const) : source.from,
  }
}

/** What is decoded encodes, and what is encoded decodes to the same. */
function checkAgain(packet: Packet, level: Version, from: Input['from']): void {
  const bytes = encode(packet, level)
  const side = packet.type === 'connect' ? {} : { version: level, from }
  const again: Packet[] = []
  const fault = new PacketDecoder({ maxPacketSize: 100_000, ...side }).push(bytes, each => void again.push(each))
  if (fault === null && again.length === 1 && isDeepStrictEqual(again[0], packet)) return
  throw new Error(`${packet.type} of level ${level} does not survive: ${bytes.toString('hex')} ${fault?.code ?? ''}`)
}

/**
 * Decodes an input in pieces of the sizes given, in turn. Whatever it throws is a fault of the codec.
 * @returns `ok` or the code of the fault.
 */
export function outcomeOf(input: Input, sizes: readonly number[], onPacket: (packet: Packet) => void = () => {}) {
  const { bytes, version, from } = input
  const decoder = new PacketDecoder({ maxPacketSize: MAX_PACKET, from, ...(version !== null && { version }) })
  let outcome = 'ok'
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!
    const fault = decoder.push(bytes.subarray(at, at + size), packet => {
      onPacket(packet)
      checkAgain(packet, decoder.version!, from)
    })
    at += size
    if (decoder.buffered > Math.min(at, MAX_PACKET)) throw new Error(`${decoder.buffered} bytes kept of ${at}`)
    if (fault !== null) outcome = fault.code
  }
  return outcome
}

/** Throws what the smallest part of an input makes the codec throw, with the line for the corpus. */
async function report(seed: number, input: Input, sizes: readonly number[]): Promise<never> {
  Error.stackTraceLimit = 10
  let failure: unknown
  const bytes = await shrink([...input.bytes], fewer => {
    try {
      outcomeOf({ ...input, bytes: Buffer.from(fewer) }, sizes)
      return false
    } catch (error) {
      failure = error
      return true
    }
  })
  const line = inputText({ ...input, bytes: Buffer.from(bytes) })
  throw new Error(`HOB_SEED=${seed}, in pieces of ${sizes.join(', ')} bytes. For corpus.txt: ${line}`, {
    cause: failure,
  })
}

/** Half the time of a fault is its stack, which nobody reads unless something fails. */
async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return await work()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/**
 * Feeds random byte strings to the decoder, and each decoded packet to the encoder and back. The strings are changed
 * from legal packets, from the corpus, and from those that led to something new.
 */
export function fuzzCodec(seed: number, inputs: number): Promise<FuzzReport> {
  return withoutStacks(() => feed(seed, inputs))
}

async function feed(seed: number, inputs: number): Promise<FuzzReport> {
  const random = seeded(seed)
  const pool: Input[] = [...legal, ...corpus]
  const parts = legal.map(({ bytes }) => bytes)
  const seen = new Set<string>()
  const outcomes = new Map<string, number>()
  const types = new Set<PacketType>()
  const discoveries: (Input & { outcome: string })[] = []
  const digest = createHash('sha256')
  let packets = 0
  let slowest = 0
  let start = process.threadCpuUsage()
  for (let i = 1; i <= inputs; i++) {
    const input = nextInput(random, pool, parts)
    const sizes = [1 + below(random, 1 + input.bytes.length), 1 + below(random, 8)]
    let outcome = ''
    try {
      outcome = outcomeOf(input, sizes, packet => {
        packets++
        types.add(packet.type)
      })
    } catch {
      await report(seed, input, sizes)
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    digest.update(outcome)
    const kind = `${input.version} ${input.from} ${(input.bytes[0] ?? 0) >> 4} ${outcome}`
    if (!seen.has(kind)) {
      seen.add(kind)
      pool.push(input)
      discoveries.push({ ...input, outcome })
    }
    if (i % BATCH > 0) continue
    const { user, system } = process.threadCpuUsage(start)
    slowest = Math.max(slowest, (user + system) / 1000)
    // The runner wants to be answered now and then.
    await setImmediate()
    start = process.threadCpuUsage()
  }
  return { inputs, packets, outcomes, types, discoveries, slowest, digest: digest.digest('hex') }
}
