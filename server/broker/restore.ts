import { isTopicFilter } from '#kernel'
import type { Body } from './bodies.ts'
import type { Delivery } from './inflight.ts'
import { bodySize } from './bodies.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import type { BrokerStore, StoredBroker, StoredDelivery } from './store.ts'

/** Takes up what the store kept, before the first connection. */
export async function restore(rooms: Rooms, store: BrokerStore): Promise<void> {
  const kept = await store.load()
  const bodies = new Map<number, Body>(kept.messages.map(row => [row.key, rooms.bodies.restore(row)]))
  const sessions = new Map<number, Session>(kept.sessions.map(row => [row.key, rooms.sessions.restore(row)]))
  restoreSubscriptions(rooms, kept, sessions)
  for (const row of kept.deliveries) restoreDelivery(row, sessions.get(row.session), bodies.get(row.message))
  for (const { session, packetId } of kept.inbound) {
    const owner = sessions.get(session)
    if (owner !== undefined) (owner.inbound ??= new Set()).add(packetId)
  }
  for (const { message } of kept.retained) {
    const body = bodies.get(message)
    if (body !== undefined) rooms.retained.restore(body)
  }
  for (const row of kept.wills) {
    const body = bodies.get(row.message)
    if (body !== undefined) rooms.wills.restore(row, body)
  }
  for (const body of bodies.values()) rooms.bodies.sweep(body)
  for (const session of sessions.values()) startWaiting(rooms, session)
}

function restoreSubscriptions(rooms: Rooms, kept: StoredBroker, sessions: ReadonlyMap<number, Session>): void {
  for (const { session: key, ...options } of kept.subscriptions) {
    const session = sessions.get(key)
    if (session !== undefined && isTopicFilter(options.filter)) rooms.sessions.resubscribe({ session, ...options })
  }
}

function restoreDelivery(row: StoredDelivery, session: Session | undefined, body: Body | undefined): void {
  if (session === undefined || body === undefined) return
  const { seq, qos, retain, subscriptionIds, share, state, packetId } = row
  body.references++
  const size = retain ? 0 : bodySize(body)
  const about = { seq, body, qos, retain, subscriptionIds, share, state, batch: 0, size }
  const delivery: Delivery = { ...about, packetId: packetId ?? 0 }
  session.lastSeq = Math.max(session.lastSeq, seq)
  if (packetId !== null && state !== 'queued') session.inflight.put(packetId, delivery)
  else {
    session.queue.push(delivery)
    session.queuedBytes += size
    session.nextExpiry = Math.min(session.nextExpiry, body.expiresAt ?? Infinity)
  }
}

// When the hub was killed nobody wrote down that its clients were gone: they count as gone since this start.
function startWaiting(rooms: Rooms, session: Session): void {
  const wasConnected = session.disconnectedAt === null
  session.disconnectedAt ??= rooms.clock.now()
  if (wasConnected) rooms.sessions.keep(session, session.expiry)
  rooms.expiry.start(session)
}
