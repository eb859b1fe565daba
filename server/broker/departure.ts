// A client goes: its session ends with the connection, or waits for it to come back.

import type { Fault } from './codec/index.ts'
import type { Connection } from './connection.ts'
import { endings } from './reason.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'

/** What follows from the end of a connection. */
export function depart(rooms: Rooms, connection: Connection, reason: Fault): void {
  rooms.waitingForDisk.delete(connection)
  const { session } = connection
  if (session === null) return
  session.connection = null
  const { address } = connection
  rooms.farewells.note(session, { reason: reason.code, at: rooms.clock.now(), address })
  if (session.sink !== null) {
    const { sink } = session
    rooms.sessions.remove(session)
    sink.closed()
    return
  }
  rooms.stats.connections--
  const { user, clientId } = session
  leaveWill(rooms, session, reason)
  if (session.key === 0 || session.expiry === 0) endSession(rooms, session)
  else {
    session.disconnectedAt = rooms.clock.now()
    rooms.sessions.keep(session, session.expiry)
    rooms.expiry.start(session)
  }
  rooms.onClient({ user, clientId, connected: false, reason: reason.code })
}

function leaveWill({ wills }: Rooms, session: Session, reason: Fault): void {
  if (reason === endings.disconnected) wills.drop(session)
  // The hub's own stop is not the client's loss: the will stays for the next start.
  else if (reason !== endings.shutdown) wills.lost(session, session.key === 0 ? 0 : session.expiry)
}

/** Ends a session for good. */
export function endSession({ sessions, expiry, outgoing, deliveries }: Rooms, session: Session): void {
  expiry.cancel(session)
  // The row goes first: it takes the rows of its deliveries with it, and then nothing refers to their messages.
  sessions.remove(session)
  for (const { body, share } of outgoing.discardAll(session)) deliveries.reassign(body, share)
}
