import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { HobError, type Clock, type Log } from '#kernel'
import type { Broker } from '../face.ts'
import { originOf, type Origin } from './address.ts'
import { createProxyReader } from './proxy-reader.ts'

/** An open port. */
export interface Listener {
  readonly address: { readonly address: string; readonly port: number }
  /** Takes no new connections. Those that stand are the broker's. */
  close(): Promise<void>
}

export interface ListenerOptions {
  readonly broker: Pick<Broker, 'accept'>
  readonly clock: Clock
  readonly log: Log
  /** Empty for all addresses, IPv4 and IPv6. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** Whether a peer may connect at all, by its own address behind all proxies; everybody by default. */
  readonly accept?: ((address: string) => boolean) | undefined
  /** Whether a peer is a proxy that says with the PROXY protocol whom it speaks for; nobody by default. */
  readonly isProxy?: ((address: string) => boolean) | undefined
  readonly maxConnections?: number | undefined
}

// Finds the peers that are gone without a word, whatever keep alive they asked for.
const PROBE_AFTER = 60_000

const everybody = () => true

/**
 * Opens a port and lets those in who may connect, each with the address that is its own.
 * @throws HobError `broker.listen` when the address cannot be used.
 */
export async function openPort(
  options: Omit<ListenerOptions, 'broker'>,
  enter: (socket: Socket, from: Origin) => void,
): Promise<Listener> {
  const { host, port, accept = everybody, isProxy } = options
  const admit = (socket: Socket, from: Origin) => {
    if (accept(from.address)) enter(socket, from)
    else socket.destroy()
  }
  const reader = isProxy === undefined ? null : createProxyReader({ ...options, isProxy }, admit)
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER }, socket => {
    const from = originOf(socket)
    if (from === null) socket.destroy()
    else if (reader === null) admit(socket, from)
    else reader.take(socket, from)
  })
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  await listen(server, host, port)
  const { address, port: used } = server.address() as AddressInfo
  return {
    address: { address, port: used },
    close() {
      reader?.close()
      server.close()
      return Promise.resolve()
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ port, ...(host === '' ? {} : { host }) })
  try {
    await once(server, 'listening')
  } catch (error) {
    const where = host === '' ? `port ${port}` : `${host} port ${port}`
    const why = error instanceof Error ? error.message : String(error)
    throw new HobError('broker.listen', `MQTT cannot listen on ${where}: ${why}`, { host, port }, error)
  }
}
