import { describe, expect, it } from 'vitest'
import { encode, faults, PacketDecoder, type Packet } from '../../../server/broker/codec/index.ts'
import { decodeAll, decoderFor, wire } from './wire.ts'

function publish(size: number): Buffer {
  const fields = {
    topic: 't',
    payload: Buffer.alloc(size, 0x61),
    qos: 0,
    dup: false,
    retain: false,
    packetId: 0,
  } as const
  return encode({ type: 'publish', ...fields, properties: null }, 4)
}

describe('sizes', () => {
  it.each([
    ['a packet of the largest size', publish(95), null],
    ['one byte more', publish(96), faults.packetTooLarge],
    ['one byte more, by its header alone', publish(96).subarray(0, 2), faults.packetTooLarge],
    ['256 MiB announced', wire('30 ffffff7f'), faults.packetTooLarge],
  ])('%s of 100', (_, bytes, fault) => {
    expect(decodeAll([bytes], { version: 4, maxPacketSize: 100 }).fault).toBe(fault)
  })

  it('may change while the connection stands', () => {
    const decoder = decoderFor({ version: null, maxPacketSize: 50 })
    const ignore = (): void => {}
    expect(decoder.push(wire("10 [ 'MQTT' 04 02 000a 'p' ]"), ignore)).toBeNull()
    decoder.maxPacketSize = 1_000
    expect(decoder.push(publish(900), ignore)).toBeNull()
  })

  it.each([
    ['filters', 4, '82 [ 0001', "'p' 00", ']', faults.tooManyFilters],
    ['filters to unsubscribe', 5, 'a2 [ 0001 ( )', "'p'", ']', faults.tooManyFilters],
    ['user properties', 5, "30 [ 'topic' (", "26 '' ''", ') ]', faults.tooManyProperties],
  ] as const)('1,000 %s are taken, one more is not', (_, version, start, entry, end, fault) => {
    const holding = (count: number): Buffer => wire(`${start} ${`${entry} `.repeat(count)} ${end}`)
    expect(decodeAll([holding(1_000)], { version }).fault).toBeNull()
    expect(decodeAll([holding(1_001)], { version }).fault).toBe(fault)
  })

  it('takes memory for what arrived, not for what was announced', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 50 }, () => decoderFor({ version: 4 }))
    for (const decoder of decoders) {
      decoder.push(wire('30 ffffff7f 0001 "t" "and no more"'), () => {})
      expect(decoder.buffered).toBe(19)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  it('decodes a packet of 5 MB that comes in small pieces', () => {
    const whole = publish(5_000_000)
    const pieces: Buffer[] = []
    for (let at = 0; at < whole.length; at += 1_400) pieces.push(whole.subarray(at, at + 1_400))
    const [packet] = decodeAll(pieces, { version: 4 }).packets
    expect(packet?.type === 'publish' && Buffer.alloc(5_000_000, 0x61).equals(packet.payload)).toBe(true)
  })
})

describe('what is kept between chunks', () => {
  it('is a copy: the chunk may change afterwards', () => {
    const decoder = decoderFor({ version: 4 })
    const seen: Packet[] = []
    const first = Buffer.from(wire('30 [ \'topic\' "payload" ]').subarray(0, 9))
    decoder.push(first, () => {})
    first.fill(0)
    decoder.push(wire('"payload"'), packet => {
      seen.push(packet)
    })
    expect(seen).toMatchObject([{ topic: 'topic', payload: Buffer.from('payload') }])
  })

  it('is nothing when the chunk ends with a packet', () => {
    expect(decodeAll([wire('c0 00 c0 00')], { version: 4 }).buffered).toBe(0)
  })

  it('does not mix the topics of connections or of messages', () => {
    const topics = [
      'a/1',
      'a/1',
      'a/2',
      'b/1',
      'a/10',
      'a/1',
      'é/1',
      'a/1',
      `${'x'.repeat(300)}1`,
      `${'x'.repeat(300)}2`,
    ]
    const bytes = Buffer.concat(topics.map(topic => wire(`30 [ '${topic}' ]`.replace("''", "'' "))))
    const { packets } = decodeAll([bytes], { version: 4 })
    expect(packets.map(packet => packet.type === 'publish' && packet.topic)).toEqual(topics)
  })
})

describe('payload', () => {
  it('points into the chunk, without a copy', () => {
    const chunk = wire('30 [ \'topic\' "payload" ]')
    decoderFor({ version: 4 }).push(chunk, packet => {
      expect(packet.type === 'publish' && packet.payload.buffer).toBe(chunk.buffer)
    })
    expect.assertions(1)
  })

  it('is the one thing that does: other bytes outlive the chunk', () => {
    const seen: Packet[] = []
    const chunk = wire("10 [ 'MQTT' 05 c6 000a ( 15 'm' 16 'd' ) 'c' ( 09 'x' ) 'w' 'bye' 'u' 'secret' ]")
    decoderFor({ version: null }).push(chunk, packet => {
      seen.push(packet)
    })
    chunk.fill(0)
    expect(seen).toMatchObject([
      {
        will: { payload: new Uint8Array(Buffer.from('bye')), properties: { correlationData: new Uint8Array([0x78]) } },
        password: new Uint8Array(Buffer.from('secret')),
        properties: { authenticationData: new Uint8Array([0x64]) },
      },
    ])
  })
})

describe('a receiver that says stop', () => {
  const stream = wire("10 [ 'MQTT' 04 02 000a 'p' ] c0 00 30 [ 'a' ] e0 00")

  it.each([[[stream]], [[stream.subarray(0, 5), stream.subarray(5)]], [Array.from(stream, byte => Buffer.of(byte))]])(
    'gets one packet at a time, in order, cut %#',
    chunks => {
      const decoder = decoderFor({ version: null })
      const seen: string[] = []
      const one = (packet: Packet): false => {
        seen.push(packet.type)
        return false
      }
      for (const chunk of chunks) expect(decoder.push(chunk, one)).toBeNull()
      for (let i = 0; i < 4; i++) expect(decoder.push(Buffer.alloc(0), one)).toBeNull()
      expect(seen).toEqual(['connect', 'pingreq', 'publish', 'disconnect'])
      expect(decoder.buffered).toBe(0)
    },
  )

  it('is told of a fault only when it goes on', () => {
    const decoder = decoderFor({ version: null })
    expect(decoder.push(wire("10 [ 'MQTT' 04 02 000a 'p' ] 00 00"), () => false)).toBeNull()
    expect(decoder.push(Buffer.alloc(0), () => false)).toBe(faults.unknownPacketType)
  })
})

describe('version', () => {
  it('is that of the CONNECT', () => {
    const decoder = new PacketDecoder({ maxPacketSize: 100 })
    expect(decoder.version).toBeNull()
    const seen: Packet[] = []
    decoder.push(wire("10 [ 'MQTT' 05 02 000a ( ) 'p' ] 30 [ 't' ( 23 0001 ) ]"), packet => {
      seen.push(packet)
    })
    expect(seen[1]).toMatchObject({ type: 'publish', properties: { topicAlias: 1 } })
    expect(decoder.version).toBe(5)
  })

  it('can be set, as a client does', () => {
    const decoder = new PacketDecoder({ maxPacketSize: 100, from: 'server', version: 4 })
    const seen: Packet[] = []
    const keep = (packet: Packet): void => {
      seen.push(packet)
    }
    decoder.push(wire('40 [ 0001 ]'), keep)
    decoder.version = 5
    decoder.push(wire('40 [ 0001 10 ]'), keep)
    expect(seen).toMatchObject([{ reason: 0 }, { reason: 0x10 }])
  })
})

describe('two-byte packets', () => {
  it('are always the same object', () => {
    const seen = new Set<Packet>()
    decoderFor({ version: 4 }).push(wire('c0 00 c0 00 c0 00'), packet => {
      seen.add(packet)
    })
    expect(seen.size).toBe(1)
  })
})
