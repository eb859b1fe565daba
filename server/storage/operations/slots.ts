import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { OpenDatabase } from '../database.ts'
import { batches } from '../tables/history.ts'
import { excluded } from './operations.ts'

// The append table as a ring of slots. A row of the same size as the one in its place is written over it, and that is the
// one page that a write costs; rows that come and go would cost the pages around it as well: of the tree, of the list of
// free pages, of the file's size. So a batch lies in one slot or in several, behind its length, and what was rolled is
// not removed: the next round begins at the first slot again.

/** Bytes of a slot: with its row one page of 1,024 bytes. */
const SLOT = 940
/** Bytes of the length before a batch. */
const HEADER = 4

/** Where the ring stands: its round, and the last slot of it; 0 before the first write. */
interface Position {
  readonly round: number
  readonly last: number
}

export interface Slots {
  /** Adds a batch. */
  append(bytes: Uint8Array, at: number): void
  /** Says when something was last written, without a batch. */
  touch(at: number): void
  /** Frees all slots. */
  restart(at: number): void
  /** The batches since the last restart, in order. @throws RangeError when there is less of one than it says. */
  batches(): Uint8Array[]
  /** When something was first and last written since the last restart; 0 when never. */
  times(): { first: number; last: number }
}

export function openSlots({ orm }: OpenDatabase): Slots {
  const p = sql.placeholder
  const find = orm
    .select({ round: batches.round, at: batches.at })
    .from(batches)
    .where(eq(batches.id, p('id')))
    .prepare()
  const newest = orm
    .select({ id: sql<number>`coalesce(max(${batches.id}), 0)` })
    .from(batches)
    .prepare()
  const put = orm
    .insert(batches)
    .values({ id: p('id'), at: p('at'), changes: p('changes'), round: p('round') })
    .onConflictDoUpdate({ target: batches.id, set: excluded('at', 'changes', 'round') })
    .prepare()
  const touch = orm
    .update(batches)
    .set({ at: sql`${p('at')}` })
    .where(eq(batches.id, p('id')))
    .prepare()

  /** Slots of this round lie before those of earlier ones, so the last is found by halves. */
  function position(): Position {
    const round = find.get({ id: 1 })?.round
    if (round === undefined) return { round: 0, last: 0 }
    let [low, high] = [1, newest.get()!.id]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (find.get({ id: middle })!.round === round) low = middle
      else high = middle - 1
    }
    return { round, last: low }
  }

  function write(slot: { id: number; at: number; round: number }, part: Uint8Array): void {
    const changes = Buffer.alloc(SLOT)
    changes.set(part)
    put.run({ ...slot, changes })
  }

  return {
    append(bytes, at) {
      const { round, last } = position()
      const whole = Buffer.alloc(HEADER + bytes.length)
      whole.writeUInt32LE(bytes.length)
      whole.set(bytes, HEADER)
      for (let start = 0, id = last + 1; start < whole.length; start += SLOT, id++) {
        write({ id, at, round }, whole.subarray(start, start + SLOT))
      }
    },
    touch(at) {
      const { round, last } = position()
      if (last === 0) write({ id: 1, at, round }, Buffer.alloc(HEADER))
      else touch.run({ id: last, at })
    },
    restart(at) {
      write({ id: 1, at, round: position().round + 1 }, Buffer.alloc(HEADER))
    },
    batches() {
      const { round, last } = position()
      const own = and(eq(batches.round, round), lte(batches.id, last))
      const rows = orm.select({ changes: batches.changes }).from(batches).where(own).orderBy(asc(batches.id)).all()
      const found: Uint8Array[] = []
      for (let i = 0; i < rows.length;) {
        const length = rows[i]!.changes.readUInt32LE()
        const count = Math.ceil((HEADER + length) / SLOT)
        const whole = Buffer.concat(rows.slice(i, i + count).map(({ changes }) => changes))
        if (HEADER + length > whole.length) throw new RangeError('the batch is cut short')
        if (length > 0) found.push(whole.subarray(HEADER, HEADER + length))
        i += count
      }
      return found
    },
    times() {
      const { last } = position()
      if (last === 0) return { first: 0, last: 0 }
      return { first: find.get({ id: 1 })!.at, last: find.get({ id: last })!.at }
    },
  }
}
