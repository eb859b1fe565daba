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
  connectRate: refusal('broker.connect_rate', 'this client connects again and again, faster than it may', {
    reason: reasons.connectionRateExceeded,
    connack: returnCodes.serverUnavailable,
  }),
  addressConnectRate: refusal('broker.address_connect_rate', 'too many connects come from this address', {
    reason: reasons.connectionRateExceeded,
    connack: returnCodes.serverUnavailable,
  }),
  tooManySessions: refusal('broker.too_many_sessions', 'the broker keeps as many lasting sessions as it may', {
    reason: reasons.quotaExceeded,
    connack: returnCodes.serverUnavailable,
  }),
  answerTooLarge: refusal('broker.answer_too_large', 'the client takes no packet as large as the answer it needs', {
    reason: reasons.packetTooLarge,
    connack: returnCodes.serverUnavailable,
  }),

  willQosNotSupported: refusal('broker.will_qos_not_supported', 'the will has a higher QoS than is offered here', {
    reason: reasons.qosNotSupported,
    connack: returnCodes.serverUnavailable,
  }),
  willRetainNotSupported: refusal('broker.will_retain_not_supported', 'retained messages are not offered here', {
    reason: reasons.retainNotSupported,
    connack: returnCodes.serverUnavailable,
  }),
  authenticationMethod: refusal('broker.unknown_authentication_method', 'this way to log in is not offered here', {
    reason: reasons.badAuthenticationMethod,
    connack: returnCodes.notAuthorized,
  }),

  topicFilter: ending('broker.topic_filter', 'a topic filter has a misplaced wildcard', reasons.malformedPacket),
  sharedFilter: ending(
    'broker.shared_filter',
    'a shared subscription needs a name without wildcards and a filter behind it',
    reasons.protocolError,
  ),
  qosNotSupported: ending(
    'broker.qos_not_supported',
    'a message has a higher QoS than is offered here',
    reasons.qosNotSupported,
  ),
  retainNotSupported: ending(
    'broker.retain_not_supported',
    'retained messages are not offered here',
    reasons.retainNotSupported,
  ),
  receiveMaximum: ending(
    'broker.receive_maximum',
    'more messages are under way than this connection may have',
    reasons.receiveMaximumExceeded,
  ),
  repeatedPublish: ending(
    'broker.repeated_publish',
    'a message was sent again and again without a new connection',
    reasons.protocolError,
  ),
  aliasTooHigh: ending(
    'broker.topic_alias',
    'a topic alias is higher than this connection may use',
    reasons.topicAliasInvalid,
  ),
  aliasUnknown: ending('broker.topic_alias_unknown', 'a topic alias was never set to a topic', reasons.protocolError),
  sessionExpiry: ending(
    'broker.session_expiry',
    'a session that was to end with its connection cannot be kept at the end',
    reasons.protocolError,
  ),
  unexpectedAck: ending(
    'broker.unexpected_ack',
    'an acknowledgement does not fit the state of its message',
    reasons.protocolError,
  ),
  unexpectedPacket: ending('broker.unexpected_packet', 'this packet has no place here', reasons.protocolError),

  tlsHandshake: ending('broker.tls_handshake', 'a TLS handshake failed', reasons.unspecified),
  tlsHandshakeLate: ending('broker.tls_handshake_late', 'a TLS handshake took too long', reasons.unspecified),
  upgradeLate: ending('broker.upgrade_late', 'a request for a WebSocket did not come in time', reasons.unspecified),
  proxyHeaderMissing: ending(
    'broker.proxy_header_missing',
    'a proxy that is trusted sent no PROXY header of version 2 before the connection',
    reasons.unspecified,
  ),
  proxyHeaderBroken: ending(
    'broker.proxy_header_broken',
    'a PROXY header is malformed or too long',
    reasons.unspecified,
  ),
  proxyHeaderLate: ending('broker.proxy_header_late', 'a PROXY header did not come in time', reasons.unspecified),
  proxyUntrusted: ending(
    'broker.proxy_untrusted',
    'a PROXY header came from an address that is not among the trusted proxies',
    reasons.unspecified,
  ),
  textFrame: ending(
    'broker.text_frame',
    'MQTT over WebSocket comes in binary frames, and this was text',
    reasons.malformedPacket,
  ),
  webSocketBroken: ending('broker.websocket_broken', 'a WebSocket frame is malformed', reasons.malformedPacket),

  disconnected: ending('broker.disconnected', 'the client said goodbye', reasons.success),
  disconnectedWithWill: ending(
    'broker.disconnected_with_will',
    'the client left and wants its will sent',
    reasons.success,
  ),
  lost: ending('broker.lost', 'the connection broke without a goodbye', reasons.unspecified),
  crowded: ending('broker.crowded', 'others wait to come in, and this one said nothing', reasons.serverBusy),
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
  endings.disconnectedWithWill,
  endings.lost,
  endings.shutdown,
  endings.takenOver,
  // Told once for many.
  endings.crowded,
  endings.connectRate,
  endings.addressConnectRate,
])

/** The answers of the permissions as endings. */
export const refusals: Readonly<Record<RefusalReason, Fault>> = {
  bad_credentials: endings.badCredentials,
  not_authorised: endings.notAuthorised,
  banned: endings.banned,
  unavailable: endings.unavailable,
}
