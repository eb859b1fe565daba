import type { Body } from './bodies.ts'
import type { StoredDelivery } from './store.ts'

/** One message on its way to one session. */
export interface Delivery {
  /** Order within the session; 0 for a session that keeps nothing on disk. */
  readonly seq: number
  /** Null when it will never be sent again: in flight to a session that ends with its connection. */
  readonly body: Body | null
  readonly qos: 1 | 2
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
  /** The shared filter that chose this session, or null. */
  readonly share: string | null
  state: StoredDelivery['state']
  packetId: number
  /** The batch that holds its row; 0 when it has none or it is on disk. */
  batch: number
  /** Bytes it counts for while it is queued. */
  readonly size: number
}

// A session that ends with its connection never sends again, so all it must know of a packet id is the state.
const passing = (qos: 1 | 2, state: Delivery['state']): Delivery =>
  Object.freeze({
    ...{ seq: 0, body: null, qos, retain: false, subscriptionIds: [], share: null },
    ...{ state, packetId: 0, batch: 0, size: 0 },
  })
const PASSING_1 = passing(1, 'sent')
const PASSING_2 = passing(2, 'sent')

/** Stands for QoS 2 messages of such sessions whose PUBREC came. */
export const PASSING_RELEASED = passing(2, 'released')

/** Messages sent to one session and not yet completed, in the order they were sent, by packet id. */
export class Inflight {
  readonly #deliveries = new Map<number, Delivery>()
  #lastId = 0

  get size(): number {
    return this.#deliveries.size
  }

  get(packetId: number): Delivery | undefined {
    return this.#deliveries.get(packetId)
  }

  values(): Iterable<Delivery> {
    return this.#deliveries.values()
  }

  /** Gives `delivery` a packet id: not 0, and not one that is in flight [MQTT5-2.2.1-4]. */
  add(delivery: Delivery): number {
    const id = this.#nextId()
    delivery.packetId = id
    delivery.state = 'sent'
    this.#deliveries.set(id, delivery)
    return id
  }

  /** A packet id for a message that will not be sent again. */
  addPassing(qos: 1 | 2): number {
    const id = this.#nextId()
    this.#deliveries.set(id, qos === 1 ? PASSING_1 : PASSING_2)
    return id
  }

  /** A row found at start, with its packet id; or a change of what stands under an id. */
  put(packetId: number, delivery: Delivery): void {
    this.#deliveries.set(packetId, delivery)
    if (packetId > this.#lastId) this.#lastId = packetId
  }

  remove(packetId: number): void {
    this.#deliveries.delete(packetId)
  }

  #nextId(): number {
    let id = this.#lastId
    do id = id === 0xffff ? 1 : id + 1
    while (this.#deliveries.has(id))
    this.#lastId = id
    return id
  }
}
