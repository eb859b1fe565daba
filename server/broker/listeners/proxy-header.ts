import { SocketAddress } from 'node:net'
import type { Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'
import { plainAddress } from './address.ts'

// The binary header that HAProxy and other load balancers put before a connection ("The PROXY protocol", version 2):
//   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A   signature
//   2c                                    version 2; c = 0 LOCAL (a health check of the proxy), 1 PROXY
//   fp                                    f = 0 unknown, 1 IPv4, 2 IPv6, 3 unix; p = 0 unknown, 1 stream, 2 datagram
//   nn nn                                 bytes that follow: source, destination, source port, destination port, TLVs

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const HEAD = 16
/** Bytes of a header; the specification asks receivers for so many at least. */
export const MAX_PROXY_HEADER = 536

const LOCAL = 0x20
const PROXY = 0x21
/** Bytes of one address, by family and protocol. */
const ADDRESSES: Readonly<Record<number, number>> = { 0x11: 4, 0x21: 16 }
const UNKNOWN = 0x00

/** A whole header. */
export interface ProxyHeader {
  /** Its bytes, TLVs included. */
  readonly length: number
  /** Who is behind the proxy; null where the proxy speaks for itself or does not know. */
  readonly source: { readonly address: string; readonly port: number } | null
}

/** Whether a connection begins as only such a header does: no MQTT, TLS or HTTP begins with this byte. */
export function beginsLikeProxyHeader(bytes: Buffer): boolean {
  return bytes[0] === SIGNATURE[0]
}

/** The header that a connection begins with, null while more bytes are needed, or what is wrong with it. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader | Fault | null {
  const shown = Math.min(bytes.length, SIGNATURE.length)
  if (bytes.compare(SIGNATURE, 0, shown, 0, shown) !== 0) return endings.proxyHeaderMissing
  if (bytes.length < HEAD) return null
  const command = bytes[12]!
  const family = bytes[13]!
  const length = HEAD + bytes.readUInt16BE(14)
  if ((command !== LOCAL && command !== PROXY) || length > MAX_PROXY_HEADER) return endings.proxyHeaderBroken
  if (command === LOCAL || family === UNKNOWN) return bytes.length < length ? null : { length, source: null }
  const size = ADDRESSES[family]
  if (size === undefined || length < HEAD + 2 * size + 4) return endings.proxyHeaderBroken
  if (bytes.length < length) return null
  const address = addressOf(bytes.subarray(HEAD, HEAD + size))
  return { length, source: { address, port: bytes.readUInt16BE(HEAD + 2 * size) } }
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16))
  return plainAddress(new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address)
}
