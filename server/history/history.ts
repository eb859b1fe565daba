import type { Entity, Event, Value } from '#devices'
import { HobError, type Clock, type Log, type Ulid } from '#kernel'
import type { RunInfo } from '#rules'
import type { SeriesAnswer, SeriesKind } from '../series/index.ts'
import type { HouseSettings } from '../settings/index.ts'
import { createActivityLog } from './activity/activity.ts'
import type { Names } from './activity/chain.ts'
import { createBudget, type WriteReport } from './budget.ts'
import { midnights, periodBefore, type Period } from './calendar.ts'
import { exportPages, WIDTHS, type ExportPage } from './export.ts'
import { classOf, createRecorder, type Series } from './recorder.ts'
import { keptDays } from './retention.ts'
import { createRoller } from './roller.ts'
import { reportSpace, type SpaceReport } from './space.ts'
import type { ActivityAsk, ActivityPage, HistoryStore } from './store.ts'
import { createWall } from './wall.ts'

/** How fine an answer is: what fits, every change, or statistics of 5 minutes, hours or days of the house. */
export type Resolution = 'auto' | 'raw' | '5m' | 'hour' | 'day'

/** Classes whose numbers only count upwards, and begin at zero now and then. */
const COUNTERS: ReadonlySet<string> = new Set(['energy', 'reactive_energy', 'gas', 'water', 'precipitation'])

export interface HistoryAsk {
  /** Name of a value; left out: all of the entity. */
  readonly value?: string
  /** Wall-clock milliseconds; `to` does not belong to the range. */
  readonly from: number
  readonly to: number
  readonly points: number
  readonly resolution: Resolution
  /** Beside it the same stretch of the calendar before. */
  readonly compare?: Period
}

/** How one value went. */
export interface ValueHistory {
  readonly value: Value
  readonly kind: SeriesKind
  readonly isCounter: boolean
  /** Days for which its changes are kept; 0: none is. */
  readonly days: number
  readonly course: SeriesAnswer
  readonly compared: { readonly from: number; readonly to: number; readonly course: SeriesAnswer } | null
}

export interface History {
  open(): Promise<void>
  event(event: Event): void
  /** A run has another state. */
  run(run: RunInfo): void
  /** What happened and why, newest first. */
  activity(ask: ActivityAsk): Promise<ActivityPage>
  /**
   * How the values of an entity went, in a thread of its own.
   * @throws HobError `history.bad_range`, `history.too_many_points`, `history.unknown_value`.
   */
  ask(entity: Entity, ask: HistoryAsk): Promise<ValueHistory[]>
  /** The same row by row, some at a time, for files. `points` and `compare` do not count. */
  pages(entity: Entity, ask: HistoryAsk): AsyncGenerator<ExportPage>
  space(): Promise<SpaceReport>
  writes(): Promise<WriteReport & { readonly seriesOf: ReadonlyMap<number, Series> }>
  close(): Promise<void>
}

export interface HistoryOptions {
  readonly store: HistoryStore
  readonly clock: Clock
  readonly log: Log
  readonly settings: Pick<HouseSettings, 'current' | 'onChange'>
  readonly entities: () => readonly Entity[]
  /** Whom causes speak of. */
  readonly names: Names
  /** The newest number of the global sequence. */
  readonly seq: () => number
}

const EMPTY: SeriesAnswer = { grain: 'raw', width: 0, at: [], value: [], band: null }

export function kindOf({ spec }: Value): SeriesKind {
  return spec.type === 'number' ? 'number' : spec.type === 'bool' ? 'bool' : 'text'
}

function checkRange({ from, to, points, resolution }: HistoryAsk): void {
  if (from >= to) throw new HobError('history.bad_range', 'the range ends before it begins: "to" must be after "from"')
  if (resolution === 'auto' || resolution === 'raw') return
  const rows = Math.ceil((to - from) / WIDTHS[resolution])
  if (rows <= points) return
  throw new HobError(
    'history.too_many_points',
    `that is ${rows} points, and "points" allows ${points}: ask for a shorter time or a coarser resolution`,
  )
}

/** What the house was like: records changes, answers for them, and lets go of them in time. */
export function createHistory(options: HistoryOptions): History {
  const { store, clock, log, settings, entities, names, seq } = options
  const budget = createBudget({ clock, store })
  const forgotten = new Set<Ulid>()
  const note = (series: number, bytes: number) => {
    budget.note(series, bytes)
    roller.note(bytes)
  }
  const wall = createWall({ clock, log })
  const recorder = createRecorder({ store, clock, wall, note, seq, entities })
  const retention = () => settings.current().retention
  const activity = createActivityLog({
    ...{ clock, names, seq, write: store.putActivity },
    isKept: entity => keptDays({ entity: entity.id, class: classOf(entity) }, retention()) > 0,
  })
  const roller = createRoller({
    ...{ store, clock, wall, log, budget, recorder, retention },
    forgotten: () => Array.from(recorder.all()).filter(({ entity }) => forgotten.has(entity)),
  })
  let kept = ''
  settings.onChange(({ retention: now }) => {
    const text = JSON.stringify(now)
    if (text !== kept) roller.purge()
    kept = text
  })

  async function course(series: Series | undefined, value: Value, ask: HistoryAsk): Promise<SeriesAnswer> {
    if (series === undefined) return EMPTY
    const { resolution, points } = ask
    const kind = kindOf(value)
    const asked = { kind, points, now: clock.now(), from: ask.from, to: ask.to }
    if (resolution !== 'day') return store.ask(series.id, { ...asked, grain: resolution })
    const edges = midnights(ask.from, ask.to, settings.current().zone)
    return store.ask(series.id, { ...asked, from: edges[0]!, to: edges.at(-1)!, grain: 'hour', edges })
  }

  async function valueHistory(entity: Entity, value: Value, ask: HistoryAsk): Promise<ValueHistory> {
    const series = recorder.seriesOf(entity.id).get(value.name)
    const { zone, retention: kept } = settings.current()
    const whose = { entity: entity.id, class: classOf(entity) }
    const before = (at: number) => periodBefore(at, ask.compare!, zone)
    const earlier = ask.compare === undefined ? undefined : { ...ask, from: before(ask.from), to: before(ask.to) }
    return {
      value,
      kind: kindOf(value),
      isCounter: kindOf(value) === 'number' && COUNTERS.has(entity.deviceClass ?? ''),
      days: keptDays(whose, kept),
      course: await course(series, value, ask),
      compared:
        earlier === undefined
          ? null
          : { from: earlier.from, to: earlier.to, course: await course(series, value, earlier) },
    }
  }

  function valuesOf(entity: Entity, name: string | undefined): Value[] {
    if (name === undefined) return Array.from(entity.values.values())
    const value = entity.values.get(name)
    if (value !== undefined) return [value]
    const names = Array.from(entity.values.keys()).join(', ')
    throw new HobError('history.unknown_value', `"${entity.name}" has no value "${name}"; it has ${names}`)
  }

  return {
    async open() {
      kept = JSON.stringify(retention())
      roller.open(await recorder.open())
    },
    event(event) {
      recorder.event(event)
      if (wall.isRight()) activity.event(event)
      for (const change of event.changes) {
        if (change.kind !== 'removed') continue
        for (const entity of change.entities) forgotten.add(entity)
        roller.purge()
      }
    },
    run(run) {
      if (wall.isRight()) activity.run(run)
    },
    activity(ask) {
      activity.flush()
      return store.activity(ask)
    },
    async ask(entity, ask) {
      checkRange(ask)
      return Promise.all(valuesOf(entity, ask.value).map(value => valueHistory(entity, value, ask)))
    },
    async *pages(entity, ask) {
      checkRange({ ...ask, points: Number.POSITIVE_INFINITY })
      for (const value of valuesOf(entity, ask.value)) {
        const series = recorder.seriesOf(entity.id).get(value.name)
        if (series !== undefined)
          yield* exportPages({
            ...{ store, series: series.id, value, ask, zone: settings.current().zone },
            course: part => course(series, value, part),
          })
      }
    },
    space: async () => reportSpace(await store.space(), Array.from(recorder.all())),
    async writes() {
      return { ...(await budget.report()), seriesOf: new Map(Array.from(recorder.all(), each => [each.id, each])) }
    },
    async close() {
      roller.close()
      recorder.tick()
      activity.flush()
      await store.flush()
    },
  }
}
