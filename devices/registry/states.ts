import type { Causes, Clock, Log } from '#kernel'
import type { Values } from '../components/definition.ts'
import type { ReadingContext } from '../dialects/dialect.ts'
import type { Scalar } from '../model/entity.ts'
import { Availability } from './availability.ts'
import type { LiveEntity, LiveValue } from './entity.ts'
import { MAX_TEXT } from './limits.ts'
import type { Listeners, Report } from './listeners.ts'
import type { RecentPoints } from './points.ts'
import { tellTrouble } from './trouble.ts'
import type { Turn, Turns } from './turn.ts'

/** Texts logged about one entity. */
const MAX_WARNINGS = 20

export interface States {
  /** Hangs an entity's readings and availability on their topics, in place of those it had. */
  bind(entity: LiveEntity, turn: Turn): void
  /** Takes them off; what it last said stays. */
  unbind(entity: LiveEntity, turn: Turn): void
  /** Takes what was asked of values that nothing reports as their state. */
  assume(entity: LiveEntity, values: Values, turn: Turn): void
  /** Works out anew whether an entity is reachable. */
  refreshOnline(entity: LiveEntity, turn: Turn): void
}

export interface StatesOptions {
  readonly clock: Clock
  readonly causes: Causes
  readonly log: Log
  readonly listeners: Listeners
  readonly turns: Turns
  readonly points: RecentPoints
  /** Tells the commands what an entity reported; answers whose asking a value follows, if any. */
  readonly onReport: (entity: LiveEntity, values: Values, turn: Turn) => void
  /** Whose command each changed value of a report answers, by name; undefined when none does. */
  readonly causesOf: (entity: LiveEntity, values: Values) => ReadonlyMap<string, Turn['cause']> | undefined
  /** A candidate said something. */
  readonly onCandidateValue: () => void
}

function isEqual(a: Scalar, b: Scalar): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b))
}

/** The one writer of values and availability. */
export function createStates(options: StatesOptions): States {
  const { clock, causes, turns, listeners, points } = options
  const hub = () => causes.root('hub', 'hub')

  function write(
    entity: LiveEntity,
    value: LiveValue,
    report: Pick<Report, 'at' | 'isFresh' | 'turn' | 'cause'> & { to: Scalar },
  ): void {
    const { to, at, turn, cause } = report
    const from = value.value
    value.at = Math.max(value.at, at)
    if (isEqual(from, to)) {
      value.confirmed ||= report.isFresh
      return
    }
    value.value = typeof to === 'string' && to.length > MAX_TEXT ? to.slice(0, MAX_TEXT) : to
    value.changedAt = at
    value.confirmed = report.isFresh
    value.changedBy = cause
    if (!entity.device.isAdopted) {
      options.onCandidateValue()
      return
    }
    turn.changes.push({ kind: 'value', entity, value, from, to: value.value, cause })
    tellTrouble(entity, null, turn)
  }

  function take(entity: LiveEntity, values: Values, report: Report): void {
    const { turn, isFresh, at } = report
    const asked = report.isReplayed ? undefined : options.causesOf(entity, values)
    for (const name in values) {
      const value = entity.values.get(name)
      const to = values[name]
      if (value === undefined || to === undefined) continue
      // A retained message may be older than what was stored since.
      if (report.isReplayed && at < value.at) continue
      // A replay of what is known already is no report.
      if (!report.isReplayed || at > value.at) {
        value.rhythm.report(at, isEqual(value.value, to))
        if (typeof to === 'number' && entity.device.isAdopted) points.ring(entity, name)?.add(at, to)
      }
      write(entity, value, { at, isFresh, turn, to, cause: asked?.get(name) ?? turn.cause })
    }
    if (isFresh) {
      if (at > entity.device.lastSeen) entity.device.lastSeen = at
      if (!entity.hasSpoken) {
        entity.hasSpoken = true
        refreshOnline(entity, turn)
      }
    }
    if (entity.description.expireAfter !== null) keepAwake(entity, report)
    if (entity.description.offDelay !== null) armOff(entity, report, entity.description.offDelay)
    if (entity.pending !== null && !report.isReplayed) options.onReport(entity, values, turn)
  }

  // A message from before counts from when it was sent, not from now.
  function keepAwake(entity: LiveEntity, { at, turn }: Report): void {
    const age = Math.max(0, clock.now() - at)
    entity.heardAt = Math.max(entity.heardAt, clock.monotonic() - age)
    watchSilence(entity, turn)
  }

  // One timer that looks again when it wakes is cheaper than a new one for each message.
  function watchSilence(entity: LiveEntity, turn: Turn): void {
    const left = entity.heardAt + (entity.description.expireAfter ?? 0) - clock.monotonic()
    if (entity.isExpired !== left <= 0) {
      entity.isExpired = left <= 0
      refreshOnline(entity, turn)
    }
    if (left <= 0 || entity.timers.has('expire')) return
    const wake = () => {
      entity.timers.delete('expire')
      turns.run(hub(), later => watchSilence(entity, later))
    }
    entity.timers.set('expire', clock.after(left, wake))
  }

  function armOff(entity: LiveEntity, { at }: Report, delay: number): void {
    const now = [...entity.values.values()]
    entity.stopTimer('off')
    if (!now.some(({ value }) => value === true)) return
    const left = Math.max(0, delay - Math.max(0, clock.now() - at))
    const fall = () => {
      entity.timers.delete('off')
      turns.run(hub(), turn => {
        for (const value of now) {
          if (value.value !== true) continue
          write(entity, value, { at: turn.at, isFresh: true, turn, cause: turn.cause, to: false })
        }
      })
    }
    entity.timers.set('off', clock.after(left, fall))
  }

  function reachable({ source, isExpired, availability, hasSpoken }: LiveEntity): boolean | null {
    if (source === null || isExpired) return false
    return availability === null ? hasSpoken || null : availability.online
  }

  function refreshOnline(entity: LiveEntity, turn: Turn): void {
    const from = entity.online
    const to = reachable(entity)
    if (from === to) return
    entity.online = to
    if (!entity.device.isAdopted) return options.onCandidateValue()
    turn.changes.push({ kind: 'online', entity, from, to })
    tellTrouble(entity, null, turn)
  }

  function tellAvailability(entity: LiveEntity, turn: Turn): void {
    const delay = entity.description.availability!.offlineDelay
    const goesOff = entity.online === true && entity.availability!.online === false && delay > 0
    if (!goesOff) {
      entity.stopTimer('offline')
      refreshOnline(entity, turn)
      return
    }
    if (entity.timers.has('offline')) return
    const settle = () => {
      entity.timers.delete('offline')
      turns.run(hub(), later => refreshOnline(entity, later))
    }
    entity.timers.set('offline', clock.after(delay, settle))
  }

  function contextOf(entity: LiveEntity): ReadingContext {
    return {
      values: entity.values,
      warn(text) {
        if (entity.warned.size >= MAX_WARNINGS || entity.warned.has(text)) return
        entity.warned.add(text)
        options.log.warn({ device: entity.device.name, entity: entity.name }, text)
      },
    }
  }

  return {
    bind(entity, turn) {
      const context = contextOf(entity)
      const { readings, availability, expireAfter } = entity.description
      // The old readings leave last, so that what was heard on their topics is still there for the new ones.
      const old = entity.unbind.splice(0)
      entity.release()
      entity.availability = availability === null ? null : new Availability(availability)
      for (const reading of readings) {
        const reader = (report: Report) => {
          if (reading.isCommandTopic === true && report.isOwn) return
          const values = reading.decode(report.message, context)
          if (values !== null) take(entity, values, report)
        }
        entity.unbind.push(listeners.add(reading.filter, reader, turn))
      }
      availability?.sources.forEach((source, index) => {
        const reader = (report: Report) => {
          const online = source.decode(report.message, context)
          if (online === null) return
          entity.availability!.tell(index, online)
          tellAvailability(entity, report.turn)
        }
        entity.unbind.push(listeners.add(source.filter, reader, turn))
      })
      if (expireAfter !== null) {
        if (entity.heardAt === 0) entity.heardAt = clock.monotonic()
        watchSilence(entity, turn)
      }
      for (const unbind of old) unbind()
      refreshOnline(entity, turn)
    },
    unbind(entity, turn) {
      entity.release()
      refreshOnline(entity, turn)
    },
    assume(entity, values, turn) {
      for (const name of Object.keys(values)) {
        const value = entity.values.get(name)
        if (value === undefined) continue
        write(entity, value, { at: turn.at, isFresh: true, turn, cause: turn.cause, to: values[name] ?? null })
      }
    },
    refreshOnline,
  }
}
