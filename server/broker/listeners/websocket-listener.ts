import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { endings } from '../reason.ts'
import { createAnteroom } from './anteroom.ts'
import { openPort, type Listener, type ListenerOptions } from './port.ts'
import { tlsFloor, type ServerCertificate } from './tls.ts'
import { createWebSocketEntry } from './websocket.ts'

const MAX_HEADERS = 16 * 1024

export interface WebSocketListener extends Listener {
  /** Shows another certificate to connections from now on, where it shows one. */
  setCertificate(certificate: ServerCertificate): void
}

/**
 * Listens for MQTT over WebSocket at any path; with a certificate, over TLS.
 * @throws HobError `broker.listen` when the address cannot be used; what Node says of a certificate that is none.
 */
export async function listenWebSocket(
  options: ListenerOptions & { certificate?: ServerCertificate | undefined },
): Promise<WebSocketListener> {
  const { certificate } = options
  const mqtt = createWebSocketEntry(options)
  const anteroom = createAnteroom(options)
  const http = { maxHeaderSize: MAX_HEADERS }
  const secure = certificate === undefined ? null : createHttpsServer({ ...http, ...tlsFloor, ...certificate })
  const server = secure ?? createHttpServer(http)

  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(426, { 'content-type': 'text/plain; charset=utf-8', upgrade: 'websocket', connection: 'close' })
    response.end('this is MQTT over WebSocket: the client has to ask for an upgrade\n')
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const from = anteroom.leave(request.socket)
    if (from === undefined) socket.destroy()
    else mqtt.upgrade(request, socket, { head, from })
  })
  const port = await openPort(options, (socket, from) => {
    anteroom.enter(socket, from, endings.upgradeLate)
    server.emit('connection', socket)
  })
  return {
    address: port.address,
    setCertificate: next => secure?.setSecureContext({ ...tlsFloor, ...next }),
    close() {
      anteroom.close()
      return port.close()
    },
  }
}
