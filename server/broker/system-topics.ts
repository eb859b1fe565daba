import { toPayload, type Cancel, type Clock } from '#kernel'
import type { Body } from './bodies.ts'
import type { Deliveries } from './delivery.ts'
import type { Retained } from './retained.ts'

/** Milliseconds between two updates. */
const INTERVAL = 10_000

/** `$SYS/broker/...` in mosquitto's names: retained, brought up to date only while somebody listens, never on disk. */
export interface SystemTopics {
  /** Somebody is about to subscribe: the values are there, and stay up to date. */
  prepare(): void
  close(): void
}

export function createSystemTopics(parts: {
  clock: Clock
  retained: Retained
  deliveries: Deliveries
  /** The values by the rest of their topic. */
  values: () => Readonly<Record<string, string>>
  /** Whether there is a subscription to a `$SYS` filter. */
  isWatched: () => boolean
}): SystemTopics {
  const { clock, retained, deliveries } = parts
  let cancel: Cancel | null = null

  function changed(): Body[] {
    const about = { qos: 0, retain: true, properties: null, expiresAt: null, user: null, clientId: null } as const
    const known = new Map(
      retained.match('$SYS/broker/#').map(body => [body.topic, Buffer.from(body.payload).toString()]),
    )
    return Object.entries(parts.values())
      .map(([name, value]) => ({ topic: `$SYS/broker/${name}`, value }))
      .filter(({ topic, value }) => known.get(topic) !== value)
      .map(({ topic, value }) => ({
        key: 0,
        references: 0,
        ...about,
        topic,
        payload: toPayload(value),
        at: clock.now(),
      }))
  }

  function update(): void {
    cancel = null
    if (!parts.isWatched()) return
    cancel = clock.after(INTERVAL, update)
    for (const body of changed()) deliveries.publishBody(body, Infinity)
  }

  return {
    prepare() {
      if (cancel !== null) return
      cancel = clock.after(INTERVAL, update)
      for (const body of changed()) retained.set(body, Infinity)
    },
    close() {
      cancel?.()
    },
  }
}
