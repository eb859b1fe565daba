import { readScalar, reportValue } from '../scalars.ts'
import type { TriggerFormat } from './trigger.ts'

/** `start: true`: once after each start of the hub. */
export const start: TriggerFormat = {
  key: 'start',
  keys: [],
  later: [],
  read(reader, { main, base }) {
    const scalar = readScalar(reader, main, 'true')
    if (scalar === undefined) return undefined
    return scalar.value === true ? { ...base, kind: 'start' } : reportValue(reader, scalar, { wanted: 'true' })
  },
}
