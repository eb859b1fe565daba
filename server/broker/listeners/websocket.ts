import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Broker } from '../face.ts'
import type { Origin } from './address.ts'
import { WebSocketStream } from './websocket-stream.ts'

/** The name of the subprotocol [MQTT5-6.0.0-3, 6.0.0-4, MQTT3-6.0.0-3, 6.0.0-4]. */
const SUBPROTOCOL = 'mqtt'
/** Bytes of one WebSocket message: the largest packet there is. Each connection is bounded by what it may send. */
const MAX_MESSAGE = 268_435_455 + 5
/** Parts of one message. Each takes more memory than its bytes. */
const MAX_FRAGMENTS = 4_096

export interface WebSocketEntry {
  /** Answers the upgrade request that an HTTP server got, and brings the connection to the broker. */
  upgrade(request: IncomingMessage, socket: Duplex, how: { head: Buffer; from: Origin }): void
}

/** MQTT over WebSocket (RFC 6455), behind an HTTP server of somebody else. */
export function createWebSocketEntry({ broker }: { broker: Pick<Broker, 'accept'> }): WebSocketEntry {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: MAX_MESSAGE,
    maxFragments: MAX_FRAGMENTS,
    handleProtocols: () => SUBPROTOCOL,
  })
  return {
    upgrade(request, socket, { head, from }) {
      if (!offersMqtt(request)) {
        refuse(socket, 400, 'this is MQTT over WebSocket: the client has to offer the subprotocol "mqtt"')
        return
      }
      server.handleUpgrade(request, socket, head, opened => {
        const stream = new WebSocketStream(opened, socket)
        const onAdmitted = (size: number) => stream.admit(size)
        broker.accept(stream, { ...from, transport: 'websocket', onAdmitted })
      })
    },
  }
}

function offersMqtt({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').some(each => each.trim() === SUBPROTOCOL)
}

/** Answers a request that is not taken with a sentence for whoever reads it, and closes. */
function refuse(socket: Duplex, status: number, text: string): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(text) + 1}`,
    'connection: close',
    '',
    `${text}\n`,
  ]
  socket.on('error', () => socket.destroy())
  socket.end(lines.join('\r\n'), () => socket.destroy())
}
