import { hostname, networkInterfaces } from 'node:os'

/** The address people can type: the one that was asked for, else this machine's first on the network. */
export function shownHost(host: string): string {
  if (host !== '' && host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host
  const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  return addresses.find(each => each.family === 'IPv4' && !each.internal)?.address ?? hostname()
}
