import { HobError } from '#kernel'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyRequest } from 'fastify'
import type { Browser } from '../access/index.ts'

// Browsers of other sites reach the hub by a name of theirs that resolves to its address (DNS rebinding).
function isOwnHost(header: string | undefined, hosts: readonly string[]): boolean {
  if (header === undefined) return false
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  const machine = hostname().toLowerCase()
  return (
    isIP(name) !== 0 || name === 'localhost' || name === machine || name === `${machine}.local` || hosts.includes(name)
  )
}

/** @throws HobError `api.misdirected` when the request asks for a host name that is not the hub's. */
export function requireOwnHost({ host }: FastifyRequest, hosts: readonly string[]): void {
  if (isOwnHost(host, hosts)) return
  throw new HobError(
    'api.misdirected',
    'this host name is not one of the hub\'s; add it to "hosts" in the configuration',
  )
}

/** The address of the other end; IPv4 as such also when it came over an IPv6 socket. */
export function addressOf({ ip }: FastifyRequest): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, '')
}

/**
 * Browsers send the cookie along whatever page asks; they also say which page that is. `Origin` comes with every
 * request that changes something and with every upgrade; `Sec-Fetch-Site` only over HTTPS and on localhost.
 * @throws HobError `api.foreign_page` unless the request comes from a page of this very origin.
 */
export function requireOwnPage({ headers, protocol, host }: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site = 'same-origin' } = headers
  if (origin === undefined) {
    throw new HobError('api.foreign_page', 'this request does not say which page it comes from; programs use a token')
  }
  const own = `${protocol}://${host}`.toLowerCase()
  if (site === 'same-origin' && origin.toLowerCase() === own) return
  throw new HobError(
    'api.foreign_page',
    `this request comes from a page that is not of ${own}; a reverse proxy in between is named under "trusted_proxies"`,
  )
}

/** Who stands at the door. */
export function browserOf(request: FastifyRequest): Browser {
  return { address: addressOf(request), userAgent: request.headers['user-agent'] ?? '' }
}
