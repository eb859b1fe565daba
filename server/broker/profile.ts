import { allowEveryone, everyone } from './allow-everyone.ts'
import type { BrokerLimits } from './face.ts'
import { defaultLimits } from './limits.ts'
import type { Permissions } from './permissions.ts'

/** Limits and permissions that belong together. */
export interface Profile {
  readonly limits: Required<BrokerLimits>
  readonly permissions: Permissions
}

/** The one filter that the conformance profile refuses. */
const REFUSED = 'test/nosubscribe'

/**
 * What public test suites take for granted of a broker, bytes of CONNACK and DISCONNECT included: everybody may come
 * in and come back at once, small maxima that can be exceeded, one filter that is refused, and no reasons in words.
 */
export const conformance: Profile = {
  limits: {
    ...defaultLimits,
    maxKeepAlive: 60,
    receiveMaximum: 20,
    topicAliasMaximum: 10,
    maxPacketSize: 2_000_000,
    reasonStrings: false,
    clientConnectRate: { burst: 10_000, perSecond: 1_000 },
  },
  permissions: {
    identify: () => ({
      ...everyone,
      rules: { ...everyone.rules, maySubscribe: filter => (filter === REFUSED ? 'failure' : true) },
    }),
  },
}

/** Everybody may come in, with the usual limits. */
export const anonymous: Profile = { limits: defaultLimits, permissions: allowEveryone }
