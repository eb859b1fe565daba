import type { Clock } from '#kernel'
import type { Bodies, Body } from './bodies.ts'
import type { Ledger } from './ledger.ts'
import { RETAINED_DELAY } from './limits.ts'

/** Which retained messages the disk has, and when it gets the others. */
export interface RetainedWrites {
  /** `body`, or nothing, stands on `topic` from now on. */
  put(topic: string, body: Body | null, qos: number): void
  /** A row found at start. */
  restore(body: Body): void
  /** Writes what still waits. */
  flush(): void
}

/** Announcements of devices: rare, and worth a row at once. */
function isDiscovery(topic: string): boolean {
  return topic.endsWith('/config') || topic.startsWith('tasmota/discovery/')
}

/**
 * QoS 1 and 2 land in the batch that is gathering. QoS 0 waits at most a second, and of several messages
 * on one topic only the last is written. `$SYS` never reaches the disk.
 */
export function createRetainedWrites(parts: { ledger: Ledger; bodies: Bodies; clock: Clock }): RetainedWrites {
  const { ledger, bodies, clock } = parts
  const kept = new Map<string, Body>()
  const waiting = new Map<string, Body | null>()

  function write(topic: string, body: Body | null): void {
    const former = kept.get(topic)
    if (body !== null) {
      bodies.hold(body)
      kept.set(topic, body)
      ledger.write({ op: 'broker.retained.put', retained: { topic, message: body.key } })
    } else if (former !== undefined) {
      kept.delete(topic)
      ledger.write({ op: 'broker.retained.remove', topic })
    }
    if (former !== undefined) bodies.release(former)
  }

  function flush(): void {
    for (const [topic, body] of waiting) write(topic, body)
    waiting.clear()
  }

  return {
    put(topic, body, qos) {
      if (topic.startsWith('$SYS/')) return
      if (qos > 0 || isDiscovery(topic)) {
        waiting.delete(topic)
        write(topic, body)
        return
      }
      if (waiting.size === 0) clock.after(RETAINED_DELAY, flush)
      waiting.set(topic, body)
    },
    restore(body) {
      body.references++
      kept.set(body.topic, body)
    },
    flush,
  }
}
