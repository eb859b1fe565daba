import { readContent } from '../content.ts'
import { reportMissing } from '../fields.ts'
import { readTargets } from '../targets.ts'
import type { StepFormat } from './step.ts'

/** `set: hall_lamp.brightness` with `to: 40%`, or `set: hall_lamp` with `to: {brightness: 40%}`. */
export const set: StepFormat = {
  key: 'set',
  keys: ['to'],
  later: ['confirm'],
  read(reader, { map, main, fields, base }) {
    const to = fields.get('to')
    if (to === undefined) reportMissing(reader, map, { key: 'to', what: '`set`' })
    const content = to === undefined ? undefined : readContent(reader, to, { units: true })
    const targets = readTargets(reader, main)
    if (targets.length === 0 || content === undefined) return undefined
    return { ...base, kind: 'set', targets, to: content }
  },
}
