import type { QoS } from '#kernel'
import type { Body } from './bodies.ts'
import type { Encodable, Frame, Frames } from './frame.ts'
import type { Publication } from './publication.ts'
import type { SessionConnection } from './session.ts'
import type { Target } from './target.ts'

/** What one copy is, beside its message and its receiver. */
interface Terms {
  readonly qos: QoS
  /** What it waits for. */
  readonly batch: number
  readonly subscriptionIds: readonly number[]
}

/** Encodes the copy of a message that one connection gets; null when it is larger than its client takes [MQTT5-3.1.2-24]. */
export interface Copies {
  /** Of the message at hand: a frame that many share, where nothing is the receiver's own. */
  live(publication: Publication, target: Target, qos: QoS): Frame | null
  /** Of a message that was kept. */
  kept(body: Body, connection: SessionConnection, terms: Terms): Frame | null
}

export function createCopies({ frames, now }: { frames: Frames; now: () => number }): Copies {
  function fitting(frame: Frame, { maxOutgoing }: SessionConnection): Frame | null {
    return frame.length <= maxOutgoing ? frame : null
  }

  function single(message: Encodable, connection: SessionConnection, terms: Terms): Frame | null {
    const { qos, subscriptionIds } = terms
    const short = connection.aliases === null ? null : aliased(message, connection, terms)
    if (short !== null) return short
    const hop = { now: now(), subscriptionIds, topicAlias: 0 }
    return fitting(frames.single(message, { qos, version: connection.version!, hop, hasTopic: true }), connection)
  }

  // [MQTT5-3.3.2-7..12] A copy that sets an alias must leave before those that use it: one that is held for the disk
  // may be overtaken, so it goes without.
  function aliased(message: Encodable, connection: SessionConnection, terms: Terms): Frame | null {
    const { qos, batch } = terms
    const { aliases, outbox } = connection
    const known = aliases!.get(message.topic)
    const topicAlias = known === 0 ? aliases!.next : known
    const mayUse = known !== 0 || outbox.leavesNext(qos === 0 ? 'prompt' : 'copy', batch)
    if (topicAlias === 0 || !mayUse) return null
    const hop = { now: now(), subscriptionIds: terms.subscriptionIds, topicAlias }
    const frame = fitting(frames.single(message, { qos, version: 5, hop, hasTopic: known === 0 }), connection)
    if (frame !== null && known === 0) aliases!.add(message.topic)
    return frame
  }

  return {
    live(publication, { session, subscriptionIds }, qos) {
      const connection = session.connection!
      if (session.protocol !== 5) return fitting(publication.frame(qos), connection)
      if (subscriptionIds.length === 0 && connection.aliases === null)
        return fitting(publication.frame5(qos), connection)
      return single(publication, connection, { qos, batch: publication.copyBatch, subscriptionIds })
    },
    kept: single,
  }
}
