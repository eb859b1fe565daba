import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Cancel } from '#kernel'
import { defaultLimits } from '../limits.ts'
import { createByPeer, type Origin } from './address.ts'
import { openDoor, type Listener, type ListenerOptions } from './door.ts'
import { tlsFloor, type ServerCertificate } from './tls.ts'
import { createWebSocketDoor } from './websocket.ts'

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
  const { clock, certificate } = options
  const mqtt = createWebSocketDoor(options)
  const http = { maxHeaderSize: MAX_HEADERS }
  const secure = certificate === undefined ? null : createHttpsServer({ ...http, ...tlsFloor, ...certificate })
  const server = secure ?? createHttpServer(http)
  const entered = createByPeer<{ from: Origin; late: Cancel }>()

  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(426, { 'content-type': 'text/plain; charset=utf-8', upgrade: 'websocket', connection: 'close' })
    response.end('this is MQTT over WebSocket: the client has to ask for an upgrade\n')
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const known = entered.get(request.socket)
    if (known === undefined) return socket.destroy()
    known.late()
    mqtt.upgrade(request, socket, { head, from: known.from })
  })
  const door = await openDoor(options, (socket, from) => {
    const late = clock.after(defaultLimits.connectTimeout, () => socket.destroy())
    entered.set(socket, { from, late })
    server.emit('connection', socket)
  })
  return { ...door, setCertificate: next => secure?.setSecureContext({ ...tlsFloor, ...next }) }
}
