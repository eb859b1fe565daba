import { createCauses, TopicTree, type Clock, type LocalSubscriber, type Message, type Ulid } from '#kernel'
import type { Registry } from './face.ts'
import { createRegistry } from './registry/registry.ts'
import type { DeviceStore } from './store.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const nowhere: DeviceStore = {
  durable: 0,
  onDurable() {},
  write: () => 0,
  load: async () => ({ announcements: [], areas: [], devices: [], entities: [], values: [], points: [], aliases: [] }),
}

/** A registry that nothing leaves: it understands what it hears, asks nothing and keeps nothing. */
export interface Sandbox {
  readonly registry: Registry
  hear(message: Message): void
  /** Whether something in it follows a topic. */
  listens(topic: string): boolean
}

/** Opens a sandbox; `onChange` is called when its candidates differ for another reason than a message. */
export async function openSandbox(options: {
  clock: Clock
  newId: () => Ulid
  onChange: () => void
  /** Entities that it understands. */
  maxEntities?: number
}): Promise<Sandbox> {
  const tree = new TopicTree<LocalSubscriber>()
  let seq = 0
  const registry = createRegistry({
    clock: options.clock,
    causes: createCauses(options.newId),
    newId: options.newId,
    nextSeq: () => ++seq,
    store: nowhere,
    publish() {},
    subscriptions: {
      add: (filter, each) => tree.add(filter, each),
      remove: (filter, each) => void tree.remove(filter, each),
    },
    ...(options.maxEntities === undefined ? {} : { maxCandidateEntities: options.maxEntities }),
    log: silent,
    onEvent: options.onChange,
  })
  await registry.open()
  return {
    registry,
    hear(message) {
      const { topic, payload, publisher } = message
      const matched = tree.match(topic)
      if (matched.length > 0) registry.onMessage(message, matched)
      else registry.overhear({ topic, payload, user: publisher?.user ?? null, clientId: publisher?.clientId ?? null })
    },
    listens: topic => tree.match(topic).length > 0,
  }
}
