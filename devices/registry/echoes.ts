import type { Cause, Clock } from '#kernel'
import type { Values } from '../components/definition.ts'
import { definitions } from '../components/index.ts'
import type { Scalar } from '../model/entity.ts'
import type { LiveEntity } from './entity.ts'
import { MAX_ECHOES } from './limits.ts'

// A report that answers a command follows from it; every other one is the device's own doing, as by a hand at its switch.
// It answers when one of the values that changed is what was asked and not told yet, and none of them is something else:
// lamp off, "on at 40 %" asked, "on at 100 %" reported is a hand. What changes beside it, as brightness with `on`, belongs
// to the answer, and so does a number on its way from what it was to what was asked. A command that was replaced by a
// newer one is often answered all the same, late. What stood as asked and is moved away by a hand comes back by a hand.

/** A command as its answer is known by. */
export interface Asked {
  readonly cause: Cause
  readonly expected: Values
  /** What the device has not told yet. */
  readonly left: ReadonlyMap<string, Scalar>
  /** What stood as asked before the device told it, and a hand moved away: alone it is no answer any more. */
  readonly undone: Set<string>
}

interface Ended extends Asked {
  readonly left: Map<string, Scalar>
  /** Monotonic milliseconds until which a late answer is its own. */
  readonly until: number
}

/** Whether a reported value is what was asked, within what devices round. */
export function isSame(entity: LiveEntity, name: string, { asked, told }: { asked: Scalar; told: Scalar }): boolean {
  const own = definitions.get(entity.component)?.isSame
  return own === undefined ? asked === told : own(name, asked, told)
}

function isOnTheWay(asked: Scalar, { from, to }: { from: Scalar; to: Scalar }): boolean {
  if (typeof asked !== 'number' || typeof from !== 'number' || typeof to !== 'number') return false
  return from < asked ? from < to && to < asked : asked < to && to < from
}

/** The values of a report that it changes. */
function changed(entity: LiveEntity, values: Values): string[] {
  return Object.keys(values).filter(name => {
    const known = entity.values.get(name)
    return known !== undefined && values[name] !== undefined && known.value !== values[name]
  })
}

/** The values that a report tells as a command asked for them; none when it answers something else. */
function answered(entity: LiveEntity, values: Values, { expected, left, undone }: Asked): string[] {
  const known: string[] = []
  let isAnswer = false
  for (const name of changed(entity, values)) {
    const asked = expected[name]
    if (asked === undefined) continue
    const [from, to] = [entity.values.get(name)!.value, values[name]!]
    const isAsked = isSame(entity, name, { asked, told: to })
    if (left.has(name) ? !isAsked && !isOnTheWay(asked, { from, to }) : !isAsked) return []
    if (undone.has(name)) continue
    // Told already: near enough, and nearer now, or moved by a hand and back.
    if (!left.has(name) && !isSame(entity, name, { asked, told: from })) return []
    isAnswer = true
    known.push(name)
  }
  return isAnswer ? known : []
}

/** Notes what a hand moves away from what was asked. */
function undo(entity: LiveEntity, values: Values, { left, undone }: Asked): void {
  for (const name of changed(entity, values)) {
    const asked = left.get(name)
    if (asked === undefined) continue
    const stood = isSame(entity, name, { asked, told: entity.values.get(name)!.value })
    if (stood && !isSame(entity, name, { asked, told: values[name]! })) undone.add(name)
  }
}

/** Tells answers to commands from what devices do by themselves. */
export class Echoes {
  readonly #clock: Clock
  readonly #ended = new Map<LiveEntity, Ended[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A command ended; what answers it may still be on its way. */
  keep(entity: LiveEntity, { cause, expected, left, undone }: Asked, until: number): void {
    const known = this.#endedOf(entity)
    this.#ended.set(entity, [...known.slice(1 - MAX_ECHOES), { cause, expected, left: new Map(left), undone, until }])
  }

  forget(entity: LiveEntity): void {
    this.#ended.delete(entity)
  }

  /** Whose asking each changed value of a report follows, by name; undefined when it is the device's own doing. */
  causesOf(entity: LiveEntity, values: Values, open: readonly Asked[]): ReadonlyMap<string, Cause> | undefined {
    const ended = this.#endedOf(entity)
    if (open.length + ended.length === 0) return undefined
    const causes = new Map<string, Cause>()
    let first: Cause | undefined
    const all = [...ended, ...open].toReversed()
    for (const asked of all) {
      const names = answered(entity, values, asked)
      if (names.length > 0) first ??= asked.cause
      for (const name of names) if (!causes.has(name)) causes.set(name, asked.cause)
    }
    for (const { left } of ended) for (const name of causes.keys()) left.delete(name)
    if (first === undefined) {
      for (const asked of all) undo(entity, values, asked)
      return undefined
    }
    for (const name of changed(entity, values)) if (!causes.has(name)) causes.set(name, first)
    return causes
  }

  #endedOf(entity: LiveEntity): readonly Ended[] {
    const known = this.#ended.get(entity)
    if (known === undefined) return []
    const now = this.#clock.monotonic()
    const alive = known.filter(({ until }) => until > now)
    if (alive.length === 0) this.#ended.delete(entity)
    else if (alive.length < known.length) this.#ended.set(entity, alive)
    return alive
  }
}
