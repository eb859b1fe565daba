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
  return { cause, occasion: { kind: 'value', entity: entity.id, name: entity.name, value: value.name, to: to as Json } }
}

/** What a message changed first; whoever asked the device for that stands behind the message, too. */
export function changeBy({ changes }: Event): ValueChange | undefined {
  return changes.find(each => each.kind === 'value')
}

/** A message that changed something counts as that. */
export function becauseOfMessage({ cause }: Event, change: ValueChange | undefined, topic: string): Because {
  return change === undefined ? { cause, occasion: { kind: 'message', topic: short(topic) } } : becauseOf(change)
}
