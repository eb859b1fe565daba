import type { BrokerQueues } from './face.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'

/** What waits for clients, and who of them is nearest to losing messages. */
export function queuesOf({ sessions, limits }: Pick<Rooms, 'sessions' | 'limits'>): BrokerQueues {
  let messages = 0
  let bytes = 0
  let inflight = 0
  let most = 0
  let fullest: Session | null = null
  for (const session of sessions.values()) {
    messages += session.queue.length
    bytes += session.queuedBytes
    inflight += session.inflight.size
    const share = Math.max(session.queue.length / limits.maxQueued, session.queuedBytes / limits.maxQueuedBytes)
    if (share <= most) continue
    most = share
    fullest = session
  }
  if (fullest === null) return { messages, bytes, inflight, fullest }
  const { user, clientId } = fullest
  return { messages, bytes, inflight, fullest: { user, clientId, share: Math.min(1, most) } }
}
