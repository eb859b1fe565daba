import type { Change, Entity, Event, Scalar, Value } from '#devices'
import type { Clock, Ulid } from '#kernel'
import { GAP } from '../series/index.ts'
import type { HistoryStore, StoredHistory } from './store.ts'
import { JUMP, type Wall } from './wall.ts'

/** A value that is recorded. */
export interface Series {
  readonly id: number
  readonly entity: Ulid
  readonly value: string
  class: string
  /** Time of its last change. */
  at: number
  /** Nothing is known at its end. */
  isGap: boolean
}

export interface Recorder {
  /** Takes up where an earlier run left off. @returns what it left to be rolled. */
  open(): Promise<StoredHistory['waiting']>
  /** Takes what changed. Each change of an event has the event's number. */
  event(event: Event): void
  /**
   * To be called now and then: says that the hub lives and notices that the clock was set.
   * @returns whether the clock is believed.
   */
  tick(): boolean
  /** The series of an entity, by the name of its value. */
  seriesOf(entity: Ulid): ReadonlyMap<string, Series>
  all(): IterableIterator<Series>
  /** Takes a series away after its rows are gone. */
  drop(series: Series): void
}

/** What a value is called by whoever decides how long its changes are kept. */
export function classOf(entity: Entity): string {
  return entity.deviceClass ?? entity.component
}

/**
 * Records what changed, and only that. What is not known is a gap: from going offline to coming back, and from the last
 * sign of life before a start to the first one after it. A device that is there again has what it last said until it says
 * otherwise.
 */
export function createRecorder(options: {
  store: HistoryStore
  clock: Clock
  wall: Wall
  /** A change of a series takes so many bytes. */
  note: (series: number, bytes: number) => void
  seq: () => number
  entities: () => readonly Entity[]
}): Recorder {
  const { store, clock, wall, note } = options
  const byEntity = new Map<Ulid, Map<string, Series>>()
  const byValue = new WeakMap<Value, Series>()
  /** One object for all, since thousands of changes pass by in a second. */
  const moment = { seq: 0, at: 0 }
  let newest = 0
  let written = 0
  let lastAt = 0
  /** How far the clock of the wall is ahead of the time that passed. */
  let lead = 0
  /** The clock was not believed: what came meanwhile was not recorded. */
  let isDark = false

  function remember(series: Series): Series {
    const own = byEntity.get(series.entity)
    if (own === undefined) byEntity.set(series.entity, new Map([[series.value, series]]))
    else own.set(series.value, series)
    return series
  }

  function find(entity: Entity, value: Value): Series {
    const known = byValue.get(value)
    if (known !== undefined) return known
    const name = classOf(entity)
    const series =
      byEntity.get(entity.id)?.get(value.name) ??
      remember({ id: ++newest, entity: entity.id, value: value.name, class: '', at: 0, isGap: true })
    if (series.class !== name) {
      series.class = name
      store.putSeries({ id: series.id, entity: series.entity, value: series.value, class: name })
    }
    byValue.set(value, series)
    return series
  }

  function write(series: Series, at: number, value: Scalar | typeof GAP): void {
    moment.at = at
    series.at = at
    series.isGap = value === GAP
    written++
    note(series.id, store.record(series.id, moment, value))
  }

  function end(series: Series, at: number): void {
    if (!series.isGap) write(series, at, GAP)
  }

  /** From here on its values are known again. */
  function resume(entity: Entity, at: number): void {
    for (const value of entity.values.values()) {
      if (value.value === null) continue
      const series = find(entity, value)
      if (series.isGap) write(series, at, value.value)
    }
  }

  function take(change: Change, now: number, isReplayed: boolean): void {
    switch (change.kind) {
      case 'value': {
        const { changedAt } = change.value
        const series = find(change.entity, change.value)
        // A retained message tells an older time than what was recorded since, or one by a clock that was wrong; it is
        // news all the same.
        return write(series, isReplayed ? Math.min(Math.max(changedAt, series.at), now) : changedAt, change.to)
      }
      case 'online':
        if (change.to === true) resume(change.entity, now)
        if (change.to === false) for (const series of byEntity.get(change.entity.id)?.values() ?? []) end(series, now)
        return
      case 'entity':
        // Adopted: what it said as a candidate counts from now on.
        if (change.entity.online !== false && !byEntity.has(change.entity.id)) resume(change.entity, now)
        return
      case 'removed':
      case 'pending':
      case 'command':
      case 'candidates':
      case 'trouble':
    }
  }

  /** Time in which nobody recorded is a gap for all. @returns whether there was such. */
  function watchClock(now: number): boolean {
    const ahead = now - clock.monotonic()
    const jumped = isDark || (lastAt > 0 && Math.abs(ahead - lead) > JUMP)
    if (jumped) {
      moment.seq = options.seq()
      for (const own of byEntity.values()) for (const series of own.values()) end(series, Math.min(lastAt, now))
    }
    isDark = false
    lead = ahead
    lastAt = now
    return jumped
  }

  /** @returns whether the clock is believed. */
  function believes(): boolean {
    const isRight = wall.isRight()
    if (!isRight) isDark = true
    return isRight
  }

  function resumeAll(now: number): void {
    for (const entity of options.entities()) if (entity.online !== false) resume(entity, now)
  }

  return {
    async open() {
      const { series, aliveAt, waiting } = await store.load()
      moment.seq = options.seq()
      for (const each of series) {
        newest = Math.max(newest, each.id)
        const known = remember({ ...each, at: aliveAt })
        if (aliveAt > 0) end(known, aliveAt)
      }
      wall.open(aliveAt)
      if (believes()) watchClock(clock.now())
      return waiting
    },
    event(event) {
      const now = clock.now()
      if (!believes()) return
      const jumped = watchClock(now)
      if (event.changes.length === 0 && !jumped) return
      moment.seq = event.seq
      const isReplayed = event.message?.replayed === true
      for (const change of event.changes) take(change, now, isReplayed)
      if (jumped) resumeAll(now)
    },
    tick() {
      const now = clock.now()
      if (!believes()) return false
      const before = written
      if (watchClock(now)) resumeAll(now)
      if (written === before) store.putAlive()
      return true
    },
    seriesOf: entity => byEntity.get(entity) ?? new Map<string, Series>(),
    *all() {
      for (const own of byEntity.values()) yield* own.values()
    },
    drop(series) {
      const own = byEntity.get(series.entity)
      own?.delete(series.value)
      if (own?.size === 0) byEntity.delete(series.entity)
    },
  }
}
