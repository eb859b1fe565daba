import { readExpression } from '../expression-text.ts'
import { readDuration } from '../scalars.ts'
import type { TriggerFormat } from './trigger.ts'

/** `when: hall.temperature > 21`: fires when it becomes true. */
export const when: TriggerFormat = {
  key: 'when',
  keys: ['for'],
  later: [],
  read(reader, { main, fields, base }) {
    const duration = readDuration(reader, fields.get('for'))
    const expression = readExpression(reader, main)
    if (expression === undefined) return undefined
    return { ...base, kind: 'when', expression, for: duration ?? 0 }
  },
}
