import {
  createRegistry,
  type DeviceOp,
  type Entity,
  type Event,
  type Registry,
  type StoredDevices,
} from '../../../devices/index.ts'
import { createCauses, payloadText, toPayload, TopicTree, type LocalSubscriber, type Message } from '#kernel'
import { createTestClock, type TestClock } from '../../support/clock.ts'

/** A message that the hub published. */
export interface Published {
  readonly topic: string
  readonly payload: string
  readonly qos: number
  readonly retain: boolean
  readonly expiry: number | undefined
}

export interface HouseOptions {
  readonly clock?: TestClock
  readonly stored?: Partial<StoredDevices>
  /** Retained at the broker before the registry opens. */
  readonly retained?: Readonly<Record<string, string>>
}

export interface Told {
  readonly retain?: boolean
  readonly user?: string
  readonly clientId?: string
}

/** A registry on a clock of its own, behind a broker that is a topic tree and a queue. */
export interface House {
  readonly registry: Registry
  readonly clock: TestClock
  readonly published: Published[]
  /** Events that changed something, of messages and others. */
  readonly events: Event[]
  readonly writes: DeviceOp[]
  /** Texts of log lines. */
  readonly log: string[]
  /** A client publishes. */
  tell(topic: string, payload?: string | Uint8Array, how?: Told): void
  /** Adopts every candidate, in order. */
  adoptAll(): Promise<void>
  /** What the hub published since the last call. */
  takePublished(): Published[]
  /** What the store would load now: the sum of the writes. */
  stored(): StoredDevices
}

/** What somebody reads back who applies the writes in order. */
function replayWrites(writes: readonly DeviceOp[], before: StoredDevices, live: readonly Entity[]): StoredDevices {
  const tables = {
    announcements: new Map(before.announcements.map(each => [each.topic, each])),
    areas: new Map(before.areas.map(each => [each.id, each])),
    devices: new Map(before.devices.map(each => [each.id, each])),
    entities: new Map(before.entities.map(each => [each.id, each])),
    values: new Map(before.values.map(each => [`${each.entity} ${each.name}`, each])),
    aliases: new Map(before.aliases.map(each => [`${each.kind} ${each.slug}`, each])),
  }
  for (const write of writes) {
    if (write.op === 'devices.announcement.put') tables.announcements.set(write.announcement.topic, write.announcement)
    else if (write.op === 'devices.announcement.remove') tables.announcements.delete(write.topic)
    else if (write.op === 'devices.area.put') tables.areas.set(write.area.id, write.area)
    else if (write.op === 'devices.area.remove') tables.areas.delete(write.id)
    else if (write.op === 'devices.device.put') tables.devices.set(write.device.id, write.device)
    else if (write.op === 'devices.device.remove') tables.devices.delete(write.id)
    else if (write.op === 'devices.entity.put') tables.entities.set(write.entity.id, write.entity)
    else if (write.op === 'devices.entity.remove') tables.entities.delete(write.id)
    else tables.aliases.set(`${write.alias.kind} ${write.alias.slug}`, write.alias)
  }
  // The recorder takes them from the events; they come back as what they last were.
  for (const { id: entity, values } of live) {
    for (const { name, value, changedAt } of values.values()) {
      if (changedAt > 0) tables.values.set(`${entity} ${name}`, { entity, name, value, at: changedAt, changedAt })
    }
  }
  const { announcements, areas, devices, entities, values, aliases } = tables
  return {
    announcements: [...announcements.values()],
    areas: [...areas.values()],
    devices: [...devices.values()],
    entities: [...entities.values()],
    values: [...values.values()],
    points: before.points,
    aliases: [...aliases.values()],
  }
}

const empty: StoredDevices = {
  announcements: [],
  areas: [],
  devices: [],
  entities: [],
  values: [],
  points: [],
  aliases: [],
}

let houses = 0

export async function createHouse(options: HouseOptions = {}): Promise<House> {
  const clock = options.clock ?? createTestClock()
  const house = ++houses
  let n = 0
  const newId = () => `h${house}-${++n}`
  const causes = createCauses(newId)
  const tree = new TopicTree<LocalSubscriber>()
  const published: Published[] = []
  const events: Event[] = []
  const writes: DeviceOp[] = []
  const log: string[] = []
  const before: StoredDevices = { ...empty, ...options.stored }
  const atBroker = new Map<string, Message>()
  const queue: { message: Message; only: LocalSubscriber | null }[] = []
  let isRunning = false

  function route(message: Message, only: LocalSubscriber | null): void {
    const matched = only === null ? tree.match(message.topic) : [only]
    const { topic, payload, publisher } = message
    if (matched.length === 0) {
      registry.overhear({ topic, payload, user: publisher?.user ?? null, clientId: publisher?.clientId ?? null })
      return
    }
    const event = registry.onMessage(message, matched)
    if (event.changes.length > 0) events.push(event)
  }

  function push(message: Message, only: LocalSubscriber | null = null): void {
    queue.push({ message, only })
    if (isRunning) return
    isRunning = true
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) route(next.message, next.only)
    isRunning = false
  }

  function publish(message: Omit<Message, 'at' | 'replayed' | 'expiresAt' | 'properties'>): void {
    const whole = { ...message, at: clock.now(), replayed: false, expiresAt: null, properties: null }
    if (whole.retain && whole.payload.length === 0) atBroker.delete(whole.topic)
    else if (whole.retain) atBroker.set(whole.topic, whole)
    push(whole)
  }

  for (const [topic, text] of Object.entries(options.retained ?? {})) {
    const cause = causes.root('device', 'earlier')
    const publisher = { user: 'esp', clientId: 'earlier' }
    const base = { topic, payload: toPayload(text), qos: 0, retain: true, at: clock.now() - 60_000 } as const
    atBroker.set(topic, { ...base, cause, publisher, replayed: true, expiresAt: null, properties: null })
  }

  const registry = createRegistry({
    clock,
    causes,
    newId,
    nextSeq: () => ++n,
    store: {
      durable: Number.MAX_SAFE_INTEGER,
      onDurable() {},
      write(op) {
        writes.push(op)
        return writes.length
      },
      load: async () => before,
    },
    publish({ topic, payload, qos = 0, retain = false, expiry, cause }) {
      const bytes = typeof payload === 'string' ? toPayload(payload) : payload
      published.push({ topic, payload: payloadText(bytes) ?? '(binary)', qos, retain, expiry })
      publish({ topic, payload: bytes, qos, retain, cause, publisher: null })
    },
    subscriptions: {
      add(filter, subscriber) {
        tree.add(filter, subscriber)
        const wanted = new TopicTree<true>()
        wanted.add(filter, true)
        for (const [topic, message] of atBroker) {
          if (wanted.match(topic).length > 0) push({ ...message, replayed: true }, subscriber)
        }
      },
      remove: (filter, subscriber) => void tree.remove(filter, subscriber),
    },
    log: {
      debug() {},
      info() {},
      warn: (_facts: object, text?: string) => void log.push(text ?? ''),
      error: (facts: object, text?: string) => void log.push(`error: ${text} ${JSON.stringify(facts)}`),
    },
    onEvent: event => void events.push(event),
  })
  await registry.open()

  return {
    registry,
    clock,
    published,
    events,
    writes,
    log,
    tell(topic, payload = '', { retain = false, user = 'esp', clientId = user } = {}) {
      const bytes = typeof payload === 'string' ? toPayload(payload) : payload
      const cause = causes.root('device', clientId)
      publish({ topic, payload: bytes, qos: 0, retain, cause, publisher: { user, clientId } })
    },
    async adoptAll() {
      for (const { id } of registry.candidates()) await registry.adopt(id, {}, causes.root('user', 'olga'))
    },
    takePublished: () => published.splice(0),
    stored: () => replayWrites(writes, before, registry.entities()),
  }
}
