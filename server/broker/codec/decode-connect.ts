import type { QoS } from '#kernel'
import { faults, refuse } from './faults.ts'
import { checkTopic } from './decode-publish.ts'
import type { ConnectPacket, Version, Will } from './packet.ts'
import { readProperties } from './properties.ts'
import type { Reader } from './reader.ts'

const RESERVED = 0x01
const CLEAN = 0x02
const WILL = 0x04
const WILL_QOS = 0x18
const WILL_RETAIN = 0x20
const PASSWORD = 0x40
const USERNAME = 0x80

/** CONNECT of all three versions behind its version, section 3.1. `flags` are the low bits of the fixed header. */
export function decodeConnect(reader: Reader, flags: number, version: Version): ConnectPacket {
  // MQTT 3.1 gives the flags no meaning in CONNECT; from 3.1.1 on they are reserved [MQTT5-2.1.3-1].
  if (version !== 3 && flags !== 0) refuse(faults.reservedFlags)
  const connectFlags = reader.byte()
  checkFlags(connectFlags, version)
  const keepAlive = reader.uint16()
  const properties = version === 5 ? readProperties(reader, 'connect') : null
  const clientId = reader.text()
  const will = (connectFlags & WILL) === 0 ? null : readWill(reader, connectFlags, version)
  const hasUsername = (connectFlags & USERNAME) !== 0 && !isLeftOut(reader, version)
  const username = hasUsername ? reader.text() : null
  const hasPassword = (connectFlags & PASSWORD) !== 0 && !isLeftOut(reader, version)
  const password = hasPassword ? reader.binary() : null
  reader.finish()
  const clean = (connectFlags & CLEAN) !== 0
  return { type: 'connect', version, clean, keepAlive, clientId, will, username, password, properties }
}

/** Protocol name and level: `MQIsdp` 3, `MQTT` 4 or `MQTT` 5 [MQTT5-3.1.2-1, -2]. */
export function readVersion(reader: Reader): Version {
  const size = reader.uint16()
  if (size !== 4 && size !== 6) refuse(faults.unknownProtocol)
  const at = reader.take(size)
  const name = reader.bytes.toString('latin1', at, at + size)
  if (name !== 'MQTT' && name !== 'MQIsdp') refuse(faults.unknownProtocol)
  const level = reader.byte()
  if (name === 'MQIsdp' && level === 3) return 3
  if (name === 'MQTT' && (level === 4 || level === 5)) return level
  return refuse(level > 5 ? faults.laterVersion : faults.unsupportedVersion)
}

function checkFlags(flags: number, version: Version): void {
  // [MQTT5-3.1.2-3]; MQTT 3.1 leaves the bit unused.
  if (version !== 3 && (flags & RESERVED) !== 0) refuse(faults.connectFlags)
  if ((flags & WILL) === 0) {
    // [MQTT5-3.1.2-11, -13]
    if ((flags & (WILL_QOS | WILL_RETAIN)) !== 0) refuse(faults.connectFlags)
  } else if ((flags & WILL_QOS) === WILL_QOS) {
    refuse(faults.willQos) // [MQTT5-3.1.2-12]
  }
  // 5.0 allows a password alone [MQTT3-3.1.2-22].
  if (version !== 5 && (flags & (USERNAME | PASSWORD)) === PASSWORD) refuse(faults.connectFlags)
}

/** MQTT 3.1, section 3.1: a user name or password that the flags announce may be missing at the end of the packet. */
function isLeftOut(reader: Reader, version: Version): boolean {
  return version === 3 && reader.left === 0
}

function readWill(reader: Reader, flags: number, version: Version): Will {
  const properties = version === 5 ? readProperties(reader, 'will') : null
  const topic = reader.text()
  checkTopic(topic)
  if (properties?.responseTopic !== undefined) checkTopic(properties.responseTopic)
  const payload = reader.binary()
  const qos = ((flags & WILL_QOS) >> 3) as QoS
  return { topic, payload, qos, retain: (flags & WILL_RETAIN) !== 0, properties }
}
