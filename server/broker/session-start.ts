import type { Body } from './bodies.ts'
import type { Will } from './codec/index.ts'
import { endSession } from './departure.ts'
import { endings } from './reason.ts'
import { travelling } from './message-properties.ts'
import type { Rooms } from './rooms.ts'
import type { ClientIdentity, Session } from './session.ts'

/** Ends the connection that holds the session, and finds the state to go on with [MQTT5-3.1.4-3, -4]. */
export function takeSession(
  rooms: Rooms,
  client: ClientIdentity,
  isClean: boolean,
): { session: Session; isPresent: boolean } {
  const former = rooms.sessions.find(client)
  if (former?.connection != null) {
    rooms.wills.takeOver(client, isClean)
    former.connection.end(endings.takenOver)
  }
  // A will that waits for its delay is not sent any more [MQTT5-3.1.3-9].
  rooms.wills.drop(client)
  const found = rooms.sessions.find(client)
  if (found !== undefined) rooms.expiry.cancel(found)
  if (found !== undefined && !isClean) return { session: found, isPresent: true }
  if (found !== undefined) endSession(rooms, found)
  return { session: rooms.sessions.create(client), isPresent: false }
}

/** Makes a will the session's own, unless its topic is refused; like any refused message it is dropped, then. */
export function setWill(rooms: Rooms, session: Session, will: Will | null): void {
  if (will === null) return
  const { user, clientId, rules, limits } = session
  if (will.topic.startsWith('$') || rules?.mayPublish(will.topic) !== true) {
    rooms.stats.refused++
    return
  }
  const { topic, payload, qos } = will
  const retain = will.retain && rooms.limits.retainAvailable
  // The delay is no part of the message [MQTT5 3.1.3.2.2].
  const about = { topic, payload, qos, retain, properties: travelling(will.properties), expiresAt: null }
  const body: Body = { key: 0, references: 0, ...about, user, clientId, at: rooms.clock.now() }
  const { willDelay: delay = 0, messageExpiry = null } = will.properties ?? {}
  rooms.wills.set({ user, clientId }, { body, delay, messageExpiry, maxRetained: limits?.maxRetained ?? 0 })
}

/** The member is in: what waited for it follows, and the hub hears of it. */
export function welcome(rooms: Rooms, session: Session): void {
  const { stats } = rooms
  stats.connections++
  rooms.meter.watch()
  stats.mostConnections = Math.max(stats.mostConnections, stats.connections)
  rooms.outgoing.resume(session)
  const { user, clientId } = session
  rooms.onClient({ user, clientId, connected: true, reason: null })
}
