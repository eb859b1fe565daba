import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode, publishSize } from '../../../server/broker/codec/index.ts'
import { anyConnect, anyPacket, publish, shapes } from './arbitrary.ts'
import { decodeAll } from './wire.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`codec properties: HOB_SEED=${seed}`)
const runs = { seed, numRuns: 300 }

/** Cuts bytes at random places. */
function cut(whole: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map(place => place % (whole.length + 1)))].toSorted((a, b) => a - b)
  return [...at, whole.length].map((end, i) => whole.subarray(at[i - 1] ?? 0, end))
}

describe.each(shapes)('MQTT level $version from a $from', shape => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(anyPacket(shape), packet => {
        const decoded = decodeAll([encode(packet, shape.version)], shape)
        expect(decoded).toEqual({ packets: [packet], fault: null, buffered: 0 })
      }),
      runs,
    )
  })

  it('decodes the same packets however the stream is cut', () => {
    const stream = fc.array(anyPacket(shape), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 60_000 }), { maxLength: 12 }), (packets, places) => {
        const whole = Buffer.concat(packets.map(packet => encode(packet, shape.version)))
        expect(decodeAll(cut(whole, places), shape)).toEqual({ packets, fault: null, buffered: 0 })
      }),
      runs,
    )
  })

  it('decodes the same packets byte by byte', () => {
    fc.assert(
      fc.property(fc.array(anyPacket(shape), { minLength: 1, maxLength: 3 }), packets => {
        const whole = Buffer.concat(packets.map(packet => encode(packet, shape.version))).subarray(0, 3_000)
        const single = Array.from(whole, byte => Buffer.of(byte))
        expect(decodeAll(single, shape)).toEqual(decodeAll([whole], shape))
      }),
      { seed, numRuns: 50 },
    )
  })

  it('knows the size of a message before it writes it', () => {
    fc.assert(
      fc.property(publish(shape), packet => {
        expect(publishSize(packet, shape.version)).toBe(encode(packet, shape.version).length)
      }),
      runs,
    )
  })
})

describe.each([3, 4, 5] as const)('CONNECT of level %i', version => {
  it('decodes what it encodes, and takes the version from it', () => {
    fc.assert(
      fc.property(anyConnect(version), fc.array(fc.nat({ max: 300 })), (packet, places) => {
        const chunks = cut(encode(packet, version), places)
        expect(decodeAll(chunks, { version: null })).toEqual({ packets: [packet], fault: null, buffered: 0 })
      }),
      runs,
    )
  })
})
