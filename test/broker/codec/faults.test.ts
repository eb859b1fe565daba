import { describe, expect, it } from 'vitest'
import { faults, PacketDecoder, reasons, returnCodes } from '../../../server/broker/codec/index.ts'
import { faultCases } from './fault-cases.ts'
import { decodeAll, decoderFor, wire } from './wire.ts'

describe('bytes that end a connection', () => {
  it.each(faultCases)('$name: $fault', ({ version, from, wire: notation, fault }) => {
    const side = { version: version === 'first' ? null : version, ...(from && { from }) }
    expect(decodeAll([wire(notation)], side).fault).toBe(faults[fault])
  })

  it.each(faultCases.filter(row => row.within !== undefined))(
    'knows $name by the first bytes: $within',
    ({ version, from, wire: notation, fault, within }) => {
      const side = { version: version === 'first' ? null : version, ...(from && { from }) }
      expect(decodeAll([wire(notation).subarray(0, within)], side).fault).toBe(faults[fault])
    },
  )

  it('has a case for every fault', () => {
    const elsewhere = ['packetTooLarge', 'tooManyFilters', 'tooManyProperties']
    expect(new Set([...faultCases.map(row => row.fault), ...elsewhere])).toEqual(new Set(Object.keys(faults)))
  })
})

describe('the table of faults', () => {
  it.each(Object.entries(faults))('%s names itself and what it says on the wire', (_, fault) => {
    expect(fault.code).toMatch(/^broker\.[a-z]+(_[a-z]+)*$/)
    expect(fault.text).toMatch(/^[^A-Z].*[^.]$/s)
    expect(Object.values(reasons)).toContain(fault.reason)
    expect([null, ...Object.values(returnCodes)]).toContain(fault.connack)
    expect(Object.isFrozen(fault)).toBe(true)
  })
})

describe('after a fault', () => {
  it('decodes nothing and says the same again', () => {
    const decoder = decoderFor({ version: 4 })
    const seen: string[] = []
    const onPacket = (packet: { type: string }): void => {
      seen.push(packet.type)
    }
    expect(decoder.push(wire('c0 00 30 [ ] c0 00'), onPacket)).toBe(faults.truncated)
    expect(decoder.push(wire('c0 00'), onPacket)).toBe(faults.truncated)
    expect(seen).toEqual(['pingreq'])
    expect(decoder.buffered).toBe(0)
  })

  it('lets an exception of the receiver pass as it is', () => {
    const decoder = new PacketDecoder({ maxPacketSize: 100, version: 4 })
    const bug = new Error('a bug of the receiver')
    expect(() =>
      decoder.push(wire('c0 00'), () => {
        throw bug
      }),
    ).toThrow(bug)
  })
})
