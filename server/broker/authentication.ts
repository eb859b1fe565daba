// Enhanced authentication [MQTT5-4.12.0-1..7]: a method of several steps between CONNECT and CONNACK, and again later
// when the client wants to prove anew who it is. What the steps are is up to the permissions; here is who may speak when.

import { admit, type Arrival } from './arrival.ts'
import type { AuthPacket, Fault } from './codec/index.ts'
import { reasons } from './codec/index.ts'
import { hold, type Connection } from './connection.ts'
import type { Exchange, ExchangeStep, Identity } from './permissions.ts'
import { endings, refusals } from './reason.ts'
import type { Rooms } from './rooms.ts'

/** An exchange that goes on, or the method that a finished one used. */
export interface Authentication {
  readonly method: string
  /** Null once the client has proved who it is. */
  exchange: Exchange | null
  /** The CONNECT that waits for it; null when the client is in. */
  arrival: Omit<Arrival, 'identity' | 'authentication'> | null
}

/** Goes on when the answer of the permissions is there; the connection is not read before. */
export function whenKnown<T>(
  rooms: Rooms,
  connection: Connection,
  { answer, otherwise, go }: { answer: T | Promise<T>; otherwise: T; go: (known: T) => Fault | null },
): Fault | null {
  if (!(answer instanceof Promise)) return go(answer)
  connection.pause(hold.identity)
  void known(rooms, connection, { answer, otherwise }).then(found => {
    if (!connection.isOpen) return
    connection.run(() => go(found))
    connection.resume(hold.identity)
  })
  return null
}

async function known<T>(
  rooms: Rooms,
  connection: Connection,
  { answer, otherwise }: { answer: Promise<T>; otherwise: T },
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    rooms.log.error({ error, address: connection.address }, 'the check of a login failed')
    return otherwise
  }
}

const UNAVAILABLE: ExchangeStep = { kind: 'done', data: null, identity: { kind: 'refused', reason: 'unavailable' } }

/** Begins the exchange that a CONNECT asks for. */
export function beginAuthentication(
  rooms: Rooms,
  connection: Connection,
  arrival: NonNullable<Authentication['arrival']>,
): Fault | null {
  const { authenticationMethod: method = '', authenticationData = null } = arrival.packet.properties ?? {}
  const exchange = rooms.permissions.authenticate?.(method, arrival.login) ?? null
  if (exchange === null) return endings.authenticationMethod // [MQTT5-4.12.0-1]
  connection.authentication = { method, exchange, arrival }
  return advance(rooms, connection, { exchange, data: authenticationData })
}

/** AUTH: the next step of an exchange, or the first one of a new exchange on a connection that stands. */
export function handleAuth(rooms: Rooms, connection: Connection, { reason, properties }: AuthPacket): Fault | null {
  const { authentication, session } = connection
  const { authenticationMethod, authenticationData = null } = properties ?? {}
  // A client that named no method in its CONNECT sends no AUTH, and the method never changes [MQTT5-4.12.0-5..7, 4.12.1-1].
  if (authentication === null || authenticationMethod !== authentication.method) return endings.unexpectedPacket
  if (reason === reasons.reauthenticate && session !== null && connection.login !== null) {
    authentication.exchange = rooms.permissions.authenticate?.(authentication.method, connection.login) ?? null
    if (authentication.exchange === null) return endings.notAuthorised
  } else if (reason !== reasons.continueAuthentication) return endings.unexpectedPacket
  const { exchange } = authentication
  return exchange === null
    ? endings.unexpectedPacket
    : advance(rooms, connection, { exchange, data: authenticationData })
}

function advance(
  rooms: Rooms,
  connection: Connection,
  { exchange, data }: { exchange: Exchange; data: Uint8Array | null },
): Fault | null {
  return whenKnown(rooms, connection, {
    answer: exchange.next(data),
    otherwise: UNAVAILABLE,
    go: step => take(rooms, connection, step),
  })
}

function take(rooms: Rooms, connection: Connection, step: ExchangeStep): Fault | null {
  const authentication = connection.authentication!
  const { arrival, method } = authentication
  if (step.kind === 'continue') return sendAuth(connection, reasons.continueAuthentication, step.data)
  authentication.exchange = null
  authentication.arrival = null
  const { identity, data } = step
  if (arrival !== null) return admit(rooms, connection, { ...arrival, identity, authentication: { method, data } })
  return renew(connection, identity) ?? sendAuth(connection, reasons.success, data)
}

/** A client that proved anew who it is keeps its session, with the rights it has now. */
function renew(connection: Connection, identity: Identity): Fault | null {
  if (identity.kind === 'refused') return refusals[identity.reason]
  const session = connection.session!
  if (identity.kind !== 'member' || identity.user !== session.user) return endings.notAuthorised
  session.rules = identity.rules
  session.limits = identity.limits
  return null
}

function sendAuth(connection: Connection, reason: number, data: Uint8Array | null): Fault | null {
  const authenticationMethod = connection.authentication!.method
  const properties = { authenticationMethod, ...(data === null ? {} : { authenticationData: data }) }
  return connection.send({ type: 'auth', reason, properties }, 'prompt', 0)
}
