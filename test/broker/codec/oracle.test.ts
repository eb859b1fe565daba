import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode } from '../../../server/broker/codec/index.ts'
import { anyConnect, anyPacket, shapes } from './arbitrary.ts'
import { isKnownToOracle, theirBytes, theirPackets } from './oracle.ts'
import { decodeAll } from './wire.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`codec against mqtt-packet: HOB_SEED=${seed}`)
const runs = { seed, numRuns: 200 }

describe.each(shapes)('level $version from a $from', shape => {
  const packets = anyPacket({ ...shape, words: true }).filter(isKnownToOracle)

  it('mqtt-packet reads what we write', () => {
    fc.assert(
      fc.property(packets, packet => {
        expect(theirPackets(encode(packet, shape.version), shape.version)).toEqual([packet])
      }),
      runs,
    )
  })

  it('we read what mqtt-packet writes', () => {
    fc.assert(
      fc.property(packets, packet => {
        expect(decodeAll([theirBytes(packet, shape.version)], shape)).toEqual({
          packets: [packet],
          fault: null,
          buffered: 0,
        })
      }),
      runs,
    )
  })
})

describe.each([3, 4, 5] as const)('CONNECT of level %i', version => {
  const packets = anyConnect(version, true).filter(isKnownToOracle)

  it('mqtt-packet reads what we write', () => {
    fc.assert(
      fc.property(packets, packet => {
        expect(theirPackets(encode(packet, version), version)).toEqual([packet])
      }),
      runs,
    )
  })

  it('we read what mqtt-packet writes', () => {
    fc.assert(
      fc.property(packets, packet => {
        const decoded = decodeAll([theirBytes(packet, version)], { version: null })
        expect(decoded).toEqual({ packets: [packet], fault: null, buffered: 0 })
      }),
      runs,
    )
  })
})
