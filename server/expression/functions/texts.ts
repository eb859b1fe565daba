import { ANY, DURATION, NUMBER, TEXT, type Type } from '../types.ts'
import {
  Duration,
  durationText,
  Instant,
  isList,
  TimeOfDay,
  timeText,
  toJson,
  toText,
  UNKNOWN,
  type Result,
} from '../values.ts'
import { bounded, numberOf, spend, textOf, ValueFault, type FunctionSpec } from './spec.ts'

const TEXTS: readonly Type['kind'][] = ['text', 'enum']

function onText(name: string, of: (text: string) => string): FunctionSpec {
  return { takes: [1, 1], accepts: [TEXTS], result: TEXT, call: ([text]) => of(textOf(text!, name)) }
}

function toNumber(value: Result): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') throw new ValueFault('this is no number')
  const number = Number(value)
  if (!Number.isFinite(number)) throw new ValueFault(`"${value.slice(0, 40)}" is no number`)
  return number
}

function split(text: string, by: string): string[] {
  return by === '' ? text.trim().split(/\s+/) : text.split(by)
}

/** Text, and what turns values into text and back. */
export const textFunctions: Readonly<Record<string, FunctionSpec>> = {
  lower: onText('lower', text => text.toLowerCase()),
  upper: onText('upper', text => text.toUpperCase()),
  trim: onText('trim', text => text.trim()),
  split: {
    takes: [1, 2],
    accepts: [TEXTS, TEXTS],
    result: { kind: 'list', of: TEXT },
    call([text, by], context) {
      const parts = split(textOf(text!, 'split'), by === undefined ? '' : textOf(by, 'split'))
      spend(context, parts.length)
      return parts
    },
  },
  join: {
    takes: [1, 2],
    accepts: [['list'], TEXTS],
    result: TEXT,
    call([list, by], context) {
      if (!isList(list!)) throw new ValueFault('join needs a list')
      spend(context, list.length)
      return bounded(list.map(toText).join(by === undefined ? '' : textOf(by, 'join')))
    },
  },
  replace: {
    takes: [3, 3],
    accepts: [TEXTS, TEXTS, TEXTS],
    result: TEXT,
    call([text, from, to]) {
      const [whole, old, fresh] = [textOf(text!, 'replace'), textOf(from!, 'replace'), textOf(to!, 'replace')]
      const count = old === '' ? 0 : whole.split(old).length - 1
      bounded(''.padEnd(Math.min(whole.length + count * (fresh.length - old.length), 1_000_000)))
      return old === '' ? whole : whole.replaceAll(old, () => fresh)
    },
  },
  int: {
    takes: [1, 1],
    accepts: [['number', 'text', 'enum', 'bool']],
    result: NUMBER,
    call: ([value]) => Math.trunc(toNumber(value!)),
  },
  number: {
    takes: [1, 1],
    accepts: [['number', 'text', 'enum', 'bool']],
    result: NUMBER,
    call: ([value]) => toNumber(value!),
  },
  text: { takes: [1, 1], accepts: [], result: TEXT, call: ([value]) => bounded(toText(value!)) },
  json: { takes: [1, 1], accepts: [], result: TEXT, call: ([value]) => bounded(JSON.stringify(toJson(value!))) },
  urlencode: onText('urlencode', text => bounded(encodeURIComponent(text))),
  time: {
    takes: [1, 1],
    accepts: [['instant', 'time']],
    result: TEXT,
    call([value], context) {
      if (value instanceof Instant) return timeText(Math.floor(context.local(value.at).ms / 60_000) * 60_000)
      if (value instanceof TimeOfDay) return timeText(value.ms)
      throw new ValueFault('time needs a point in time')
    },
  },
  duration: {
    takes: [1, 1],
    accepts: [['duration', 'number']],
    result: TEXT,
    call([value]) {
      if (value instanceof Duration) return durationText(value.ms)
      return durationText(numberOf(value!, 'duration') * 1000)
    },
  },
  default: {
    takes: [2, 2],
    accepts: [],
    result: args => args[1] ?? ANY,
    seesUnknown: true,
    call: ([value, other]) => (value === UNKNOWN ? other! : value!),
  },
  seconds: {
    takes: [1, 1],
    accepts: [['number']],
    result: DURATION,
    call: ([value]) => new Duration(numberOf(value!, 'seconds') * 1000),
  },
}
