import type { BrokerStore } from './store.ts'

/** A store that keeps nothing: every write counts as durable at once. For a broker without a data folder. */
export function createMemoryBrokerStore(): BrokerStore {
  return {
    durable: 0,
    onDurable() {},
    write: () => 0,
    load: () =>
      Promise.resolve({
        sessions: [],
        subscriptions: [],
        messages: [],
        deliveries: [],
        inbound: [],
        retained: [],
        wills: [],
      }),
  }
}
