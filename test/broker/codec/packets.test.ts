import { describe, expect, it } from 'vitest'
import { encode, type PacketType } from '../../../server/broker/codec/index.ts'
import { decodeAll, wire } from './wire.ts'
import { wireCases } from './wire-cases.ts'

describe('bytes and packets, both ways', () => {
  it.each(wireCases)('decodes $name', ({ version, from, wire: notation, packet }) => {
    const start = packet.type === 'connect' ? null : version
    expect(decodeAll([wire(notation)], { version: start, from })).toEqual({
      packets: [packet],
      fault: null,
      buffered: 0,
    })
  })

  it.each(wireCases.filter(row => !row.isLonger))('encodes $name', ({ version, wire: notation, packet }) => {
    expect(encode(packet, version).toString('hex')).toBe(wire(notation).toString('hex'))
  })

  it('has a case for every packet type', () => {
    const types: PacketType[] = [
      'connect',
      'connack',
      'publish',
      'puback',
      'pubrec',
      'pubrel',
      'pubcomp',
      'subscribe',
      'suback',
      'unsubscribe',
      'unsuback',
      'pingreq',
      'pingresp',
      'disconnect',
      'auth',
    ]
    expect(new Set(wireCases.map(row => row.packet.type))).toEqual(new Set(types))
  })
})

describe('what a version has no field for', () => {
  it.each([
    ['properties of a message', { version: 4, wire: "30 [ 'topic' ]" }],
    ['properties of a message', { version: 5, wire: "30 [ 'topic' ( 03 'x' ) ]" }],
  ] as const)('leaves out %s as %o asks', (_, { version, wire: notation }) => {
    const packet = {
      type: 'publish',
      topic: 'topic',
      payload: Buffer.alloc(0),
      qos: 0,
      dup: false,
      retain: false,
      packetId: 0,
      properties: { contentType: 'x' },
    } as const
    expect(encode(packet, version)).toEqual(wire(notation))
  })

  it('leaves out reasons and options before 5.0', () => {
    expect(encode({ type: 'puback', packetId: 1, reason: 0x10, properties: null }, 4)).toEqual(wire('40 [ 0001 ]'))
    expect(encode({ type: 'disconnect', reason: 4, properties: { reasonString: 'x' } }, 4)).toEqual(wire('e0 [ ]'))
    expect(encode({ type: 'unsuback', packetId: 1, reasons: [0], properties: null }, 3)).toEqual(wire('b0 [ 0001 ]'))
    const request = { filter: 'p', qos: 1, noLocal: true, retainAsPublished: true, retainHandling: 2 } as const
    expect(encode({ type: 'subscribe', packetId: 1, requests: [request], properties: null }, 4)).toEqual(
      wire("82 [ 0001 'p' 01 ]"),
    )
  })

  it('refuses to write what no packet can hold', () => {
    expect(() => encode({ type: 'auth', reason: 0, properties: null }, 4)).toThrow(RangeError)
    const unsubscribe = { type: 'unsubscribe', packetId: 1, properties: null } as const
    expect(() => encode({ ...unsubscribe, filters: ['x'.repeat(65_536)] }, 4)).toThrow(RangeError)
    const fields = {
      payload: Buffer.alloc(0),
      qos: 0,
      dup: false,
      retain: false,
      packetId: 0,
      properties: null,
    } as const
    expect(() => encode({ type: 'publish', topic: 'é'.repeat(32_768), ...fields }, 4)).toThrow(RangeError)
    expect(() =>
      encode({ type: 'auth', reason: 0, properties: { authenticationData: Buffer.alloc(65_536) } }, 5),
    ).toThrow(RangeError)
  })
})
