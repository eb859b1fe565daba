import { createServer, type TLSSocket } from 'node:tls'
import { endings } from '../reason.ts'
import { createAnteroom } from './anteroom.ts'
import { openPort, type Listener, type ListenerOptions } from './port.ts'

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
export const tlsFloor = { minVersion: 'TLSv1.2' } as const

/**
 * Listens for MQTT over TLS.
 * @throws HobError `broker.listen` when the address cannot be used; what Node says of a certificate that is none.
 */
export async function listenTls(options: ListenerOptions & { certificate: ServerCertificate }): Promise<TlsListener> {
  const { broker, certificate } = options
  const anteroom = createAnteroom(options)
  const server = createServer({ ...tlsFloor, ...certificate }, socket => {
    const from = anteroom.leave(socket)
    if (from === undefined) socket.destroy()
    else broker.accept(socket, { ...from, transport: 'tls' })
  })
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    anteroom.refuse(socket, endings.tlsHandshake, error.code ?? error.message)
    socket.destroy()
  })
  // The port takes the sockets; the server only speaks TLS on them.
  const port = await openPort(options, (socket, from) => {
    anteroom.enter(socket, from, endings.tlsHandshakeLate)
    server.emit('connection', socket)
  })
  return {
    address: port.address,
    setCertificate: next => server.setSecureContext({ ...tlsFloor, ...next }),
    close() {
      anteroom.close()
      return port.close()
    },
  }
}
