import type { Change, Device, Entity, Event } from '#devices'
import type { Cause, Clock, Ulid } from '#kernel'
import type { RunInfo } from '#rules'
import { createBursts, type BurstWrite } from './bursts.ts'
import { labelOf, linksOf, type Names } from './chain.ts'
import type { Deed, Named } from './entry.ts'
import { isNoteworthy } from './noteworthy.ts'

/** Places for what one event changed, then for runs that ended before the next one. */
const PLACES = 4_096
const RUN_PLACES = 3_072
/** Runs of which is known that they were told. */
const MAX_RUNS = 1_000

export interface ActivityLog {
  /** Takes what changed, after rules did: what they brought about at once has a later number. */
  event(event: Event): void
  run(run: RunInfo): void
  /** Hands over what waits. */
  flush(): void
}

export interface ActivityOptions {
  readonly clock: Clock
  readonly names: Names
  /** The newest number of the global sequence. */
  readonly seq: () => number
  /** Whether anything of an entity is to be kept. */
  readonly isKept: (entity: Entity) => boolean
  readonly write: (burst: BurstWrite) => void
}

const named = (thing: { id: Ulid; name: string } | null): Named | null =>
  thing === null ? null : { id: thing.id, name: thing.name }

/** Of whom a deed is told, and where it stands. */
interface About {
  readonly seq: number
  readonly place: number
  readonly entity: Entity | null
  /** One that is gone is but a name. */
  readonly device: Device | Named | null
  readonly area: Named | null
  readonly cause: Cause
}

function deedOf(change: Change): Deed | null {
  switch (change.kind) {
    case 'value': {
      if (!isNoteworthy(change)) return null
      const { value, from, to } = change
      return { kind: 'change', value: value.name, from, to, unit: value.spec.unit ?? null }
    }
    case 'online':
      return change.from === null || change.to === null ? null : { kind: 'online', to: change.to }
    case 'trouble': {
      if (change.trouble === null) return null
      const { command, values, state, reason } = change.trouble
      return { kind: 'command', command, values, state, reason }
    }
    case 'entity':
      return change.isNew === true ? { kind: 'device', change: 'added' } : null
    case 'removed':
    case 'pending':
    case 'command':
    case 'candidates':
      return null
  }
}

/** Tells what happens in the house and why, complete in itself: what it names may be gone tomorrow. */
export function createActivityLog({ clock, names, seq, isKept, write }: ActivityOptions): ActivityLog {
  const bursts = createBursts({ clock, write })
  const told = new Set<Ulid>()
  let runsAt = { seq: 0, count: 0 }

  function tell(what: Deed, { seq: at, place, entity, device, area, cause }: About): void {
    const chain = linksOf(cause, device ?? undefined, names)
    // A run is not caused by itself.
    const links = what.kind === 'run' ? chain.slice(1) : chain
    const rule = links.find(each => each.kind === 'rule')
    bursts.add({
      id: at * PLACES + place,
      ...{ seq: at, at: clock.now(), what, cause: links },
      run: what.kind === 'run' ? what.run : (rule?.run ?? null),
      to: what.kind === 'change' || what.kind === 'online' ? what.to : null,
      entity: entity === null ? null : { id: entity.id, name: labelOf(entity) },
      device: named(device),
      area: named(area),
    })
  }

  return {
    event({ changes, seq: at, cause }) {
      let place = 0
      let devices: Set<Device> | undefined
      for (const change of changes) {
        if (place === RUN_PLACES) return
        const about = { seq: at, place, cause }
        if (change.kind === 'removed') {
          tell({ kind: 'device', change: 'removed' }, { ...about, entity: null, device: change.device, area: null })
          place++
          continue
        }
        const what = deedOf(change)
        if (what === null || !('entity' in change) || !isKept(change.entity)) continue
        const { entity } = change
        const { device } = entity
        if (what.kind === 'online' || what.kind === 'device') {
          // One for each device, not for each of its parts.
          if (devices?.has(device) === true) continue
          devices = (devices ?? new Set()).add(device)
          tell(what, { ...about, entity: null, device, area: device.area })
        } else {
          const own = change.kind === 'value' ? change.cause : cause
          tell(what, { ...about, entity, device, area: entity.area, cause: own })
        }
        place++
      }
    },
    run({ id, rule, startedAt, endedAt, state, cause }) {
      const isOver = state === 'done' || state === 'stopped' || state === 'failed' || state === 'cancelled'
      // Told again when the last of its commands was answered.
      if (!isOver || endedAt === null || told.has(id)) return
      told.add(id)
      if (told.size > MAX_RUNS) told.delete(told.values().next().value!)
      const now = seq()
      runsAt = { seq: now, count: runsAt.seq === now ? Math.min(runsAt.count + 1, RUN_PLACES - 1) : 0 }
      const what: Deed = { kind: 'run', rule, name: names.rule(rule) ?? rule, run: id, startedAt, state }
      tell(what, { seq: now, place: RUN_PLACES + runsAt.count, entity: null, device: null, area: null, cause })
    },
    flush: bursts.flush,
  }
}
