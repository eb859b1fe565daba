import { encode, PacketDecoder, writePublish, type PublishFields } from '../../server/broker/codec/index.ts'

const CHUNK = 65_536
const ROUNDS = 7

function message(topic: string): PublishFields {
  const payload = Buffer.alloc(64, 0x61)
  return { topic, payload, qos: 0, dup: false, retain: false, packetId: 0, properties: null }
}

/** Two MiB of packets, cut as a socket cuts them. */
function chunksOf(topics: readonly string[]): Buffer[] {
  const packets = topics.map(topic => encode({ type: 'publish', ...message(topic) }, 4))
  const parts: Buffer[] = []
  for (let size = 0, i = 0; size < 32 * CHUNK; i++) {
    const packet = packets[i % packets.length]!
    parts.push(packet)
    size += packet.length
  }
  const stream = Buffer.concat(parts)
  return Array.from({ length: Math.ceil(stream.length / CHUNK) }, (_, i) =>
    Buffer.from(stream.subarray(i * CHUNK, (i + 1) * CHUNK)),
  )
}

/** Packets a second: the median of the rounds behind one that warms up. */
function rateOf(round: () => number): number {
  const rates: number[] = []
  for (let i = 0; i <= ROUNDS; i++) {
    const start = performance.now()
    const packets = round()
    if (i > 0) rates.push((packets / (performance.now() - start)) * 1000)
  }
  return rates.toSorted((a, b) => a - b)[ROUNDS >> 1]!
}

function decodeRate(topics: readonly string[]): number {
  const chunks = chunksOf(topics)
  return rateOf(() => {
    let packets = 0
    for (let pass = 0; pass < 10; pass++) {
      const decoder = new PacketDecoder({ maxPacketSize: 1_000_000, version: 4 })
      for (const chunk of chunks) {
        const fault = decoder.push(chunk, () => {
          packets++
        })
        if (fault !== null) throw new Error(fault.text)
      }
    }
    return packets
  })
}

function writeRate(topics: readonly string[]): number {
  const output = { buffer: Buffer.alloc(CHUNK), length: 0 }
  const messages = topics.map(message)
  return rateOf(() => {
    for (let i = 0; i < 300_000; i++) {
      if (!writePublish(output, messages[i % messages.length]!, 4)) output.length = 0
    }
    return 300_000
  })
}

/** The codec alone, on one core: 64-byte messages from chunks of 64 KiB, and into such buffers. */
export function measureCodec(): { name: string; rate: number }[] {
  const one = ['home/kitchen/temperature']
  const many = Array.from({ length: 100 }, (_, i) => `home/device-${i}/state`)
  return [
    { name: 'decode, one topic', rate: decodeRate(one) },
    { name: 'decode, 100 topics in turn', rate: decodeRate(many) },
    { name: 'append, one topic', rate: writeRate(one) },
    { name: 'append, 100 topics in turn', rate: writeRate(many) },
  ]
}
