import type { Duplex } from 'node:stream'
import { ACK_SIZE, writeAck, type AckType, type Output } from './codec/index.ts'
import type { Frame } from './frame.ts'
import type { Ledger } from './ledger.ts'
import { MAX_ANSWERS, MAX_BACKLOG } from './limits.ts'
import { LARGE_BUFFER, type OutputBuffers } from './output-buffers.ts'
import type { Stats } from './stats.ts'
import type { Flushable, Turn } from './turn.ts'

// What may leave when:
//   an entry waits for its batch; answers keep their order, so one that needs no disk waits behind those that do
//   QoS 0 copies and PINGRESP leave at once
//   QoS 1 and 2 copies whose batch is durable leave at once, unless such copies already wait
//   nothing overtakes a barrier: CONNACK by the standard, SUBACK so that its retained messages follow it

/** What an entry is, and with that what it may overtake. */
export type Lane = 'answer' | 'prompt' | 'copy' | 'barrier'

/** Bits above a packet id: flags of the fixed header. */
export const DUP = 0x8_0000
export const RETAIN = 0x1_0000

class Segment implements Output {
  readonly buffer: Buffer
  length: number
  batch = 0
  prompts = 0
  copies = 0
  /** Acknowledgements in it that give the client's quota back. */
  acks = 0
  /** Part of a large frame: never written to, never reused. */
  readonly isForeign: boolean

  constructor(buffer: Buffer, isForeign: boolean) {
    this.buffer = buffer
    this.length = isForeign ? buffer.length : 0
    this.isForeign = isForeign
  }
}

/** The connection as its outbox sees it. */
export interface OutboxOwner {
  /** There is room again after the outbox was stalled. */
  onRoom(): void
  /** The client sends requests and does not read the answers. */
  onOverfull(): void
}

/** What all outboxes share. */
export interface OutboxParts {
  readonly stats: Stats
  readonly ledger: Ledger
  readonly turn: Turn
  readonly buffers: OutputBuffers
  /** The outboxes with entries that wait for a batch. */
  readonly waiting: Set<Outbox>
}

/** The ordered output of one connection. Holds no buffer while it has nothing to send. */
export class Outbox implements Flushable {
  readonly #parts: OutboxParts
  readonly #stream: Duplex
  readonly #owner: OutboxOwner
  readonly #isRecyclable: boolean
  #ready: Segment[] | null = null
  #current: Segment | null = null
  #held: Segment[] | null = null
  #heldBytes = 0
  #heldPrompts = 0
  #heldCopies = 0
  isDirty = false
  lastTurn = 0
  /** Acknowledgements that complete a message of the client and have not been written. */
  owed = 0
  /** So much waits that QoS 0 copies are dropped and QoS 1 and 2 stay in the queue. */
  isStalled = false

  /** `isRecyclable` says that the stream has let go of a buffer once its `writableLength` is 0 again. */
  constructor(parts: OutboxParts, connection: { stream: Duplex; owner: OutboxOwner; isRecyclable: boolean }) {
    this.#parts = parts
    this.#stream = connection.stream
    this.#owner = connection.owner
    this.#isRecyclable = connection.isRecyclable
  }

  /** Appends a whole packet. `batch` is what it waits for, 0 for nothing. */
  packet(bytes: Uint8Array, lane: Lane, batch: number): void {
    this.#parts.stats.packetsSent++
    const segment = this.#segment(lane, batch, bytes.length)
    segment.buffer.set(bytes, segment.length)
    segment.length += bytes.length
  }

  /** Appends an acknowledgement; `id` may carry a reason of 5.0. */
  answer(type: AckType, id: number, batch: number): void {
    this.#parts.stats.packetsSent++
    const segment = this.#segment('answer', batch, ACK_SIZE)
    writeAck(segment, type, id)
    if (type === 'puback' || type === 'pubcomp') {
      segment.acks++
      this.owed++
    }
  }

  /** Whether an entry appended now would leave before everything that comes after it. */
  leavesNext(lane: Lane, batch: number): boolean {
    return this.#held === null ? this.#isDurable(batch) : this.#mayOvertake(lane, batch)
  }

  /** Appends a copy of a message. `id` is the packet id, 0 for QoS 0, with DUP and RETAIN above it. */
  copy(frame: Frame, id: number, batch: number): void {
    this.#parts.stats.packetsSent++
    // The rest of a large one follows from the frame's own buffer.
    const size = frame.isLarge ? frame.idAt + 2 : frame.length
    const segment = this.#segment(frame.idAt === 0 ? 'prompt' : 'copy', batch, size)
    const { buffer, length: at } = segment
    frame.bytes.copy(buffer, at, 0, size)
    buffer[at] = frame.head | (id >> 16)
    if (frame.idAt !== 0) {
      buffer[at + frame.idAt] = (id >> 8) & 0xff
      buffer[at + frame.idAt + 1] = id & 0xff
    }
    segment.length = at + size
    if (frame.isLarge) this.#appendForeign(frame.bytes.subarray(size), segment)
  }

  /** Bytes that wait to be read by the client, here and in its stream. */
  get waiting(): number {
    return this.#heldBytes + this.#stream.writableLength
  }

  /** Writes what may leave. Called once per turn by `Turn`. */
  flush(): void {
    const ready = this.#ready
    const current = this.#current
    if (current === null && ready === null) return
    this.#ready = null
    this.#current = null
    const stream = this.#stream
    if (ready === null) this.#write(current!)
    else {
      stream.cork()
      for (const segment of ready) this.#write(segment)
      if (current !== null) this.#write(current)
      stream.uncork()
    }
    const { writableLength } = stream
    if (writableLength === 0 && this.#isRecyclable) {
      if (current !== null) this.#parts.buffers.give(current.buffer)
      if (ready !== null) for (const segment of ready) if (!segment.isForeign) this.#parts.buffers.give(segment.buffer)
    }
    const backlog = writableLength + this.#heldBytes
    if (backlog <= MAX_BACKLOG) return
    this.isStalled = true
    if (backlog > MAX_BACKLOG + MAX_ANSWERS) this.#owner.onOverfull()
  }

  /** Lets the entries go whose batch became durable. */
  release(): void {
    const held = this.#held
    if (held === null) return
    const { durable } = this.#parts.ledger
    let gone = 0
    while (gone < held.length && held[gone]!.batch <= durable) this.#free(held[gone++]!)
    if (gone === held.length) {
      this.#held = null
      this.#parts.waiting.delete(this)
    } else held.splice(0, gone)
    this.onDrain()
  }

  /** To be called when the stream has written everything it had. */
  onDrain(): void {
    if (!this.isStalled || this.#stream.writableLength + this.#heldBytes > MAX_BACKLOG / 2) return
    this.isStalled = false
    this.#owner.onRoom()
  }

  /** Forgets everything that has not been written. */
  dispose(): void {
    this.#ready = null
    this.#current = null
    this.#held = null
    this.#heldBytes = 0
    this.#parts.waiting.delete(this)
  }

  #segment(lane: Lane, batch: number, size: number): Segment {
    if (this.leavesNext(lane, batch)) {
      const current = this.#current
      if (current !== null && current.length + size <= current.buffer.length) return current
      return this.#next(size)
    }
    return this.#hold(lane, batch, size)
  }

  #isDurable(batch: number): boolean {
    return batch === 0 || batch <= this.#parts.ledger.durable
  }

  #mayOvertake(lane: Lane, batch: number): boolean {
    if (lane === 'prompt') return this.#heldPrompts === 0
    return lane === 'copy' && this.#heldCopies === 0 && this.#isDurable(batch)
  }

  // Room for `size` bytes that may leave: a larger buffer in place of the small one, or a further one.
  #next(size: number): Segment {
    const current = this.#current
    if (current === null) {
      if (!this.isDirty) this.#parts.turn.mark(this)
      return (this.#current = new Segment(this.#parts.buffers.take(size), false))
    }
    if (current.buffer.length < LARGE_BUFFER && current.length + size <= LARGE_BUFFER) {
      const larger = new Segment(this.#parts.buffers.take(LARGE_BUFFER), false)
      current.buffer.copy(larger.buffer, 0, 0, current.length)
      larger.length = current.length
      larger.acks = current.acks
      this.#parts.buffers.give(current.buffer)
      return (this.#current = larger)
    }
    this.flush()
    return (this.#current = new Segment(this.#parts.buffers.take(size), false))
  }

  #hold(lane: Lane, batch: number, size: number): Segment {
    const held = (this.#held ??= [])
    if (held.length === 0) this.#parts.waiting.add(this)
    let last = held.at(-1)
    const due = Math.max(batch, last?.batch ?? 0)
    if (last?.batch !== due || last.isForeign || last.length + size > last.buffer.length) {
      last = new Segment(this.#parts.buffers.take(last?.batch === due ? Math.max(size, LARGE_BUFFER) : size), false)
      last.batch = due
      held.push(last)
    }
    if (lane === 'prompt' || lane === 'barrier') last.prompts++
    if (lane === 'copy' || lane === 'barrier') last.copies++
    if (lane === 'prompt' || lane === 'barrier') this.#heldPrompts++
    if (lane === 'copy' || lane === 'barrier') this.#heldCopies++
    this.#heldBytes += size
    if (this.#heldBytes > MAX_BACKLOG) this.isStalled = true
    return last
  }

  #appendForeign(bytes: Buffer, after: Segment): void {
    const segment = new Segment(bytes, true)
    segment.batch = after.batch
    if (after === this.#current) {
      const ready = (this.#ready ??= [])
      ready.push(after, segment)
      this.#current = null
      return
    }
    this.#held!.push(segment)
    this.#heldBytes += bytes.length
    if (this.#heldBytes > MAX_BACKLOG) this.isStalled = true
  }

  #free(segment: Segment): void {
    this.#heldBytes -= segment.length
    this.#heldPrompts -= segment.prompts
    this.#heldCopies -= segment.copies
    const current = this.#current
    if (!this.isDirty) this.#parts.turn.mark(this)
    if (current !== null && !segment.isForeign && current.length + segment.length <= current.buffer.length) {
      segment.buffer.copy(current.buffer, current.length, 0, segment.length)
      current.length += segment.length
      current.acks += segment.acks
      this.#parts.buffers.give(segment.buffer)
      return
    }
    if (current !== null) (this.#ready ??= []).push(current)
    if (segment.isForeign) (this.#ready ??= []).push(segment)
    this.#current = segment.isForeign ? null : segment
  }

  #write(segment: Segment): void {
    this.owed -= segment.acks
    this.#parts.stats.bytesSent += segment.length
    this.#stream.write(segment.isForeign ? segment.buffer : segment.buffer.subarray(0, segment.length))
  }
}
