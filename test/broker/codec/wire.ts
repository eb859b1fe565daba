import { PacketDecoder, type Fault, type Packet, type Version } from '../../../server/broker/codec/index.ts'

// Packets as text:  32 [ 'topic' 04d2 "payload" ]
//   04d2        bytes in hexadecimal
//   'topic'     a string field: two bytes of length, then UTF-8
//   "payload"   UTF-8 alone
//   [ ... ]     the remaining length, then what stands inside; ( ... ) a property length: the same coding

const TOKEN = /'[^']*'|"[^"]*"|[[\]()]|[0-9a-fA-F]{2}/g

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left])
    bytes.push((left & 0x7f) | 0x80)
  }
}

function textField(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

/** The bytes that a text in the notation above stands for. */
export function wire(notation: string): Buffer {
  const open: Buffer[][] = [[]]
  for (const token of notation.match(TOKEN) ?? []) {
    const inner = open.at(-1)!
    if (token === '[' || token === '(') {
      open.push([])
    } else if (token === ']' || token === ')') {
      const body = Buffer.concat(open.pop()!)
      open.at(-1)!.push(varint(body.length), body)
    } else if (token.startsWith("'")) {
      inner.push(textField(token.slice(1, -1)))
    } else if (token.startsWith('"')) {
      inner.push(Buffer.from(token.slice(1, -1)))
    } else {
      inner.push(Buffer.from(token, 'hex'))
    }
  }
  return Buffer.concat(open[0]!)
}

/** A value with all its bytes copied into plain Buffers, so that packets can be kept and compared. */
function owned(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (Array.isArray(value)) return value.map(owned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, owned(entry)]))
}

/** A packet that outlives its chunk and compares field by field. */
export function ownedPacket(packet: Packet): Packet {
  return owned(packet) as Packet
}

export interface Side {
  /** Null: the stream begins with a CONNECT. */
  readonly version: Version | null
  readonly from?: 'client' | 'server'
  readonly maxPacketSize?: number
}

export interface Decoded {
  readonly packets: Packet[]
  readonly fault: Fault | null
  /** Bytes that wait for more. */
  readonly buffered: number
}

export function decoderFor(side: Side): PacketDecoder {
  return new PacketDecoder({
    maxPacketSize: side.maxPacketSize ?? 268_435_460,
    from: side.from ?? 'client',
    ...(side.version !== null && { version: side.version }),
  })
}

/** Decodes chunks one after the other, up to a fault. */
export function decodeAll(chunks: readonly Buffer[], side: Side): Decoded {
  const decoder = decoderFor(side)
  const packets: Packet[] = []
  let fault: Fault | null = null
  for (const chunk of chunks) {
    fault = decoder.push(chunk, packet => {
      packets.push(ownedPacket(packet))
    })
  }
  return { packets, fault, buffered: decoder.buffered }
}
