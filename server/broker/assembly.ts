import { createBodies } from './bodies.ts'
import { createDeliveries } from './delivery.ts'
import { endSession } from './departure.ts'
import type { BrokerOptions } from './face.ts'
import { Farewells } from './farewells.ts'
import { Frames } from './frame.ts'
import { Ledger } from './ledger.ts'
import { defaultLimits } from './limits.ts'
import { createConnectRates } from './connect-rates.ts'
import { createCopies } from './copies.ts'
import { createOutgoing } from './outgoing.ts'
import { createRetained } from './retained.ts'
import { createRetainedWrites, type RetainedWrites } from './retained-writes.ts'
import type { Rooms } from './rooms.ts'
import { createSessionExpiry } from './session-expiry.ts'
import type { Session } from './session.ts'
import { createSessions } from './sessions.ts'
import { createStats } from './stats.ts'
import { createSubscriptionTree, type SubscriptionTree } from './subscriptions.ts'
import { createSystemTopics } from './system-topics.ts'
import { createSystemValues, loadCounters } from './system-values.ts'
import { createTrafficMeter } from './traffic.ts'
import { createWills } from './will.ts'

/** The rooms of a broker and what only the broker itself uses. */
export interface Assembly {
  readonly rooms: Rooms
  readonly subscriptions: SubscriptionTree
  readonly retainedWrites: RetainedWrites
}

/** Builds the rooms, each with what it needs of the others. */
export function assemble(options: BrokerOptions): Assembly {
  const { clock, causes, log, permissions, onMessage, onUnmatched } = options
  const limits = { ...defaultLimits, ...options.limits }
  const now = () => clock.now()
  const stats = createStats()
  const frames = new Frames()
  const ledger = new Ledger(options.store)
  const bodies = createBodies(ledger, now)
  const retainedWrites = createRetainedWrites({ ledger, bodies, clock })
  const retained = createRetained({ writes: retainedWrites, maxRetained: limits.maxRetained, now })
  const subscriptions = createSubscriptionTree()
  const sessions = createSessions({ ledger, subscriptions, now })
  const copies = createCopies({ frames, now })
  const outgoing = createOutgoing({ clock, log, ledger, bodies, stats, limits, retained, copies })
  const { retainAvailable } = limits
  const routing = { retainAvailable, subscriptions, outgoing, retained, onMessage, onUnmatched }
  const deliveries = createDeliveries({ clock, causes, log, ledger, frames, stats, ...routing })
  const wills = createWills({ ledger, bodies, clock, publish: deliveries.publishBody })
  const onExpired = (session: Session) => {
    stats.expired++
    endSession(rooms, session)
  }
  const expiry = createSessionExpiry({ clock, onExpired })
  const traffics = () => Iterator.from(sessions.values()).map(({ traffic }) => traffic)
  const isIdle = () => stats.connections === 0
  const meter = createTrafficMeter({ clock, traffics, counters: () => loadCounters(stats), isIdle })
  const startedAt = clock.monotonic()
  const uptime = () => clock.monotonic() - startedAt
  const { version = 'hob' } = options
  const about = { version, uptime, stats, sessions, bodies, retained, subscriptions, meter }
  const values = createSystemValues(about)
  const isWatched = () => subscriptions.hasSystem
  const system = createSystemTopics({ clock, retained, deliveries, values, isWatched })
  const onClient = options.onClient ?? (() => {})
  const rooms: Rooms = {
    ...{ clock, causes, log, limits, permissions, onClient, stats, ledger, bodies, retained },
    ...{ sessions, expiry, outgoing, deliveries, wills, system, meter },
    farewells: new Farewells(),
    connectRates: createConnectRates({ clock, log, limits }),
    waitingForDisk: new Set(),
  }
  return { rooms, subscriptions, retainedWrites }
}
