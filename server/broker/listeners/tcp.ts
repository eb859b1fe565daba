import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { HobError } from '#kernel'
import type { Broker } from '../face.ts'

/** MQTT over plain TCP. */
export interface TcpListener {
  readonly address: { readonly address: string; readonly port: number }
  /** Takes no new connections. Those that stand are the broker's. */
  close(): Promise<void>
}

export interface TcpListenerOptions {
  readonly broker: Pick<Broker, 'accept'>
  /** Empty for all addresses. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** Whether a peer may connect at all; everybody by default. */
  readonly accept?: (address: string) => boolean
  readonly maxConnections?: number
}

// Finds the peers that are gone without a word, whatever keep alive they asked for.
const PROBE_AFTER = 60_000

/**
 * Listens for MQTT.
 * @throws HobError `broker.listen` when the address cannot be used.
 */
export async function listenTcp(options: TcpListenerOptions): Promise<TcpListener> {
  const { broker, host, port, accept = () => true } = options
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER }, socket => {
    const address = plainAddress(socket)
    if (address === null || !accept(address)) {
      socket.destroy()
      return
    }
    broker.accept(socket, { address, port: socket.remotePort ?? 0, transport: 'tcp' })
  })
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  await listen(server, host, port)
  const { address, port: used } = server.address() as AddressInfo
  return {
    address: { address, port: used },
    close() {
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

/** The peer's address, IPv4 as IPv4 also on a socket for both; null when it is gone already. */
function plainAddress({ remoteAddress }: Socket): string | null {
  if (remoteAddress === undefined) return null
  return remoteAddress.startsWith('::ffff:') && remoteAddress.includes('.') ? remoteAddress.slice(7) : remoteAddress
}
