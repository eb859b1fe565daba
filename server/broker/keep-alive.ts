import type { Cancel, Clock } from '#kernel'
import type { Connection } from './connection.ts'

/** Milliseconds between two looks at all connections: what silence is measured in. */
const INTERVAL = 1_000

/**
 * Ends the connections that stayed silent for one and a half keep alives [MQTT5-3.1.2-22], that did not send a
 * CONNECT in time, or whose last bytes nobody reads. One timer for all of them, while there are any.
 */
export interface KeepAlive {
  /** There is a new connection. */
  watch(): void
  close(): void
}

export function createKeepAlive(parts: {
  clock: Clock
  connections: ReadonlySet<Connection>
  /** Milliseconds from accept to a whole CONNECT. */
  connectTimeout: number
}): KeepAlive {
  const { clock, connections, connectTimeout } = parts
  let cancel: Cancel | null = null

  function look(): void {
    const now = clock.monotonic()
    for (const connection of connections) connection.checkTime(now, connectTimeout)
    cancel = connections.size === 0 ? null : clock.after(INTERVAL, look)
  }

  return {
    watch() {
      cancel ??= clock.after(INTERVAL, look)
    },
    close() {
      cancel?.()
      cancel = null
    },
  }
}
