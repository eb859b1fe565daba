import type { Clock, Log } from '#kernel'

/**
 * A clock before this is one that was never set: what it says would stand before all that is recorded. Nothing is until
 * it is right.
 */
const EARLIEST = Date.UTC(2026, 0, 1)
/** As far as a clock may fall behind what it said before: an hour of summer time in a clock that keeps local time, and some. */
const BEHIND = 5_400_000
/** As far as it may gain on the time that passed. */
const AHEAD = 86_400_000
/** Until it was right for so long in a run it may be set ahead as far as it likes: the network tells the time. */
const YOUNG = 3_600_000
/** A doubted clock that stands for so long without being set again is right. */
const STANDS = 86_400_000
/** A clock that moved by more than this against the time that passed was set. */
export const JUMP = 60_000

/** The clock on the wall, and whether to believe it: what is recorded at a wrong time hides or outlives the rest. */
export interface Wall {
  /** Takes up from the last time at which the hub is known to have recorded, 0 when it never did. */
  open(aliveAt: number): void
  /** Whether what the clock says is the time. A doubt is told once. */
  isRight(): boolean
  /** What the time is by the clock when it was last right and the time that passed since. */
  now(): number
}

export function createWall({ clock, log }: { clock: Clock; log: Log }): Wall {
  /** How far the clock was ahead of the time that passed when it was last right. */
  let lead = -clock.monotonic()
  /** The same at the end of the run before: a young clock may be set as often as it likes, but not behind that. */
  let floor = lead
  /** Since when it was right in this run, by the time that passed. */
  let rightSince: number | undefined
  let doubt: { lead: number; since: number } | undefined

  function stands(now: number, passed: number): boolean {
    if (doubt === undefined) {
      const [says, expected] = [now, lead + passed].map(at => new Date(at).toISOString())
      log.warn(
        { says, expected },
        'the clock was set far off: nothing is recorded until it is right or stood for a day',
      )
    }
    if (doubt === undefined || Math.abs(now - passed - doubt.lead) > JUMP) doubt = { lead: now - passed, since: passed }
    doubt.lead = now - passed
    return passed - doubt.since >= STANDS
  }

  return {
    open(aliveAt) {
      lead = floor = aliveAt - clock.monotonic()
    },
    isRight() {
      const [now, passed] = [clock.now(), clock.monotonic()]
      if (now < EARLIEST) return false
      const isYoung = rightSince === undefined || passed - rightSince <= YOUNG
      const gain = now - passed - (isYoung ? floor : lead)
      const fits = gain >= -BEHIND && (gain <= AHEAD || isYoung)
      if (!fits && !stands(now, passed)) return false
      doubt = undefined
      rightSince ??= passed
      lead = now - passed
      return true
    },
    now: () => Math.round(lead + clock.monotonic()),
  }
}
