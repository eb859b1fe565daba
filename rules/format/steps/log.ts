import { readTextContent } from '../content.ts'
import { readChoice, readScalar } from '../scalars.ts'
import type { StepFormat } from './step.ts'

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** `log: the door is open`, with `level`. */
export const log: StepFormat = {
  key: 'log',
  keys: ['level'],
  later: [],
  read(reader, { main, fields, base }) {
    const level = readChoice(reader, fields.get('level'), LEVELS)
    const scalar = readScalar(reader, main, 'a text')
    const text = scalar === undefined ? undefined : readTextContent(reader, scalar)
    return text === undefined ? undefined : { ...base, kind: 'log', text, level: level ?? 'info' }
  },
}
