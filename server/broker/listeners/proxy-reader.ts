import type { Socket } from 'node:net'
import type { Cancel, Clock, Log } from '#kernel'
import type { Fault } from '../codec/index.ts'
import { defaultLimits } from '../limits.ts'
import { endings } from '../reason.ts'
import type { Origin } from './address.ts'
import { beginsLikeProxyHeader, parseProxyHeader } from './proxy-header.ts'

export interface ProxyReader {
  /** Takes a new connection, before anybody reads from it. */
  take(socket: Socket, from: Origin): void
  /** Ends the connections that have not said yet whom they are for. */
  close(): void
}

/**
 * Reads who is behind a connection from the PROXY header before it. A trusted proxy has to send one; from anybody
 * else it is a lie. `admit` gets the socket as if nobody had read from it, with the address that is behind it.
 */
export function createProxyReader(
  { clock, log, isProxy }: { clock: Clock; log: Log; isProxy: (address: string) => boolean },
  admit: (socket: Socket, from: Origin) => void,
): ProxyReader {
  const open = new Set<Socket>()

  function refuse(socket: Socket, from: Origin, fault: Fault): void {
    log.info({ reason: fault.code, address: from.address }, fault.text)
    socket.destroy()
  }

  function take(socket: Socket, from: Origin): void {
    const isTrusted = isProxy(from.address)
    let read: Buffer = Buffer.alloc(0)
    const late: Cancel = clock.after(defaultLimits.connectTimeout, () =>
      refuse(socket, from, isTrusted ? endings.proxyHeaderLate : endings.connectTimeout),
    )
    const leave = () => {
      late()
      open.delete(socket)
      socket.off('readable', onReadable).off('close', leave).off('error', onError)
    }
    const onReadable = () => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      read = Buffer.concat([read, chunk])
      const found = isTrusted ? parseProxyHeader(read) : beginsLikeProxyHeader(read) ? endings.proxyUntrusted : DIRECT
      if (found === null) return
      leave()
      if ('code' in found) return refuse(socket, from, found)
      if (found.length < read.length) socket.unshift(read.subarray(found.length))
      // Once the stream has seen that nobody reads it any more.
      setImmediate(() => admit(socket, found.source ?? from))
    }
    const onError = () => socket.destroy()
    open.add(socket)
    socket.on('readable', onReadable).on('close', leave).on('error', onError)
  }

  return {
    take,
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

/** A connection without a header. */
const DIRECT = { length: 0, source: null }
