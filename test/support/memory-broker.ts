import { randomBytes } from 'node:crypto'
import { createCauses, createUlids, type Clock } from '#kernel'
import {
  allowEveryone,
  createBroker,
  createMemoryBrokerStore,
  defaultLimits,
  type Broker,
  type BrokerOptions,
} from '../../server/broker/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A broker that keeps nothing and has no sockets, for parts that listen inside the hub; and a way to publish on it. */
export function createLocalBroker(clock: Clock, onMessage: BrokerOptions['onMessage']) {
  const causes = createCauses(createUlids(clock.now, length => randomBytes(length)))
  const broker: Broker = createBroker({
    clock,
    causes,
    store: createMemoryBrokerStore(),
    permissions: allowEveryone,
    limits: defaultLimits,
    log: silent,
    onMessage,
  })
  return {
    broker,
    publish(topic: string, payload: Uint8Array | string, retain = false): void {
      broker.publish({ topic, payload, retain, cause: causes.root('hub', 'hub') })
    },
  }
}
