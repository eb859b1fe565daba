import type { BrokerOp, BrokerStore, StoredBroker } from '../../../server/broker/index.ts'

/** A store in memory whose durability is moved by hand, and that refuses rows no database would take. */
export interface TestStore extends BrokerStore {
  /** What was written becomes durable. @returns the operations, by name. */
  commit(): string[]
  /** Operations that are not durable yet. */
  readonly pending: readonly BrokerOp[]
  /** The rows on disk. */
  rows(): StoredBroker
  /** A store that a hub finds after this one was killed. */
  afterKill(): TestStore
}

class Tables {
  readonly sessions = new Map<number, StoredBroker['sessions'][number]>()
  readonly subscriptions = new Map<string, StoredBroker['subscriptions'][number]>()
  readonly messages = new Map<number, StoredBroker['messages'][number]>()
  readonly deliveries = new Map<string, StoredBroker['deliveries'][number]>()
  readonly inbound = new Map<string, StoredBroker['inbound'][number]>()
  readonly retained = new Map<string, StoredBroker['retained'][number]>()
  readonly wills = new Map<string, StoredBroker['wills'][number]>()

  rows(): StoredBroker {
    return {
      sessions: [...this.sessions.values()],
      subscriptions: [...this.subscriptions.values()],
      messages: [...this.messages.values()],
      deliveries: [...this.deliveries.values()].toSorted((a, b) => a.session - b.session || a.seq - b.seq),
      inbound: [...this.inbound.values()],
      retained: [...this.retained.values()],
      wills: [...this.wills.values()],
    }
  }
}

function must(holds: boolean, op: BrokerOp): void {
  if (!holds) throw new Error(`no database would take ${JSON.stringify(op)}`)
}

function removeSession(tables: Tables, key: number): void {
  tables.sessions.delete(key)
  for (const [id, row] of tables.subscriptions) if (row.session === key) tables.subscriptions.delete(id)
  for (const [id, row] of tables.deliveries) if (row.session === key) tables.deliveries.delete(id)
  for (const [id, row] of tables.inbound) if (row.session === key) tables.inbound.delete(id)
}

function isReferred(tables: Tables, key: number): boolean {
  const { deliveries, retained, wills } = tables
  return [...deliveries.values(), ...retained.values(), ...wills.values()].some(row => row.message === key)
}

function apply(tables: Tables, op: BrokerOp): void {
  switch (op.op) {
    case 'broker.session.put':
      tables.sessions.set(op.session.key, op.session)
      return
    case 'broker.session.remove':
      must(tables.sessions.has(op.key), op)
      removeSession(tables, op.key)
      return
    case 'broker.subscription.put':
      must(tables.sessions.has(op.subscription.session), op)
      tables.subscriptions.set(`${op.subscription.session} ${op.subscription.filter}`, op.subscription)
      return
    case 'broker.subscription.remove':
      must(tables.subscriptions.delete(`${op.session} ${op.filter}`), op)
      return
    case 'broker.message.put':
      must(op.message.payload.byteLength === op.message.payload.buffer.byteLength, op)
      tables.messages.set(op.message.key, op.message)
      return
    case 'broker.message.remove':
      must(tables.messages.delete(op.key) && !isReferred(tables, op.key), op)
      return
    case 'broker.delivery.put':
      must(tables.sessions.has(op.delivery.session) && tables.messages.has(op.delivery.message), op)
      tables.deliveries.set(`${op.delivery.session} ${op.delivery.seq}`, op.delivery)
      return
    case 'broker.delivery.state': {
      const row = tables.deliveries.get(`${op.session} ${op.seq}`)
      must(row !== undefined, op)
      tables.deliveries.set(`${op.session} ${op.seq}`, { ...row!, state: op.state, packetId: op.packetId })
      return
    }
    case 'broker.delivery.remove':
      must(tables.deliveries.delete(`${op.session} ${op.seq}`), op)
      return
    case 'broker.inbound.put':
      must(tables.sessions.has(op.inbound.session), op)
      tables.inbound.set(`${op.inbound.session} ${op.inbound.packetId}`, op.inbound)
      return
    case 'broker.inbound.remove':
      must(tables.inbound.delete(`${op.session} ${op.packetId}`), op)
      return
    case 'broker.retained.put':
      must(tables.messages.has(op.retained.message), op)
      tables.retained.set(op.retained.topic, op.retained)
      return
    case 'broker.retained.remove':
      must(tables.retained.delete(op.topic), op)
      return
    case 'broker.will.put':
      must(tables.messages.has(op.will.message), op)
      tables.wills.set(`${op.will.user}\0${op.will.clientId}`, op.will)
      return
    case 'broker.will.remove':
      must(tables.wills.delete(`${op.user}\0${op.clientId}`), op)
  }
}

/** A message row that nothing refers to would stay for ever. */
function checkOrphans(tables: Tables): void {
  for (const key of tables.messages.keys())
    if (!isReferred(tables, key)) throw new Error(`nothing refers to the row of message ${key}`)
}

/** @param isAutomatic makes every write durable at the end of the turn of the event loop, as a fast disk does. */
export function createTestStore(isAutomatic: boolean, kept: Tables = new Tables()): TestStore {
  const tables = kept
  const listeners: ((batch: number) => void)[] = []
  let pending: BrokerOp[] = []
  let durable = 0
  let isDead = false

  function commit(): string[] {
    if (isDead || pending.length === 0) return []
    const ops = pending
    pending = []
    for (const op of ops) apply(tables, op)
    checkOrphans(tables)
    durable++
    for (const listener of listeners) listener(durable)
    return ops.map(op => op.op.slice('broker.'.length))
  }

  return {
    get durable() {
      return durable
    },
    get pending() {
      return pending
    },
    onDurable(listener) {
      listeners.push(listener)
    },
    write(op) {
      if (isAutomatic && pending.length === 0) setImmediate(commit)
      pending.push(structuredClone(op))
      return durable + 1
    },
    load: () => Promise.resolve(structuredClone(tables.rows())),
    commit,
    rows: () => tables.rows(),
    afterKill() {
      isDead = true
      return createTestStore(isAutomatic, tables)
    },
  }
}
