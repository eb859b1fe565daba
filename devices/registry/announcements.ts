import type { LocalSubscriber, Log, Message } from '#kernel'
import type { Dialect, Discovery, Outgoing } from '../dialects/dialect.ts'
import { Incoming } from '../dialects/incoming.ts'
import { foreignTopic } from '../pairing/own-topics.ts'
import type { OwnTopics } from '../pairing/face.ts'
import type { DeviceStore, StoredAnnouncement } from '../store.ts'
import type { Announcer, Describe } from './describe.ts'
import type { Faults } from './faults.ts'
import { MAX_ANNOUNCED, MAX_ANNOUNCEMENT, MAX_ANNOUNCEMENTS } from './limits.ts'
import { Source } from './source.ts'
import type { Turn } from './turn.ts'

/** Hangs on the topics where devices of one dialect announce themselves. */
export class AnnouncementListener implements LocalSubscriber {
  readonly owner = 'devices'
  readonly dialect: Dialect

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }
}

export interface Announcements {
  /** Takes an announcement. @returns whether it was one; and what the hub asks the device now. */
  take(message: Message, dialect: Dialect, turn: Turn): { isAnnouncement: boolean; queries: readonly Outgoing[] }
  /** Rebuilds sources from what was stored. @returns what the hub asks the devices. */
  restore(stored: readonly StoredAnnouncement[], turn: Turn): readonly Outgoing[]
  /** Forgets a source. @returns its topics. */
  forget(source: Source, turn: Turn): readonly string[]
}

export interface AnnouncementsOptions {
  readonly dialects: readonly Dialect[]
  readonly describe: Describe
  readonly faults: Faults
  readonly store: DeviceStore
  readonly ownTopics: (user: string) => OwnTopics | null
  readonly log: Log
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

const silent = { isAnnouncement: true, queries: [] }

/** What devices said about themselves: kept on disk, bounded, and read by the dialects. */
export function createAnnouncements(options: AnnouncementsOptions): Announcements {
  const { describe, faults, store } = options
  const sources = new Map<string, Source>()
  let count = 0
  let bytes = 0

  function keep(source: Source, announcement: StoredAnnouncement): void {
    drop(source, announcement.topic)
    source.announcements.set(announcement.topic, announcement)
    sources.set(`${source.dialect.name} ${source.id}`, source)
    count++
    bytes += announcement.payload.length
  }

  function drop(source: Source, topic: string): void {
    const old = source.announcements.get(topic)
    if (old === undefined) return
    source.announcements.delete(topic)
    count--
    bytes -= old.payload.length
    if (source.announcements.size === 0) sources.delete(`${source.dialect.name} ${source.id}`)
  }

  function read(source: Source, changed?: Incoming): Discovery {
    const incoming = new Map<string, Incoming>()
    for (const { topic, payload } of source.announcements.values()) incoming.set(topic, new Incoming(topic, payload))
    if (changed !== undefined) incoming.set(changed.topic, changed)
    return source.dialect.discover(incoming)
  }

  /** Why an announcement may not be taken, whatever it says. */
  function refusal(message: Message, old: StoredAnnouncement | undefined): string | null {
    const { length } = message.payload
    if (length > MAX_ANNOUNCEMENT) return `the announcement has ${length} bytes, at most ${MAX_ANNOUNCEMENT} are taken`
    const user = message.publisher?.user ?? null
    if (old !== undefined && user !== null && old.user !== null && old.user !== user) {
      return `it was announced by user "${old.user}"; user "${user}" may not change it. If the device moved there, forget it first`
    }
    if (length === 0 || old !== undefined) return null
    if (count >= MAX_ANNOUNCEMENTS) return `the hub keeps ${MAX_ANNOUNCEMENTS} announcements; forget some devices first`
    return bytes + length > MAX_ANNOUNCED
      ? 'the hub has no room for more announcements; forget some devices first'
      : null
  }

  /** Why a device may not say this of itself. */
  function overreach(message: Message, incoming: Incoming, dialect: Dialect): string | null {
    const user = message.publisher?.user
    const own = user === undefined ? null : options.ownTopics(user)
    const foreign = own === null ? undefined : foreignTopic(dialect.topicsOf(incoming), own)
    if (foreign === undefined) return null
    return `it names "${foreign.slice(0, 100)}", which is no topic of the device that announces it ("${user}"). If the device changed, forget it and pair it anew`
  }

  function remove(source: Source, topic: string, turn: Turn): void {
    const by = source.announcements.get(topic)!
    drop(source, topic)
    faults.set(topic, [])
    store.write({ op: 'devices.announcement.remove', topic })
    const discovery = source.announcements.size === 0 ? null : read(source)
    if (discovery === null) describe.drop(source, turn)
    else describe.apply(source, { ...discovery, by }, turn)
  }

  /** Its entities are about to be announced elsewhere. */
  function unload(source: Source, topic: string, turn: Turn): void {
    drop(source, topic)
    faults.set(topic, [])
    store.write({ op: 'devices.announcement.remove', topic })
    describe.unload(source, turn)
  }

  function touch(source: Source, at: number): void {
    for (const device of source.devices) device.lastSeen = Math.max(device.lastSeen, at)
  }

  return {
    take(message, dialect, turn) {
      const { topic, payload, at, publisher } = message
      const incoming = new Incoming(topic, payload)
      const id = dialect.sourceOf(incoming)
      if (id === null) return { isAnnouncement: false, queries: [] }
      const source = sources.get(`${dialect.name} ${id}`) ?? new Source(dialect, id)
      const old = source.announcements.get(topic)
      if (old !== undefined && isEqual(old.payload, payload)) {
        if (!message.replayed) touch(source, at)
        return silent
      }
      if (payload.length === 0 && old === undefined) return silent
      const refused = refusal(message, old) ?? overreach(message, incoming, dialect)
      if (refused !== null) {
        faults.set(topic, [refused])
        return silent
      }
      if (payload.length === 0) {
        remove(source, topic, turn)
        return silent
      }
      const by: Announcer = { user: publisher?.user ?? null, clientId: publisher?.clientId ?? null, at }
      const discovery = read(source, incoming)
      if (discovery.isMoving) {
        if (old !== undefined) unload(source, topic, turn)
        return silent
      }
      const conflict = describe.conflict(discovery, by)
      if (conflict !== null || !discovery.isKept) {
        faults.set(topic, conflict === null ? discovery.faults : [conflict])
        return silent
      }
      const announcement = { topic, dialect: dialect.name, payload: payload.slice(), ...by }
      keep(source, announcement)
      store.write({ op: 'devices.announcement.put', announcement })
      faults.set(topic, [...discovery.faults, ...describe.apply(source, { ...discovery, by }, turn)])
      return { isAnnouncement: true, queries: discovery.queries }
    },
    restore(stored, turn) {
      const queries: Outgoing[] = []
      const restored = new Set<Source>()
      for (const announcement of stored) {
        const dialect = options.dialects.find(({ name }) => name === announcement.dialect)
        const id = dialect?.sourceOf(new Incoming(announcement.topic, announcement.payload)) ?? null
        if (dialect === undefined || id === null) {
          options.log.warn({ topic: announcement.topic }, 'a stored announcement is of no dialect that the hub knows')
          continue
        }
        const source = sources.get(`${dialect.name} ${id}`) ?? new Source(dialect, id)
        keep(source, announcement)
        restored.add(source)
      }
      for (const source of restored) {
        const discovery = read(source)
        const by = [...source.announcements.values()][0]!
        const found = [...discovery.faults, ...describe.apply(source, { ...discovery, by }, turn)]
        faults.set(by.topic, found)
        queries.push(...discovery.queries)
      }
      return queries
    },
    forget(source, turn) {
      const topics = [...source.announcements.keys()]
      for (const topic of topics) {
        drop(source, topic)
        faults.set(topic, [])
        store.write({ op: 'devices.announcement.remove', topic })
      }
      describe.drop(source, turn)
      return topics
    },
  }
}
