import { reasons, returnCodes, type Fault } from './codec/index.ts'
import type { RefusalReason } from './permissions.ts'

// Why a connection ends, beyond what is wrong with its bytes (`codec/faults.ts`). One table, so that each reason has
// one name for the owner, one text, and one code per version on the wire.

function refusal(code: Fault['code'], text: string, codes: { reason: number; connack: number }): Fault {
  return Object.freeze({ code, text, ...codes })
}

function ending(code: Fault['code'], text: string, reason: number): Fault {
  return Object.freeze({ code, text, reason, connack: null })
}

/** Reasons that are no fault of the packet's bytes. */
export const endings = {
  versionNotOffered: refusal('broker.version_not_offered', 'MQTT 5.0 is not offered yet', {
    reason: reasons.unsupportedProtocolVersion,
    connack: returnCodes.unacceptableProtocolVersion,
  }),
  clientIdMissing: refusal('broker.client_id_missing', 'a client that wants a lasting session must have a client id', {
    reason: reasons.clientIdNotValid,
    connack: returnCodes.identifierRejected,
  }),
  clientIdInUse: refusal('broker.client_id_in_use', 'an approved client uses this client id', {
    reason: reasons.clientIdNotValid,
    connack: returnCodes.identifierRejected,
  }),
  badCredentials: refusal('broker.bad_credentials', 'user name and password do not belong together', {
    reason: reasons.badUserNameOrPassword,
    connack: returnCodes.badUserNameOrPassword,
  }),
  notAuthorised: refusal('broker.not_authorised', 'this client is not known here', {
    reason: reasons.notAuthorized,
    connack: returnCodes.notAuthorized,
  }),
  banned: refusal('broker.banned', 'this client was banned', {
    reason: reasons.banned,
    connack: returnCodes.notAuthorized,
  }),
  unavailable: refusal('broker.unavailable', 'the hub cannot check who this is at the moment', {
    reason: reasons.serverUnavailable,
    connack: returnCodes.serverUnavailable,
  }),
  tooManySessions: refusal('broker.too_many_sessions', 'the broker keeps as many lasting sessions as it may', {
    reason: reasons.quotaExceeded,
    connack: returnCodes.serverUnavailable,
  }),

  topicFilter: ending('broker.topic_filter', 'a topic filter has a misplaced wildcard', reasons.topicFilterInvalid),
  unexpectedAck: ending(
    'broker.unexpected_ack',
    'an acknowledgement does not fit the state of its message',
    reasons.protocolError,
  ),
  unexpectedPacket: ending('broker.unexpected_packet', 'this packet has no place here', reasons.protocolError),

  disconnected: ending('broker.disconnected', 'the client said goodbye', reasons.success),
  lost: ending('broker.lost', 'the connection broke without a goodbye', reasons.unspecified),
  connectTimeout: ending('broker.connect_timeout', 'no CONNECT came in time', reasons.maximumConnectTime),
  keepAlive: ending('broker.keep_alive', 'nothing came for one and a half keep alives', reasons.keepAliveTimeout),
  takenOver: ending('broker.taken_over', 'the same client connected again', reasons.sessionTakenOver),
  administrative: ending('broker.administrative', 'the hub ended the connection', reasons.administrativeAction),
  shutdown: ending('broker.shutdown', 'the hub stops', reasons.serverShuttingDown),
  internal: ending('broker.internal', 'the hub failed to handle a packet', reasons.implementationSpecific),
} as const satisfies Record<string, Fault>

/** Endings that need nobody's attention. */
export const quietEndings: ReadonlySet<Fault> = new Set([
  endings.disconnected,
  endings.lost,
  endings.shutdown,
  endings.takenOver,
])

/** The answers of the permissions as endings. */
export const refusals: Readonly<Record<RefusalReason, Fault>> = {
  bad_credentials: endings.badCredentials,
  not_authorised: endings.notAuthorised,
  banned: endings.banned,
  unavailable: endings.unavailable,
}
