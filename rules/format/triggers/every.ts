import { showDuration } from '../duration.ts'
import { readDuration, reportValue } from '../scalars.ts'
import type { TriggerFormat } from './trigger.ts'

/** More often than this is a loop, not a schedule. */
export const SHORTEST_EVERY = 1000

/** `every: 5min`, with `offset`. */
export const every: TriggerFormat = {
  key: 'every',
  keys: ['offset'],
  later: [],
  read(reader, { main, fields, base }) {
    const offset = fields.get('offset')
    const shift = readDuration(reader, offset)
    const period = readDuration(reader, main, { min: SHORTEST_EVERY })
    if (period === undefined) return undefined
    if (shift !== undefined && shift >= period && offset?.value) {
      reportValue(reader, offset.value, { wanted: `less than ${showDuration(period)}` })
    }
    return { ...base, kind: 'every', every: period, offset: shift ?? 0 }
  },
}
