import { readDuration } from '../scalars.ts'
import type { StepFormat } from './step.ts'

/** `wait: 5min`: goes on after that time, also over a restart. */
export const wait: StepFormat = {
  key: 'wait',
  keys: [],
  later: [],
  read(reader, { main, base }) {
    const duration = readDuration(reader, main)
    return duration === undefined ? undefined : { ...base, kind: 'wait', duration }
  },
}
