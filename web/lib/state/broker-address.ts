import type { ListenersJson } from '#api'

/** Where a device reaches the broker, as people type it into the device. */
export interface BrokerAddress {
  /** Null when nobody knows an address that a device could use. */
  readonly host: string | null
  readonly port: number
}

const isOfThisMachine = (host: string) => /^(localhost|127\.|\[?::1)/.test(host)
const isNumeric = (host: string) => /^[\d.]+$|^\[.*\]$/.test(host)

/**
 * The address this page came from when it is numeric: it is known to lead here, and every board understands it. Else
 * what the hub knows of itself, else the name this page came from.
 */
export function brokerAddress(pageHost: string, listeners: ListenersJson | null): BrokerAddress {
  const port = listeners?.ports.mqtt ?? 1883
  const usable = isOfThisMachine(pageHost) ? null : pageHost
  const best = usable !== null && isNumeric(usable) ? usable : (listeners?.hosts[0] ?? usable)
  return { host: best, port }
}
