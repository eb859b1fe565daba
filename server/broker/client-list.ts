import type { ClientDetails, ClientInfo } from './face.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'

/** One row of the client list. */
export function clientInfo({ farewells, clock }: Rooms, session: Session): ClientInfo {
  const { user, clientId, protocol, connection, queue, queuedBytes, inflight, subscriptions, traffic } = session
  const { received, sent, dropped, rateIn, rateOut } = traffic
  const farewell = farewells.of(session)
  return {
    ...{ user, clientId, protocol, received, sent, dropped, queuedBytes },
    connected: connection !== null,
    confined: session.sink !== null,
    slowed: session.publishes?.isOverrun(clock.monotonic()) ?? false,
    address: connection?.address ?? farewell?.address ?? null,
    connectedAt: connection?.connectedAt ?? null,
    disconnectedAt: session.disconnectedAt,
    sessionExpiry: session.key === 0 ? 0 : session.expiry,
    queued: queue.length,
    inflight: inflight.size,
    unread: connection?.outbox.waiting ?? 0,
    subscriptions: subscriptions.size,
    rateIn: connection === null ? 0 : rateIn,
    rateOut: connection === null ? 0 : rateOut,
    lastReason: farewell?.reason ?? null,
    lastReasonAt: farewell?.at ?? null,
  }
}

/** The same with what the client subscribes to. */
export function clientDetails(rooms: Rooms, session: Session): ClientDetails {
  const filters = [...session.subscriptions.values()].map(({ filter, qos, noLocal, retainAsPublished }) => ({
    ...{ filter, qos, noLocal, retainAsPublished },
  }))
  return { ...clientInfo(rooms, session), filters }
}
