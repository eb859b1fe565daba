import type { BrokerLimits } from './face.ts'

/** What `hob broker` runs with when no flag says otherwise. */
export const defaultLimits: Required<BrokerLimits> = {
  maxInflight: 64,
  maxQueued: 1_000,
  maxQueuedBytes: 8 * 1024 * 1024,
  maxPacketSize: 16 * 1024 * 1024,
  maxConnections: 10_000,
  maxKeepAlive: 0,
  connectTimeout: 10_000,
  receiveMaximum: 65_535,
  maximumQos: 2,
  retainAvailable: true,
  topicAliasMaximum: 10,
  reasonStrings: true,
  maxSubscriptions: 1_000,
  maxSessions: 20_000,
  maxRetained: 100_000,
  maxSessionExpiry: null,
  maxNewcomers: 5_000,
  maxNewcomersPerAddress: 1_000,
  addressConnectRate: { burst: 10_000, perSecond: 1_000 },
  clientConnectRate: { burst: 120, perSecond: 2 },
}

/**
 * Bytes of the first packet. The four texts and the will of a CONNECT hold 64 KiB each, and nobody has
 * shown a password yet.
 */
export const MAX_CONNECT_SIZE = 512 * 1024

/** Bytes that wait for one client, in our buffers and its stream, before QoS 0 copies are dropped and QoS 1 and 2 stay queued. */
export const MAX_BACKLOG = 1024 * 1024

/** Bytes beyond MAX_BACKLOG that answers alone may add before the client is no longer read. */
export const MAX_ANSWERS = 64 * 1024

/** Bytes written to the store and not yet durable, above which publishers of durable messages are no longer read. */
export const MAX_UNCOMMITTED = 8 * 1024 * 1024

/** Milliseconds a closed connection may take to read its last bytes before its socket is destroyed. */
export const LINGER = 2_000

/** Milliseconds a client is not read that publishes faster than its kind may. */
export const STORM_PAUSE = 1_000

/** Milliseconds a retained QoS 0 message may wait for the disk. */
export const RETAINED_DELAY = 1_000

/** Milliseconds that a client lost together with the hub has to come back before its will is published. */
export const WILL_GRACE = 60_000
