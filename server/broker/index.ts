export { createBroker } from './broker.ts'
export { allowEveryone } from './allow-everyone.ts'
export { defaultLimits } from './limits.ts'
export type { Listener, ListenerOptions } from './listeners/port.ts'
export { listenTcp } from './listeners/tcp.ts'
export { listenTls, type ServerCertificate, type TlsListener } from './listeners/tls.ts'
export { createWebSocketEntry, type WebSocketEntry } from './listeners/websocket.ts'
export { listenWebSocket, type WebSocketListener } from './listeners/websocket-listener.ts'
export { createMemoryBrokerStore } from './memory-store.ts'
export { anonymous, conformance, type Profile } from './profile.ts'
export type { Broker, BrokerLimits, BrokerOptions, BrokerQueues, BrokerStats, ClientEvent, ClientInfo } from './face.ts'
export type {
  ClientLimits,
  Confined,
  ConfinedConnection,
  Exchange,
  ExchangeStep,
  Identity,
  Login,
  Member,
  Peer,
  Permissions,
  RefusalReason,
  Refused,
  Sink,
  TopicRules,
} from './permissions.ts'
export type {
  BrokerOp,
  BrokerStore,
  StoredBroker,
  StoredDelivery,
  StoredInbound,
  StoredMessage,
  StoredRetained,
  StoredSession,
  StoredSubscription,
  StoredWill,
} from './store.ts'
