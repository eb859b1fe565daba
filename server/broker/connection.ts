import type { Duplex } from 'node:stream'
import type { Clock, Log } from '#kernel'
import type { Authentication } from './authentication.ts'
import { allowedReasons, disconnectReasons, encode, faults, PacketDecoder, reasons } from './codec/index.ts'
import type { ConnackPacket, DisconnectPacket, Fault, Packet, Version, Will } from './codec/index.ts'
import type { Deliveries } from './delivery.ts'
import type { Ledger } from './ledger.ts'
import { LINGER, MAX_CONNECT_SIZE } from './limits.ts'
import type { Newcomers } from './newcomers.ts'
import { Outbox, type Lane, type OutboxOwner, type OutboxParts } from './outbox.ts'
import type { Login, Peer } from './permissions.ts'
import { endings, quietEndings } from './reason.ts'
import type { Session, SessionConnection } from './session.ts'
import type { InboundAliases, OutboundAliases } from './topic-alias.ts'

/** Why a connection is not read at the moment; several may hold at once. */
export const hold = {
  /** The answer of the permissions is awaited. */
  identity: 1,
  /** The disk is behind. */
  disk: 2,
  /** The client does not read its answers. */
  answers: 4,
  /** The client does not read its retained messages. */
  replays: 8,
  /** The client publishes faster than its kind may. */
  storm: 16,
} as const

/** What all connections share. */
export interface ConnectionParts extends OutboxParts {
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly deliveries: Deliveries
  /** All that are open, and those whose last bytes are on their way. */
  readonly connections: Set<Connection>
  /** Those that have ended and are closed when their `lastBatch` is on disk. */
  readonly closing: Set<Connection>
  /** Those of them whose client is not in. */
  readonly newcomers: Newcomers
  /** Does what a packet asks for. @returns the fault that ends the connection. */
  handle(connection: Connection, packet: Packet): Fault | null
  /** The connection has room again for what waits for its session. */
  onRoom(session: Session): void
  /** The connection has ended, once. */
  onEnded(connection: Connection, reason: Fault): void
}

const NOTHING = Buffer.alloc(0)

/** One client's stream, from accept to its last byte. */
export class Connection implements OutboxOwner, SessionConnection {
  readonly #parts: ConnectionParts
  readonly #decoder: PacketDecoder
  readonly stream: Duplex
  readonly peer: Peer
  readonly outbox: Outbox
  /** Set with the CONNACK that lets the client in. */
  session: Session | null = null
  window = 0
  maxOutgoing = Infinity
  aliases: OutboundAliases | null = null
  /** The topics behind the aliases that the client uses; made with the first. */
  topics: InboundAliases | null = null
  /** QoS 1 and 2 messages that the client may have under way. */
  receiveMaximum = 0
  /** The exchange by which the client proves who it is, or did. */
  authentication: Authentication | null = null
  /** What its CONNECT showed. */
  login: Login | null = null
  /** Whether the client takes reasons in words. */
  takesStrings = false
  /** Seconds that the session shall outlive the connection, null for ever; a confined client gets it when it is promoted. */
  sessionExpiry: number | null = 0
  /** Payload sizes of QoS 2 messages that came twice, by packet id; made with the first. */
  repeated: Map<number, number> | null = null
  /** The will of a confined client, which is nobody's business until it is promoted. */
  heldWill: Will | null = null
  /** As the CONNECT says it, or as it was given. */
  clientId: string | null = null
  connectedAt = 0
  /** The batch that holds what its DISCONNECT changed, or 0: closing the stream is the answer to that. */
  lastBatch = 0
  /** Milliseconds of silence after which the client counts as lost; 0 for none. */
  patience = 0
  readonly #acceptedAt: number
  #lastSeen: number
  #holds = 0
  #isReading = false
  #isStopped = false
  /** Monotonic milliseconds of the end, or null while it is open. */
  #endedAt: number | null = null

  constructor(parts: ConnectionParts, stream: Duplex, how: { peer: Peer; isRecyclable: boolean }) {
    this.#parts = parts
    this.stream = stream
    this.peer = how.peer
    this.#decoder = new PacketDecoder({ maxPacketSize: MAX_CONNECT_SIZE })
    this.outbox = new Outbox(parts, { stream, owner: this, isRecyclable: how.isRecyclable })
    this.#acceptedAt = this.#lastSeen = parts.clock.monotonic()
  }

  get address(): string {
    return this.peer.address
  }

  /** Protocol level, or null before the CONNECT. */
  get version(): Version | null {
    return this.#decoder.version
  }

  get isOpen(): boolean {
    return this.#endedAt === null
  }

  /** The connection serves `session` from now on, and takes packets of `maxIncoming` bytes. */
  enrol(session: Session, maxIncoming: number): void {
    this.session = session
    this.#parts.newcomers.remove(this)
    this.#decoder.maxPacketSize = maxIncoming
    this.peer.onAdmitted?.(maxIncoming)
  }

  /**
   * Sends a packet that is no answer to a message. One that is larger than the client takes is left out [MQTT5-3.1.2-24].
   * @returns why the connection cannot go on without it.
   */
  send(packet: Packet, lane: Lane, batch: number): Fault | null {
    const bytes = encode(packet, this.version!)
    if (bytes.length > this.maxOutgoing) return endings.answerTooLarge
    this.outbox.packet(bytes, lane, batch)
    return null
  }

  /** Whether the client takes a packet of this size. */
  takes(packet: Packet): boolean {
    return encode(packet, this.version!).length <= this.maxOutgoing
  }

  /** Takes a chunk of the stream. */
  receive(chunk: Buffer): void {
    if (this.#endedAt !== null) return
    this.#parts.stats.bytesReceived += chunk.length
    this.#lastSeen = this.#parts.clock.monotonic()
    this.#read(chunk)
    this.#parts.turn.afterRead()
  }

  /** Does `work` as the work of a packet is done: what is published meanwhile follows after it. */
  run(work: () => Fault | null): void {
    const { deliveries, ledger } = this.#parts
    // Inside the work of another packet it is part of that.
    const isOutermost = deliveries.enter()
    if (isOutermost) ledger.batch = 0
    let fault: Fault | null
    try {
      fault = work()
    } catch (error) {
      fault = this.#failed(error)
    }
    if (isOutermost) deliveries.leave()
    if (fault !== null) this.end(fault)
  }

  /** Stops reading; packets wait. */
  pause(why: number): void {
    if (this.#holds === 0) this.stream.pause()
    this.#holds |= why
  }

  /** Takes one reason back; reads on when it was the last. */
  resume(why: number): void {
    if ((this.#holds & why) === 0) return
    this.#holds &= ~why
    if (this.#holds !== 0 || this.#endedAt !== null) return
    this.stream.resume()
    if (!this.#isReading) this.receive(NOTHING)
  }

  /** Whether it is not read for a reason that is not the client's own. */
  get isHeldByUs(): boolean {
    return (this.#holds & (hold.identity | hold.disk | hold.storm)) !== 0
  }

  /** Ends the connection: what may leave is still written, then the stream is closed. */
  end(reason: Fault): void {
    if (this.#endedAt !== null) return
    const { clock, log } = this.#parts
    this.#endedAt = clock.monotonic()
    this.#parts.newcomers.remove(this)
    if (quietEndings.has(reason)) log.debug({ reason: reason.code, ...this.#facts() }, reason.text)
    else log.info({ reason: reason.code, ...this.#facts() }, reason.text)
    this.#sayWhy(reason)
    this.outbox.flush()
    this.outbox.dispose()
    this.#parts.onEnded(this, reason)
    if (reason === endings.lost) {
      this.stream.destroy()
      return
    }
    if (this.lastBatch > this.#parts.ledger.durable) this.#parts.closing.add(this)
    else this.finish()
  }

  /** Closes the stream of a connection that has ended. */
  finish(): void {
    // A stream that is destroyed while bytes wait to be read takes our last answer with it.
    this.stream.end()
    this.stream.resume()
  }

  /** The hub stops: ends the connection and does not wait for the peer. */
  close(): void {
    this.end(endings.shutdown)
    if (this.stream.writableLength > 0) this.stream.destroy()
    else this.stream.end(() => this.stream.destroy())
  }

  /** The peer sends nothing more, or the stream is gone. */
  onClosed(): void {
    this.end(endings.lost)
    this.stream.destroy()
  }

  /** To be called once in a while. */
  checkTime(now: number, connectTimeout: number): void {
    if (this.#endedAt !== null) {
      if (now - this.#endedAt >= LINGER) this.stream.destroy()
    } else if (this.session === null) {
      if (now - this.#acceptedAt >= connectTimeout) this.end(endings.connectTimeout)
      // [MQTT5-3.1.2-22]
    } else if (this.patience > 0 && now - this.#lastSeen >= this.patience && !this.isHeldByUs)
      this.end(endings.keepAlive)
  }

  onRoom(): void {
    if (this.session === null) return
    this.#parts.onRoom(this.session)
    this.resume(hold.answers)
    if (this.session.replays === null) this.resume(hold.replays)
  }

  onOverfull(): void {
    this.pause(hold.answers)
  }

  #read(chunk: Buffer): void {
    this.#isReading = true
    let fault: Fault | null
    do {
      this.#isStopped = false
      fault = this.#decoder.push(chunk, packet => this.#take(packet))
      chunk = NOTHING
    } while (this.#isStopped && this.#holds === 0 && this.#endedAt === null)
    this.#isReading = false
    if (fault !== null) this.end(fault)
  }

  // As `run`, without a closure for each packet.
  #take(packet: Packet): void | false {
    const { deliveries, ledger, stats } = this.#parts
    stats.packetsReceived++
    ledger.batch = 0
    deliveries.enter()
    let fault: Fault | null
    try {
      fault = this.#parts.handle(this, packet)
    } catch (error) {
      fault = this.#failed(error)
    }
    deliveries.leave()
    if (fault !== null) this.end(fault)
    this.#isStopped = this.#holds !== 0
    if (this.#isStopped || this.#endedAt !== null) return false
  }

  #failed(error: unknown): Fault {
    this.#parts.log.error({ error, ...this.#facts() }, 'a packet could not be handled')
    return endings.internal
  }

  #sayWhy(fault: Fault): void {
    const version = fault === faults.laterVersion ? 5 : this.version // [MQTT5-3.1.2-2]
    const farewell = this.session === null ? refusalOf(fault, version) : disconnectOf(fault, version)
    if (farewell === null) return
    const text = this.takesStrings ? encode({ ...farewell, properties: { reasonString: fault.text } }, version!) : null
    const bytes = text !== null && text.length <= this.maxOutgoing ? text : encode(farewell, version ?? 4)
    if (bytes.length <= this.maxOutgoing) this.outbox.packet(bytes, 'prompt', 0) // [MQTT5-3.1.2-24, 3.14.2-3]
  }

  #facts(): object {
    const { clientId } = this
    return { address: this.address, ...(this.session === null ? {} : { user: this.session.user }), clientId }
  }
}

function refusalOf({ reason, connack }: Fault, version: Version | null): ConnackPacket | null {
  if (version === 5 && reason < reasons.unspecified) return null
  const code = version === 5 ? named(reason, allowedReasons.connack, reasons.unspecified) : connack
  return code === null ? null : { type: 'connack', sessionPresent: false, reason: code, properties: null }
}

/** Only 5.0 has a DISCONNECT of the broker, and it has no code for what only a CONNECT can get wrong. */
function disconnectOf({ reason }: Fault, version: Version | null): DisconnectPacket | null {
  if (version !== 5 || reason < reasons.unspecified) return null
  const code = named(reason, disconnectReasons, reasons.notAuthorized)
  return { type: 'disconnect', reason: code, properties: null }
}

/** `reason`, where the packet has it [MQTT5-3.2.2-8, 3.14.2-1]. */
function named(reason: number, allowed: ReadonlySet<number>, otherwise: number): number {
  return allowed.has(reason) ? reason : otherwise
}
