import { decodeConnect, readVersion } from './decode-connect.ts'
import { decodePacket, pings } from './decode-packet.ts'
import { bodyStart, PublishDecoder } from './decode-publish.ts'
import { FaultSignal, faults, refuse, type Fault } from './faults.ts'
import { firstByteFaults, type FirstByteFaults } from './first-byte.ts'
import type { Packet, Version } from './packet.ts'
import { Reader } from './reader.ts'

/** Takes each packet in order. `false` stops after it: the rest is kept, and the next `push` goes on with it. */
export type OnPacket = (packet: Packet) => void | false

export interface DecoderOptions {
  /** Bytes of one whole packet. */
  readonly maxPacketSize: number
  /** Who sends what is decoded here; a client by default. */
  readonly from?: 'client' | 'server'
  /** Known beforehand on the client's side; from a client its CONNECT tells. */
  readonly version?: Version
}

const CONNECT = 1
const PUBLISH = 3
/** The least buffer for an incomplete packet: V8 keeps this many bytes without a backing store of their own. */
const LEAST_TAIL = 64

/**
 * The packets in one direction of a connection. Bytes come in any cut; only a copy of an incomplete packet is kept
 * between two calls, and its buffer grows with the bytes that arrived, not with the size that was announced.
 */
export class PacketDecoder {
  /** Bytes of one whole packet; a larger one is refused once its size is announced. */
  maxPacketSize: number
  readonly #from: 'client' | 'server'
  #version: Version | null
  #firstByte: FirstByteFaults
  #publish: PublishDecoder | null = null
  #fault: Fault | null = null
  /** Bytes not yet decoded, `#tailLength` of them. */
  #tail: Buffer | null = null
  #tailLength = 0
  /** The last `onPacket` said stop: the tail may hold whole packets. */
  #isHeld = false

  constructor(options: DecoderOptions) {
    this.maxPacketSize = options.maxPacketSize
    this.#from = options.from ?? 'client'
    this.#version = options.version ?? null
    this.#firstByte = firstByteFaults({ version: this.#version, from: this.#from })
  }

  /** Protocol level: from the CONNECT, also when the rest of it has a fault, or as set. Null before it. */
  get version(): Version | null {
    return this.#version
  }

  set version(version: Version | null) {
    this.#version = version
    this.#firstByte = firstByteFaults({ version, from: this.#from })
    this.#publish = null
  }

  /** Bytes that wait for the rest of their packet, or for the caller to go on after a stop. */
  get buffered(): number {
    return this.#tailLength
  }

  /**
   * Decodes a chunk; an empty one goes on after a stop. Must not be called from inside `onPacket`.
   * @returns the fault that ends the connection, or null. After a fault nothing is decoded any more.
   */
  push(chunk: Buffer, onPacket: OnPacket): Fault | null {
    if (this.#fault !== null) return this.#fault
    try {
      this.#decode(chunk, onPacket)
      return null
    } catch (error) {
      if (!(error instanceof FaultSignal)) throw error
      this.#fault = error.fault
      this.#drop()
      return error.fault
    }
  }

  #decode(chunk: Buffer, onPacket: OnPacket): void {
    let bytes = chunk
    let at = 0
    if (this.#isHeld) {
      bytes = Buffer.concat([this.#tail!.subarray(0, this.#tailLength), chunk])
      this.#drop()
    } else if (this.#tail !== null) {
      at = this.#fill(chunk)
      if (!this.#isWhole()) return
      const packet = this.#tail.subarray(0, this.#tailLength)
      this.#drop()
      if (onPacket(this.#packet(packet, 0, packet.length)) === false) return this.#hold(chunk, at)
    }
    while (at < bytes.length) {
      const size = this.#size(bytes, at, bytes.length)
      if (size === 0 || at + size > bytes.length) return this.#keep(bytes, at)
      const start = at
      at += size
      if (onPacket(this.#packet(bytes, start, at)) === false) return this.#hold(bytes, at)
    }
  }

  /**
   * The size of the packet at `start`, header included; 0 when the header is not complete.
   * Refuses what can be refused by the bytes that are there.
   */
  #size(bytes: Buffer, start: number, end: number): number {
    const fault = this.#firstByte[bytes[start]!]
    if (fault !== null) refuse(fault!)
    let length = 0
    for (let i = 1; i <= 4; i++) {
      if (start + i >= end) return 0
      const byte = bytes[start + i]!
      length |= (byte & 0x7f) << (7 * (i - 1))
      if (byte < 0x80) {
        if (byte === 0 && i > 1) refuse(faults.malformedLength) // [MQTT5-1.5.5-1]
        const size = 1 + i + length
        if (size > this.maxPacketSize) refuse(faults.packetTooLarge)
        return size
      }
    }
    return refuse(faults.malformedLength)
  }

  #packet(bytes: Buffer, start: number, end: number): Packet {
    const first = bytes[start]!
    if (first >> 4 === PUBLISH) {
      this.#publish ??= new PublishDecoder(this.#version!, this.#from)
      return this.#publish.decode(bytes, start, end)
    }
    if (end - start === 2) {
      const ping = pings[first]
      if (ping !== undefined) return ping
    }
    const reader = new Reader(bytes, bodyStart(bytes, start), end)
    if (first >> 4 !== CONNECT) return decodePacket(reader, first, this.#version!)
    // Known before the rest, so that a fault in it is answered in the form of its version.
    this.version = readVersion(reader)
    return decodeConnect(reader, first & 0x0f, this.#version!)
  }

  /** Moves what the packet in the tail lacks out of the chunk. @returns how many bytes that took. */
  #fill(chunk: Buffer): number {
    let at = 0
    while (at < chunk.length) {
      const size = this.#size(this.#tail!, 0, this.#tailLength)
      const missing = size === 0 ? 1 : size - this.#tailLength
      if (missing === 0) break
      const taken = Math.min(missing, chunk.length - at)
      this.#append(chunk, at, at + taken)
      at += taken
    }
    return at
  }

  #isWhole(): boolean {
    return this.#size(this.#tail!, 0, this.#tailLength) === this.#tailLength
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const length = this.#tailLength + end - start
    if (length > this.#tail!.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#tail!.length))
      this.#tail!.copy(grown, 0, 0, this.#tailLength)
      this.#tail = grown
    }
    chunk.copy(this.#tail!, this.#tailLength, start, end)
    this.#tailLength = length
  }

  #keep(bytes: Buffer, start: number): void {
    this.#tail = Buffer.allocUnsafeSlow(Math.max(LEAST_TAIL, bytes.length - start))
    this.#tailLength = bytes.copy(this.#tail, 0, start)
  }

  #hold(bytes: Buffer, start: number): void {
    if (start === bytes.length) return
    this.#keep(bytes, start)
    this.#isHeld = true
  }

  #drop(): void {
    this.#tail = null
    this.#tailLength = 0
    this.#isHeld = false
  }
}
