import { isTopicFilter } from '#kernel'
import type { Field, Reader } from '../fields.ts'
import type { TopicLevel, TopicTrigger } from '../rule.ts'
import { readBool, readChoice, readDuration, readScalar, sourceText } from '../scalars.ts'
import type { SourceText } from '../source-text.ts'
import type { TriggerFormat } from './trigger.ts'

const CAPTURE = /^[a-z_][a-z0-9_]*$/i
export const AS = ['auto', 'json', 'number', 'text', 'bool', 'binary'] as const
export const RETAINED = ['ignore', 'fire'] as const

type Topic = Pick<TopicTrigger, 'filter' | 'levels' | 'captures'>

function readLevel(text: string): TopicLevel | undefined {
  const mark = text[0]
  if (mark !== '+' && mark !== '#') return /[+#]/.test(text) ? undefined : { kind: 'text', text }
  const name = text.slice(1)
  if (name !== '' && !CAPTURE.test(name)) return undefined
  return { kind: mark === '+' ? 'one' : 'rest', name: name === '' ? null : name }
}

function refuse(
  reader: Reader,
  source: SourceText,
  says: { readonly start: number; readonly end: number; readonly message: string; readonly suggestion?: string },
): undefined {
  const { start, end, ...words } = says
  reader.reading.reportPlace(source.place(start, end), { id: 'bad-value', ...words })
}

/** A filter with named wildcards: `home/+room/+sensor`, `tele/+dev/#rest`. */
function parseFilter(reader: Reader, source: SourceText): Topic | undefined {
  const { text } = source
  const levels: TopicLevel[] = []
  let start = 0
  for (const part of text.split('/')) {
    const end = start + part.length
    const level = readLevel(part)
    if (level === undefined) {
      const message = `"${part}" is no level of a topic filter`
      return refuse(reader, source, {
        start,
        end,
        message,
        suggestion: 'a wildcard fills a level: +, +name, # or #name',
      })
    }
    if (level.kind === 'rest' && end < text.length) {
      return refuse(reader, source, { start, end, message: 'nothing may stand behind # in a topic filter' })
    }
    levels.push(level)
    start = end + 1
  }
  const filter = levels.map(level => (level.kind === 'text' ? level.text : level.kind === 'one' ? '+' : '#')).join('/')
  const whole = { start: 0, end: text.length }
  if (filter.startsWith('$share/')) {
    return refuse(reader, source, { ...whole, message: 'a rule sees each message; it cannot share a subscription' })
  }
  if (!isTopicFilter(filter)) return refuse(reader, source, { ...whole, message: 'this is no topic filter' })
  const names = levels.flatMap(level => (level.kind === 'text' || level.name === null ? [] : [level.name]))
  return { filter, levels, captures: [...new Set(names)] }
}

function readFilter(reader: Reader, field: Field): Topic | undefined {
  const scalar = readScalar(reader, field, 'a topic filter such as home/+room/door')
  return scalar === undefined ? undefined : parseFilter(reader, sourceText(reader, scalar))
}

/** `topic: home/+room/door`. */
export const topic: TriggerFormat = {
  key: 'topic',
  keys: ['as', 'retained', 'changed', 'debounce'],
  later: [],
  read(reader, { main, fields, base }) {
    const as = readChoice(reader, fields.get('as'), AS)
    const retained = readChoice(reader, fields.get('retained'), RETAINED)
    const changed = readBool(reader, fields.get('changed'))
    const debounce = readDuration(reader, fields.get('debounce'))
    const filter = readFilter(reader, main)
    if (filter === undefined) return undefined
    return {
      ...base,
      kind: 'topic',
      ...filter,
      as: as ?? 'auto',
      retained: retained ?? 'ignore',
      changed: changed ?? false,
      debounce: debounce ?? 0,
    }
  },
}
