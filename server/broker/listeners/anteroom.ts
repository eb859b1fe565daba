import type { Socket } from 'node:net'
import type { Cancel, Clock, Log } from '#kernel'
import type { Fault } from '../codec/index.ts'
import { defaultLimits } from '../limits.ts'
import type { Origin, Peered } from './address.ts'

/** Sockets of one port that may stand here. Whoever means it is on to the broker at once. */
const MOST = 1_000

interface Waiting {
  readonly socket: Socket
  readonly from: Origin
  readonly late: Cancel
}

/**
 * The sockets that have not come to the broker: a header, a handshake or a request is awaited. Each has as long as for
 * its CONNECT; where there are too many, the one that has waited longest makes room.
 */
export interface Anteroom {
  /** `late` is told when the time is over. */
  enter(socket: Socket, from: Origin, late: Fault): void
  /** Lets a socket, or the one that TLS made of it, go on. Undefined for one that is not here. */
  leave(socket: Peered): Origin | undefined
  /** Ends a socket that is here. `why` goes into the log. */
  refuse(socket: Peered, fault: Fault, why?: string): void
  /** Ends all of them. */
  close(): void
}

export function createAnteroom({ clock, log }: { clock: Clock; log: Log }): Anteroom {
  // A socket and what TLS makes of it have the same peer.
  const waiting = new Map<string, Waiting>()
  const keyOf = ({ remoteAddress, remotePort }: Peered) => `${remoteAddress} ${remotePort}`

  function take(key: string): Waiting | undefined {
    const found = waiting.get(key)
    waiting.delete(key)
    found?.late()
    return found
  }

  function refuse(key: string, fault: Fault, why?: string): void {
    const found = take(key)
    if (found === undefined) return
    const { address } = found.from
    log.info({ reason: fault.code, address, ...(why === undefined ? {} : { why }) }, fault.text)
    found.socket.destroy()
  }

  function makeRoom(): void {
    for (const [key] of waiting) {
      if (waiting.size <= MOST) return
      take(key)!.socket.destroy()
    }
  }

  return {
    enter(socket, from, late) {
      const key = keyOf(socket)
      const cancel = clock.after(defaultLimits.connectTimeout, () => refuse(key, late))
      waiting.set(key, { socket, from, late: cancel })
      socket.once('close', () => {
        if (waiting.get(key)?.socket === socket) take(key)
      })
      makeRoom()
    },
    leave: socket => take(keyOf(socket))?.from,
    refuse: (socket, fault, why) => refuse(keyOf(socket), fault, why),
    close() {
      for (const [key] of waiting) take(key)!.socket.destroy()
    },
  }
}
