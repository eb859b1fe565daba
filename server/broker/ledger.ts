import { MAX_UNCOMMITTED } from './limits.ts'
import type { BrokerOp, BrokerStore } from './store.ts'

/** What a row costs beyond its payload: a guess that only steers back-pressure. */
const ROW_BYTES = 64

/**
 * The broker's pen: writes to the store, knows which batch holds what the packet at hand wrote, and how
 * much is not on disk yet.
 */
export class Ledger {
  readonly #store: BrokerStore
  readonly #released: (() => void)[] = []
  #bytes: { batch: number; size: number }[] = []
  #uncommitted = 0

  /** The batch that holds the writes since it was last set to 0; 0 when there were none. */
  batch = 0

  constructor(store: BrokerStore) {
    this.#store = store
    store.onDurable(batch => this.#settle(batch))
  }

  /** The newest batch on disk. */
  get durable(): number {
    return this.#store.durable
  }

  /** Whether so much waits for the disk that publishers must be held back. */
  get isPressed(): boolean {
    return this.#uncommitted > MAX_UNCOMMITTED
  }

  /** Whether everything written is on disk. */
  get isSettled(): boolean {
    return this.#bytes.length === 0
  }

  write(op: BrokerOp): void {
    const batch = this.#store.write(op)
    this.batch = batch
    if (batch <= this.#store.durable) return
    const size = ROW_BYTES + (op.op === 'broker.message.put' ? op.message.payload.length : 0)
    this.#uncommitted += size
    const last = this.#bytes.at(-1)
    if (last?.batch === batch) last.size += size
    else this.#bytes.push({ batch, size })
  }

  /** Calls `listener` after a batch became durable. */
  onDurable(listener: () => void): void {
    this.#released.push(listener)
  }

  #settle(durable: number): void {
    while (this.#bytes.length > 0 && this.#bytes[0]!.batch <= durable) this.#uncommitted -= this.#bytes.shift()!.size
    for (const listener of this.#released) listener()
  }
}
