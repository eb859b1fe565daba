import { isIP, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/** The parts of `node:os` that tell a machine's names. */
export interface Machine {
  readonly hostname: typeof hostname
  readonly networkInterfaces: typeof networkInterfaces
}

const EVERYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])
const here: Machine = { hostname, networkInterfaces }

/**
 * Where other machines reach a socket that listens on `host`, best first: the one address it was given, else this
 * machine's IPv4 and IPv6 addresses on the network and its `.local` name. Link-local ones need a zone and are left out.
 */
export function reachableHosts(host: string, machine: Machine = here): string[] {
  if (!EVERYWHERE.has(host)) return [host]
  const found = Object.values(machine.networkInterfaces()).flatMap(each => each ?? [])
  const outside = found.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
  const ofFamily = (family: string) => outside.filter(each => each.family === family).map(({ address }) => address)
  const name = machine.hostname().toLowerCase()
  const local = name === 'localhost' ? [] : [name.includes('.') ? name : `${name}.local`]
  return [...ofFamily('IPv4'), ...ofFamily('IPv6'), ...local]
}

/** As certificates and browsers take it. */
const HOST_NAME = /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/
/** Names of one certificate. */
const MAX_NAMES = 100

/** All names and addresses under which a hub may be asked for, `hosts` among them: what its certificate is for. */
export function certificateNames(host: string, hosts: readonly string[], machine: Machine = here): string[] {
  const name = machine.hostname().toLowerCase()
  const own = ['hob.local', name, `${name}.local`, 'localhost', '127.0.0.1', '::1']
  const all = [...reachableHosts(host, machine), ...own, ...hosts.map(each => each.toLowerCase())]
  return [...new Set(all)].filter(each => isIP(each) !== 0 || HOST_NAME.test(each)).slice(0, MAX_NAMES)
}

/** The address people can type: the best one, as it stands in a URL. */
export function shownHost(host: string): string {
  return inUrl(reachableHosts(host)[0] ?? 'localhost')
}

/** A host as it stands before `:PORT`. */
export function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}
