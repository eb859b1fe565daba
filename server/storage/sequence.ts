import type { HubOp } from './executor.ts'
import type { Writer } from './writer.ts'

/** Numbers that one raise of the mark pays for. */
export const SEQUENCE_BLOCK = 100_000

export interface Sequence {
  next(): number
  current(): number
}

/**
 * Numbers that never repeat, also over a crash: hub.db holds a mark that is raised and committed before any number
 * below it is used. A start goes on from the mark.
 */
export async function openSequence(writer: Writer<HubOp>, stored: number): Promise<Sequence> {
  let number = stored
  let mark = stored
  let asked = stored
  const raise = async () => {
    asked = mark + SEQUENCE_BLOCK
    await writer.call({ op: 'sequence.raise', name: 'seq', mark: asked })
    mark = asked
  }
  await raise()
  return {
    next() {
      if (number >= mark) throw new Error(`the sequence ran out at ${number}: its mark is not on disk`)
      if (asked === mark && mark - number <= SEQUENCE_BLOCK / 2) void raise()
      return ++number
    },
    current: () => number,
  }
}
