import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { attach } from './attachment.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { createKeepAlive } from './keep-alive.ts'
import type { Peer } from './permissions.ts'
import { endings } from './reason.ts'
import type { Rooms } from './rooms.ts'

/** Where streams come in, up to the limits, until the broker closes. */
export interface Door {
  accept(stream: Duplex, peer: Peer): void
  close(): void
}

export function createDoor(rooms: Rooms, parts: ConnectionParts): Door {
  const { connections, newcomers } = parts
  const { clock, log, limits, stats } = rooms
  const keepAlive = createKeepAlive({ clock, connections, connectTimeout: limits.connectTimeout })
  let isClosed = false
  let isFull = false
  let isCrowded = false

  function makeRoom(longest: Connection | null): boolean {
    if (longest === null) return false
    if (!isCrowded) log.warn({ waiting: newcomers.count }, 'many connections that say nothing: the oldest are closed')
    isCrowded = true
    longest.end(endings.crowded)
    longest.stream.destroy()
    return true
  }

  function isRefused(): boolean {
    if (connections.size < limits.maxConnections) {
      isFull = false
      return false
    }
    if (makeRoom(newcomers.longest())) return false
    if (!isFull) log.warn({ connections: connections.size }, 'no more connections than that: new ones are closed')
    isFull = true
    return true
  }

  return {
    accept(stream, peer) {
      if (isClosed || isRefused()) {
        stream.destroy()
        return
      }
      stats.accepted++
      const isRecyclable = peer.transport === 'tcp' && stream instanceof Socket
      const connection = new Connection(parts, stream, { peer, isRecyclable })
      connections.add(connection)
      attach(connection, gone => connections.delete(gone))
      if (!makeRoom(newcomers.add(connection)) && newcomers.count * 2 < limits.maxNewcomers) isCrowded = false
      keepAlive.watch()
    },
    close() {
      isClosed = true
      keepAlive.close()
      for (const connection of connections) connection.close()
    },
  }
}
