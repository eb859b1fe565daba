import type { Socket } from 'node:net'
import type { Clock, Log } from '#kernel'
import { endings } from '../reason.ts'
import type { Origin } from './address.ts'
import { createAnteroom } from './anteroom.ts'
import { beginsLikeProxyHeader, parseProxyHeader } from './proxy-header.ts'

export interface ProxyReader {
  /** Takes a new connection, before anybody reads from it. */
  take(socket: Socket, from: Origin): void
  /** Ends the connections that have not said yet whom they are for. */
  close(): void
}

/** A connection without a header. */
const DIRECT = { length: 0, source: null }

/**
 * Reads who is behind a connection from the PROXY header before it. A trusted proxy has to send one; from anybody
 * else it is a lie. `admit` gets the socket as if nobody had read from it, with the address that is behind it.
 */
export function createProxyReader(
  options: { clock: Clock; log: Log; isProxy: (address: string) => boolean },
  admit: (socket: Socket, from: Origin) => void,
): ProxyReader {
  const anteroom = createAnteroom(options)

  function take(socket: Socket, from: Origin): void {
    const isTrusted = options.isProxy(from.address)
    let read: Buffer = Buffer.alloc(0)
    const onReadable = () => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      read = Buffer.concat([read, chunk])
      const found = isTrusted ? parseProxyHeader(read) : beginsLikeProxyHeader(read) ? endings.proxyUntrusted : DIRECT
      if (found === null) return
      socket.off('readable', onReadable)
      if ('code' in found) return anteroom.refuse(socket, found)
      if (found.length < read.length) socket.unshift(read.subarray(found.length))
      if (anteroom.leave(socket) === undefined) return
      // Once the stream has seen that nobody reads it any more.
      setImmediate(() => {
        if (socket.destroyed) return
        socket.off('error', onError)
        admit(socket, found.source ?? from)
      })
    }
    const onError = () => socket.destroy()
    socket.on('readable', onReadable).on('error', onError)
    anteroom.enter(socket, from, isTrusted ? endings.proxyHeaderLate : endings.connectTimeout)
  }

  return { take, close: anteroom.close }
}
