// A client comes in: its identity is known, its session is found or made, and CONNACK is the first thing it gets.

import { agree, connackProperties } from './agreement.ts'
import type { Client } from './client.ts'
import type { ConnectPacket, Fault } from './codec/index.ts'
import { confine } from './confinement.ts'
import type { Connection } from './connection.ts'
import type { Confined, Identity, Login, Member } from './permissions.ts'
import { endings, refusals } from './reason.ts'
import type { Rooms } from './rooms.ts'
import { setWill, takeSession, welcome } from './session-start.ts'
import type { Session } from './session.ts'

/** What is known of a client at the door. */
export interface Arrival {
  readonly packet: ConnectPacket
  readonly login: Login
  readonly identity: Identity
  /** How it proved who it is, and the last word to it, where there was an exchange. */
  readonly authentication: { readonly method: string; readonly data: Uint8Array | null } | null
}

/** Lets a client in. @returns why not. */
export function admit(rooms: Rooms, connection: Connection, arrival: Arrival): Fault | null {
  const { packet, login, identity, authentication } = arrival
  if (identity.kind === 'refused') return refusals[identity.reason]
  const client = { user: identity.user, clientId: login.clientId }
  if (!rooms.connectRates.mayEnter(client, connection.address)) {
    const { address } = connection
    rooms.farewells.note(client, { reason: endings.connectRate.code, at: rooms.clock.now(), address })
    return endings.connectRate
  }
  const former = rooms.sessions.find(client)
  // A client that may reach nobody must not reach another's session either.
  if (identity.kind === 'confined' && former !== undefined && former.sink === null) return endings.clientIdInUse
  agree(connection, packet, rooms.limits)
  const { sessionExpiry } = connection
  const lasts = sessionExpiry !== 0 && identity.kind === 'member'
  if (lasts && (former === undefined || former.key === 0) && rooms.sessions.lasting >= rooms.limits.maxSessions)
    return endings.tooManySessions
  const maxIncoming = Math.min(identity.limits.maxPacketSize, rooms.limits.maxPacketSize)
  const granted = { clientId: login.clientId, sessionExpiry, maxIncoming, authentication }
  const properties = connackProperties(packet, rooms.limits, granted)
  const connack = { type: 'connack', sessionPresent: false, reason: 0, properties } as const
  // Nobody is let in who cannot be told so [MQTT5-3.2.0-1].
  if (!connection.takes(connack)) return endings.answerTooLarge
  const { session, isPresent } = takeSession(rooms, client, packet.clean || identity.kind === 'confined')
  join(rooms, connection, { session, identity, maxIncoming })
  // One that was kept and is to end with this connection stays on disk until then.
  if (lasts || session.key !== 0) rooms.sessions.keep(session, sessionExpiry)
  // The end of a lasting session is a promise, too; a will alone is not what CONNACK tells of.
  const { batch } = rooms.ledger
  if (identity.kind === 'member') setWill(rooms, session, packet.will)
  else connection.heldWill = packet.will
  // MQTT 3.1 has no session present.
  connection.send({ ...connack, sessionPresent: isPresent && packet.version !== 3 }, 'barrier', batch)
  if (identity.kind === 'confined') confine(rooms, connection as Client, { login, sink: identity.sink })
  else welcome(rooms, session)
  return null
}

function join(
  { clock }: Rooms,
  connection: Connection,
  { session, identity, maxIncoming }: { session: Session; identity: Member | Confined; maxIncoming: number },
): void {
  session.connection = connection
  session.protocol = connection.version!
  session.disconnectedAt = null
  session.rules = identity.kind === 'member' ? identity.rules : null
  session.sink = identity.kind === 'member' ? null : identity.sink
  session.limits = identity.limits
  session.holdTo(identity.limits.publishRate, clock.monotonic())
  connection.enrol(session, maxIncoming)
  connection.connectedAt = clock.now()
}
