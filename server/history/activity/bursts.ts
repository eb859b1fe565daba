import type { Cancel, Clock, Json } from '#kernel'
import type { Activity, CauseLink, Once } from './entry.ts'

/** Milliseconds between two of a burst at most, and from its first to its last. */
export const BURST_GAP = 180_000
export const BURST_SPAN = 86_400_000
/** Bursts that may go on at a time. */
const MAX_BURSTS = 2_000
/** Of a burst that many are told one by one. What comes beyond is a flood, and written when it doubled or is over. */
export const MAX_NEWEST = 20

/** What happened once. */
export type Happening = Omit<Activity, 'first' | 'since' | 'count' | 'newest'> & Once

/** A number is another one each time: what follows it is one burst all the same. */
function linkKey(link: CauseLink): readonly Json[] {
  if (link.kind === 'change') return [link.kind, link.id, link.value, typeof link.to === 'number' ? null : link.to]
  return [link.kind, 'id' in link ? link.id : link.name]
}

/** What is alike in a burst: what happens to what, and why; not which run of a rule, nor to what its value changed. */
function keyOf({ what, entity, device, cause }: Happening): string {
  const about = { change: 'value', online: 'kind', command: 'command', run: 'rule', device: 'change' } as const
  const deed = what as unknown as Record<string, string>
  return JSON.stringify([what.kind, deed[about[what.kind]], (entity ?? device)?.id, ...cause.map(linkKey)])
}

/** A burst as it is stored: in place of what stood at `before`. */
export interface BurstWrite {
  readonly activity: Activity
  readonly before: number | null
}

interface Burst {
  activity: Activity
  /** Where it stands in the store. */
  stored: number | null
  /** How many were written. */
  written: number
}

export interface Bursts {
  add(happening: Happening): void
  /** Writes what floods came to. */
  flush(): void
}

/** Puts together what happens again and again, so that neither the list nor the card is flooded by it. */
export function createBursts({ clock, write }: { clock: Clock; write: (burst: BurstWrite) => void }): Bursts {
  const open = new Map<string, Burst>()
  const waiting = new Set<Burst>()
  let timer: Cancel | undefined

  function put(burst: Burst): void {
    waiting.delete(burst)
    write({ activity: burst.activity, before: burst.stored })
    burst.stored = burst.activity.id
    burst.written = burst.activity.count
  }

  function begin(key: string, { seq, at, to, run, ...rest }: Happening): void {
    const activity = { ...rest, first: rest.id, since: at, count: 1, newest: [{ seq, at, to, run }] }
    const burst: Burst = { activity, stored: null, written: 0 }
    open.set(key, burst)
    put(burst)
    if (open.size <= MAX_BURSTS) return
    const [oldest, ended] = open.entries().next().value!
    if (waiting.has(ended)) put(ended)
    open.delete(oldest)
  }

  function grow(burst: Burst, { seq, at, to, run, ...rest }: Happening): void {
    const { first, since, count, newest } = burst.activity
    const grown = [{ seq, at, to, run }, ...newest.slice(0, MAX_NEWEST - 1)]
    burst.activity = { ...rest, first, since, count: count + 1, newest: grown }
    if (count < MAX_NEWEST || count + 1 >= burst.written * 2) return put(burst)
    waiting.add(burst)
    timer ??= clock.after(BURST_GAP, look)
  }

  /** Writes those that are over. */
  function look(): void {
    const over = clock.now() - BURST_GAP
    for (const burst of waiting) if (burst.activity.newest[0]!.at <= over) put(burst)
    timer = waiting.size === 0 ? undefined : clock.after(BURST_GAP, look)
  }

  function flush(): void {
    timer?.()
    timer = undefined
    for (const burst of waiting) put(burst)
  }

  return {
    add(happening) {
      const key = keyOf(happening)
      const burst = open.get(key)
      const { at } = happening
      const last = burst?.activity.newest[0]!.at ?? 0
      const goesOn = burst !== undefined && at >= last && at - last <= BURST_GAP
      // Behind the others: the one that was touched longest ago is the first to go.
      if (burst !== undefined) open.delete(key)
      if (!goesOn || at - burst.activity.since > BURST_SPAN) {
        if (burst !== undefined && waiting.has(burst)) put(burst)
        return begin(key, happening)
      }
      open.set(key, burst)
      grow(burst, happening)
    },
    flush,
  }
}
