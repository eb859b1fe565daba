import { faults, type Fault } from './faults.ts'
import type { Version } from './packet.ts'

/** What the first byte of a packet already decides: null, or the fault, by its 256 values. */
export type FirstByteFaults = readonly (Fault | null)[]

interface Side {
  /** Null while the first packet of a client is awaited. */
  readonly version: Version | null
  readonly from: 'client' | 'server'
}

const CONNECT = 1
const PUBLISH = 3
const AUTH = 15
const fromServerOnly = new Set([2, 9, 11, 13])
const fromClientOnly = new Set([1, 8, 10, 12])
/** PUBREL, SUBSCRIBE and UNSUBSCRIBE carry 0010 [MQTT5-3.6.1-1, 3.8.1-1, 3.10.1-1], the others 0000 [MQTT5-2.1.3-1]. */
const withFlag2 = new Set([6, 8, 10])
const DUP = 0x08

function publishFault(flags: number, version: Version): Fault | null {
  const qos = (flags >> 1) & 3
  if (qos === 3) return faults.publishQos // [MQTT5-3.3.1-4]
  if (qos === 0 && (flags & DUP) !== 0 && version !== 3) return faults.dupWithoutQos // [MQTT5-3.3.1-2]
  return null
}

function faultOf(byte: number, { version, from }: Side): Fault | null {
  const type = byte >> 4
  const flags = byte & 0x0f
  if (type === 0) return faults.unknownPacketType
  if (version === null) {
    if (type !== CONNECT) return faults.expectedConnect // [MQTT5-3.1.0-1]
    // 3.1 gives these flags no meaning, so the rest is checked with the version; QoS 3, a TLS hello, is none of any.
    return (flags & 6) === 6 ? faults.reservedFlags : null
  }
  if (type === CONNECT && from === 'client') return faults.secondConnect // [MQTT5-3.1.0-2]
  if (type === AUTH && version !== 5) return faults.unknownPacketType
  if (type === PUBLISH) return publishFault(flags, version)
  const wanted = withFlag2.has(type) ? 2 : 0
  // MQTT 3.1 marks a repeated PUBREL, SUBSCRIBE or UNSUBSCRIBE with DUP (section 2.1).
  const mayRepeat = version === 3 && wanted === 2
  if ((mayRepeat ? flags & ~DUP : flags) !== wanted) return faults.reservedFlags
  if ((from === 'client' ? fromServerOnly : fromClientOnly).has(type)) return faults.wrongDirection
  return null
}

const tables = new Map<string, FirstByteFaults>()

/** The table for one side of a connection; made once. */
export function firstByteFaults(side: Side): FirstByteFaults {
  const key = `${side.from} ${side.version}`
  let table = tables.get(key)
  if (table === undefined) {
    table = Array.from({ length: 256 }, (_, byte) => faultOf(byte, side))
    tables.set(key, table)
  }
  return table
}
