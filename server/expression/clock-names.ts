import type { ResolvedName } from './environment.ts'
import { DATE, INSTANT, NUMBER, TIME } from './types.ts'
import { CalendarDay, Instant, TimeOfDay } from './values.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const name = (type: ResolvedName['type'], read: ResolvedName['read']): ResolvedName => ({ parts: 1, type, read })

/** Names that mean the time of the event, in the zone of the house. */
export const clockNames: ReadonlyMap<string, ResolvedName> = new Map([
  ['now', name(INSTANT, context => new Instant(context.now))],
  ['time', name(TIME, context => new TimeOfDay(context.local(context.now).ms))],
  [
    'date',
    name(DATE, context => {
      const { year, month, day } = context.local(context.now)
      return new CalendarDay(year, month, day)
    }),
  ],
  ['day', name({ kind: 'enum', options: DAYS }, context => DAYS[context.local(context.now).weekday - 1]!)],
  ['month', name(NUMBER, context => context.local(context.now).month)],
  ['hour', name(NUMBER, context => Math.floor(context.local(context.now).ms / 3_600_000))],
])
