import type { Socket } from 'node:net'

/** Where a connection comes from, behind all proxies. */
export interface Origin {
  readonly address: string
  readonly port: number
}

/** IPv4 as IPv4 also where it came over a socket for both. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** A socket, or the one that TLS made of it. */
export type Peered = Pick<Socket, 'remoteAddress' | 'remotePort'>

/** The peer of a socket; null when it is gone already. */
export function originOf(socket: Peered): Origin | null {
  const { remoteAddress, remotePort = 0 } = socket
  return remoteAddress === undefined ? null : { address: plainAddress(remoteAddress), port: remotePort }
}
