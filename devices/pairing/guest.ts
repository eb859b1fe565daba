import { HobError, type Message, type Ulid } from '#kernel'
import { Incoming } from '../dialects/incoming.ts'
import type { AnnouncementFault, Candidate } from '../face.ts'
import type { Sandbox } from '../sandbox.ts'
import type { GuestConnection, GuestInfo, HeardMessage, Visitor } from './face.ts'
import { MAX_GUEST_BYTES, MAX_GUEST_TOPICS } from './limits.ts'
import { dialectOf } from './own-topics.ts'

interface Kept extends HeardMessage {
  readonly isAnnouncement: boolean
  readonly size: number
  /** As it came; what the sandbox hears. */
  readonly message: Message
}

/** Bytes that a message costs beside its payload. */
const OVERHEAD = 64

/** A client in quarantine: what it said last on each topic, and what a sandbox makes of it. */
export class Guest {
  readonly id: Ulid
  /** As it came last. */
  visitor: Visitor
  /** Wall-clock milliseconds. */
  readonly since: number
  lastSeen: number
  /** Monotonic milliseconds of the last sign of life. */
  heardAt: number
  messages = 0
  connection: GuestConnection | null = null
  readonly #kept = new Map<string, Kept>()
  #bytes = 0
  #sandbox: Sandbox | null = null
  #isGone = false

  constructor(id: Ulid, visitor: Visitor, now: { wall: number; monotonic: number }) {
    this.id = id
    this.visitor = visitor
    this.since = this.lastSeen = now.wall
    this.heardAt = now.monotonic
  }

  /** The MQTT user it counts as while it is a guest. */
  get user(): string {
    return `guest-${this.id.toLowerCase()}`
  }

  /** Takes a sandbox, which hears what was kept so far. */
  furnish(sandbox: Sandbox): void {
    if (this.#isGone) {
      sandbox.registry.close()
      return
    }
    this.#sandbox = sandbox
    for (const { message } of this.#inOrder()) sandbox.hear(message)
  }

  hear(message: Message, now: { wall: number; monotonic: number }): void {
    this.lastSeen = now.wall
    this.heardAt = now.monotonic
    this.messages++
    if (!this.#keep(message)) return
    this.#sandbox?.hear(message)
  }

  /** What it said last on each topic: announcements first, then in the order in which it came. */
  remembered(): readonly HeardMessage[] {
    return this.#inOrder()
  }

  announcements(): Incoming[] {
    return this.#inOrder().flatMap(each => (each.isAnnouncement ? new Incoming(each.topic, each.payload) : []))
  }

  /** Topics of what it said beside its announcements, and of its will. */
  spoken(): string[] {
    const { willTopic } = this.visitor
    const topics = this.#inOrder().flatMap(each => (each.isAnnouncement ? [] : each.topic))
    return willTopic === null ? topics : [...topics, willTopic]
  }

  candidates(): readonly Candidate[] {
    const { username, clientId } = this.visitor
    return (this.#sandbox?.registry.candidates() ?? []).map(each => ({ ...each, user: username, clientId }))
  }

  /** @throws HobError `devices.unknown_candidate`. */
  candidate(id: Ulid): Candidate {
    const found = this.candidates().find(each => each.id === id)
    if (found === undefined) throw new HobError('devices.unknown_candidate', `there is no candidate "${id}"`)
    return found
  }

  faults(): readonly AnnouncementFault[] {
    return this.#sandbox?.registry.faults() ?? []
  }

  info(): GuestInfo {
    const { id, visitor, since, lastSeen, messages } = this
    const heard = [...this.#kept.values()].toReversed()
    const isConnected = this.connection !== null
    return { id, visitor, isConnected, since, lastSeen, messages, heard, candidates: this.candidates() }
  }

  leave(): void {
    this.#isGone = true
    this.#sandbox?.registry.close()
    this.#sandbox = null
  }

  #inOrder(): Kept[] {
    const kept = [...this.#kept.values()]
    return [...kept.filter(each => each.isAnnouncement), ...kept.filter(each => !each.isAnnouncement)]
  }

  /** Announcements push other messages out, oldest first; never the other way round. */
  #keep(message: Message): boolean {
    const { topic, payload, qos, retain, properties, at } = message
    const isAnnouncement = dialectOf(new Incoming(topic, payload)) !== undefined
    const size = topic.length + payload.length + OVERHEAD
    this.#drop(topic)
    // It takes back what it announced, or what the broker is to keep: nothing is left to say.
    if (payload.length === 0 && (isAnnouncement || retain)) return true
    const lasting = [...this.#kept.values()].filter(each => each.isAnnouncement)
    const lastingBytes = lasting.reduce((sum, each) => sum + each.size, size)
    if (lasting.length >= MAX_GUEST_TOPICS || lastingBytes > MAX_GUEST_BYTES) return false
    for (const old of this.#kept.values()) {
      if (this.#kept.size < MAX_GUEST_TOPICS && this.#bytes + size <= MAX_GUEST_BYTES) break
      if (!old.isAnnouncement) this.#drop(old.topic)
    }
    this.#kept.set(topic, { topic, payload, qos, retain, properties, at, isAnnouncement, size, message })
    this.#bytes += size
    return true
  }

  #drop(topic: string): void {
    const old = this.#kept.get(topic)
    if (old === undefined) return
    this.#kept.delete(topic)
    this.#bytes -= old.size
  }
}
