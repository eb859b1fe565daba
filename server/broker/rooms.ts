import type { Causes, Clock, Log } from '#kernel'
import type { Bodies } from './bodies.ts'
import type { ConnectRates } from './connect-rates.ts'
import type { Connection } from './connection.ts'
import type { Deliveries } from './delivery.ts'
import type { BrokerLimits, BrokerOptions } from './face.ts'
import type { Farewells } from './farewells.ts'
import type { Ledger } from './ledger.ts'
import type { Outgoing } from './outgoing.ts'
import type { Permissions } from './permissions.ts'
import type { Retained } from './retained.ts'
import type { SessionExpiry } from './session-expiry.ts'
import type { Sessions } from './sessions.ts'
import type { Stats } from './stats.ts'
import type { SystemTopics } from './system-topics.ts'
import type { TrafficMeter } from './traffic.ts'
import type { Wills } from './will.ts'

/** The parts of one broker, as its handlers use them. */
export interface Rooms {
  readonly clock: Clock
  readonly causes: Causes
  readonly log: Log
  readonly limits: Required<BrokerLimits>
  readonly permissions: Permissions
  readonly onClient: NonNullable<BrokerOptions['onClient']>
  readonly stats: Stats
  readonly ledger: Ledger
  readonly bodies: Bodies
  readonly retained: Retained
  readonly sessions: Sessions
  readonly expiry: SessionExpiry
  readonly outgoing: Outgoing
  readonly deliveries: Deliveries
  readonly wills: Wills
  readonly system: SystemTopics
  readonly farewells: Farewells
  readonly connectRates: ConnectRates
  readonly meter: TrafficMeter
  /** Connections that are not read until the disk has caught up. */
  readonly waitingForDisk: Set<Connection>
}
