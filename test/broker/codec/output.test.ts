import { describe, expect, it } from 'vitest'
import {
  ACK_SIZE,
  encode,
  encodeFrame,
  publishSize,
  withReason,
  writeAck,
  writePublish,
  type AckType,
  type PublishFields,
} from '../../../server/broker/codec/index.ts'

function message(fields: Partial<PublishFields> = {}): PublishFields {
  const payload = Buffer.from('payload')
  return { topic: 'home/topic', payload, qos: 0, dup: false, retain: false, packetId: 0, properties: null, ...fields }
}

const messages: readonly PublishFields[] = [
  message(),
  message({ topic: 'küche/licht', retain: true }),
  message({ qos: 1, packetId: 0xabcd, dup: true }),
  message({ qos: 2, packetId: 1, payload: Buffer.alloc(20_000, 1) }),
  message({ properties: { messageExpiry: 5, subscriptionIds: [1, 200], userProperties: [['a', 'b']] } }),
]

describe('appending to a buffer', () => {
  it.each([4, 5] as const)('writes messages one behind the other, level %i', version => {
    const output = { buffer: Buffer.alloc(65_536), length: 0 }
    for (const fields of messages) expect(writePublish(output, fields, version)).toBe(true)
    const whole = Buffer.concat(messages.map(fields => encode({ type: 'publish', ...fields }, version)))
    expect(output.buffer.subarray(0, output.length)).toEqual(whole)
  })

  it.each([4, 5] as const)('writes into the room it needs and not into less, level %i', version => {
    for (const fields of messages) {
      const size = publishSize(fields, version)
      const short = { buffer: Buffer.alloc(size + 9), length: 10 }
      expect(writePublish(short, fields, version)).toBe(false)
      expect(short.length).toBe(10)
      expect(short.buffer.every(byte => byte === 0)).toBe(true)
      const exact = { buffer: Buffer.alloc(size + 10), length: 10 }
      expect(writePublish(exact, fields, version)).toBe(true)
      expect(exact.length).toBe(size + 10)
    }
  })

  it.each<[AckType]>([['puback'], ['pubrec'], ['pubrel'], ['pubcomp']])('writes a %s', type => {
    for (const reason of [0, 0x92]) {
      const size = reason === 0 ? 4 : ACK_SIZE
      const output = { buffer: Buffer.alloc(size + 3), length: 3 }
      writeAck(output, type, withReason(0xfe01, reason))
      expect(output.buffer.subarray(3)).toEqual(encode({ type, packetId: 0xfe01, reason, properties: null }, 5))
      expect(() => writeAck(output, type, 1)).toThrow(RangeError)
    }
  })
})

describe('a message encoded once for many', () => {
  it.each([4, 5] as const)('says where each copy gets its packet id, level %i', version => {
    for (const fields of messages) {
      const { bytes, packetIdAt } = encodeFrame(fields, version)
      expect(bytes).toEqual(encode({ type: 'publish', ...fields }, version))
      expect(packetIdAt === 0 ? 0 : bytes.readUInt16BE(packetIdAt)).toBe(fields.packetId)
    }
  })
})
