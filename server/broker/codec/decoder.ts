import type { Fault } from './faults.ts'
import type { Packet, Version } from './packet.ts'

/** Takes each packet in order. `false` stops after it: the rest is kept, and the next `push` goes on with it. */
export type OnPacket = (packet: Packet) => void | false

export interface DecoderOptions {
  /** Bytes of one whole packet; may be changed later. */
  readonly maxPacketSize: number
  /** Who sends what is decoded here; a client by default. */
  readonly from?: 'client' | 'server'
  /** Known beforehand on the client's side; from a client its CONNECT tells. */
  readonly version?: Version
}

/** Decodes a chunk. @returns the fault that ends the connection, or null. After a fault nothing is decoded any more. */
export type PushPackets = (chunk: Buffer, onPacket: OnPacket) => Fault | null
