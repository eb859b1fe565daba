import type { Bodies } from './bodies.ts'
import type { Retained } from './retained.ts'
import type { Sessions } from './sessions.ts'
import type { Stats } from './stats.ts'
import type { SubscriptionTree } from './subscriptions.ts'
import type { TrafficMeter } from './traffic.ts'

interface Parts {
  readonly version: string
  /** Milliseconds since the start. */
  readonly uptime: () => number
  readonly stats: Stats
  readonly sessions: Sessions
  readonly bodies: Bodies
  readonly retained: Retained
  readonly subscriptions: SubscriptionTree
  readonly meter: TrafficMeter
}

/** What the load averages follow. */
export function loadCounters(stats: Stats): Record<string, number> {
  return {
    'messages/received': stats.packetsReceived,
    'messages/sent': stats.packetsSent,
    'publish/received': stats.received,
    'publish/sent': stats.sent,
    'publish/dropped': stats.dropped,
    'bytes/received': stats.bytesReceived,
    'bytes/sent': stats.bytesSent,
    sockets: stats.accepted,
    connections: stats.connects,
  }
}

/**
 * What stands under `$SYS/broker/`, in the names and units of mosquitto(8). `messages` counts packets of every type,
 * `publish/messages` those that carry a message.
 */
export function createSystemValues(parts: Parts): () => Record<string, string> {
  const { stats, sessions, bodies, retained, subscriptions } = parts
  let mostHeap = 0
  return () => {
    const { away, inflight } = countSessions(sessions)
    const heap = process.memoryUsage().heapUsed
    mostHeap = Math.max(mostHeap, heap)
    const counts = {
      'clients/total': stats.connections + away,
      'clients/connected': stats.connections,
      'clients/active': stats.connections,
      'clients/disconnected': away,
      'clients/inactive': away,
      'clients/maximum': stats.mostConnections,
      'clients/expired': stats.expired,
      'messages/received': stats.packetsReceived,
      'messages/sent': stats.packetsSent,
      'messages/inflight': inflight,
      'messages/stored': bodies.count,
      'store/messages/count': bodies.count,
      'store/messages/bytes': bodies.bytes,
      'publish/messages/received': stats.received,
      'publish/messages/sent': stats.sent,
      'publish/messages/dropped': stats.dropped,
      'publish/bytes/received': stats.payloadReceived,
      'publish/bytes/sent': stats.payloadSent,
      'bytes/received': stats.bytesReceived,
      'bytes/sent': stats.bytesSent,
      'retained messages/count': retained.count,
      'subscriptions/count': subscriptions.count,
      'shared_subscriptions/count': subscriptions.shared,
      'heap/current': heap,
      'heap/maximum': mostHeap,
    }
    return {
      version: parts.version,
      uptime: `${Math.floor(parts.uptime() / 1000)} seconds`,
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
      ...Object.fromEntries(Object.entries(parts.meter.loads()).map(([name, load]) => [`load/${name}`, load])),
    }
  }
}

function countSessions(sessions: Sessions): { away: number; inflight: number } {
  let away = 0
  let inflight = 0
  for (const session of sessions.values()) {
    if (session.connection === null) away++
    inflight += session.inflight.size
  }
  return { away, inflight }
}
