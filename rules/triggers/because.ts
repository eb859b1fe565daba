import type { Change, Event } from '#devices'
import type { Cause, Json, Occasion } from '#kernel'
import { short } from '../trace.ts'

/** Whom a start follows, and what exactly. */
export interface Because {
  readonly cause: Cause
  readonly occasion: Occasion
}

export type ValueChange = Extract<Change, { kind: 'value' }>

export function becauseOf({ entity, value, to, cause }: ValueChange): Because {
  return { cause, occasion: { entity: entity.id, name: entity.name, value: value.name, to: to as Json } }
}

/** What a message changed first; whoever asked the device for that stands behind the message, too. */
export function changeBy({ changes }: Event): ValueChange | undefined {
  return changes.find(each => each.kind === 'value')
}

/** A message that changed something counts as that. */
export function becauseOfMessage({ cause }: Event, change: ValueChange | undefined, topic: string): Because {
  return change === undefined ? { cause, occasion: { topic: short(topic) } } : becauseOf(change)
}

/** Causes that are kept before one that follows after a time. */
const KEPT_CAUSES = 8

function newest(cause: Cause, count: number): Cause {
  const { from, ...own } = cause
  if (from === undefined) return cause
  return count <= 1 ? own : { ...own, from: newest(from, count - 1) }
}

/** The moment at which something had been so for long enough. Depth begins anew: what waits in between goes round no loop. */
export function later(moment: Cause, { cause, occasion }: Because): Cause {
  return { ...moment, parent: cause.id, from: newest(cause, KEPT_CAUSES), occasion }
}
