import { createServer, type TLSSocket } from 'node:tls'
import { defaultLimits } from '../limits.ts'
import { createByPeer, type Origin } from './address.ts'
import { openDoor, type Listener, type ListenerOptions } from './door.ts'

/** What a TLS server shows of itself, as PEM: the certificate with those that vouch for it, and its private key. */
export interface ServerCertificate {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

export interface TlsListener extends Listener {
  /** Shows another certificate to connections from now on; those that stand keep theirs. */
  setCertificate(certificate: ServerCertificate): void
}

/** What all TLS servers of the broker keep to. */
export const tlsFloor = { minVersion: 'TLSv1.2', handshakeTimeout: defaultLimits.connectTimeout } as const

/**
 * Listens for MQTT over TLS.
 * @throws HobError `broker.listen` when the address cannot be used; what Node says of a certificate that is none.
 */
export async function listenTls(options: ListenerOptions & { certificate: ServerCertificate }): Promise<TlsListener> {
  const { broker, log, certificate } = options
  const origins = createByPeer<Origin>()
  const server = createServer({ ...tlsFloor, ...certificate }, socket => {
    const from = origins.get(socket)
    if (from === undefined) socket.destroy()
    else broker.accept(socket, { ...from, transport: 'tls' })
  })
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    log.info(
      { reason: 'broker.tls_handshake', address: origins.get(socket)?.address, error: error.code ?? error.message },
      'a TLS handshake failed',
    )
    socket.destroy()
  })
  // The door accepts the sockets; the server only speaks TLS on them.
  const door = await openDoor(options, (socket, from) => {
    origins.set(socket, from)
    server.emit('connection', socket)
  })
  return { ...door, setCertificate: next => server.setSecureContext({ ...tlsFloor, ...next }) }
}
