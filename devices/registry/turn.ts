import type { Cause, LocalSubscriber, Message } from '#kernel'
import type { Change, Event } from '../model/event.ts'

/** One event in the making: a message, a tick or an edit, and what it changed so far. */
export class Turn {
  readonly at: number
  readonly cause: Cause
  readonly changes: Change[] = []
  /** The list of candidates differs. */
  hasCandidates = false
  /** Devices, entities or areas came, went or were renamed. */
  hasStructure = false

  constructor(at: number, cause: Cause) {
    this.at = at
    this.cause = cause
  }
}

export interface Turns {
  /** Does `work` and hands the event that it makes to `onEvent`. */
  run(cause: Cause, work: (turn: Turn) => void): void
  /** Closes a turn that a message began. */
  finish(turn: Turn, message: Message | null, matched: readonly LocalSubscriber[]): Event
}

/** Numbers events that changed something; the others carry the number before. */
export function createTurns(options: {
  now: () => number
  nextSeq: () => number
  onEvent: (event: Event) => void
  onStructure: () => void
}): Turns {
  let seq = 0

  function finish(turn: Turn, message: Message | null, matched: readonly LocalSubscriber[]): Event {
    if (turn.hasCandidates) turn.changes.push({ kind: 'candidates' })
    if (turn.changes.length > 0) seq = options.nextSeq()
    const event = { seq, at: turn.at, message, matched, changes: turn.changes, cause: turn.cause }
    if (turn.hasStructure) options.onStructure()
    return event
  }

  return {
    run(cause, work) {
      const turn = new Turn(options.now(), cause)
      work(turn)
      const event = finish(turn, null, [])
      if (event.changes.length > 0) options.onEvent(event)
    },
    finish,
  }
}
