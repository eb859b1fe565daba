import { isScalar, type Node } from 'yaml'
import { didYouMean, meant } from '#expression'
import { follow, readItems, type Field, type Reader } from '../fields.ts'
import type { LocalTime, Weekday } from '../rule.ts'
import { readScalar, reportValue, sourceText } from '../scalars.ts'
import { reportAt } from '../yaml-text.ts'
import type { TriggerFormat } from './trigger.ts'

export const WEEK: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/
const WANTED_TIME = 'a time such as 22:30'

const seconds = ({ hour, minute, second }: LocalTime) => (hour * 60 + minute) * 60 + second

/** `22:30`, `7:05`, `22:30:15`. */
export function parseTime(text: string): LocalTime | undefined {
  const parts = TIME.exec(text)
  if (parts === null) return undefined
  const time = { hour: Number(parts[1]), minute: Number(parts[2]), second: Number(parts[3] ?? 0) }
  return time.hour < 24 && time.minute < 60 && time.second < 60 ? time : undefined
}

function readTime(reader: Reader, node: Node): LocalTime | undefined {
  if (!isScalar(node)) return reportValue(reader, node, { wanted: WANTED_TIME })
  const { text } = sourceText(reader, node)
  if (/^(sunrise|sunset|elevation)\b/.test(text)) {
    reportAt(reader.reading, node, { id: 'not-supported', message: `\`at: ${text}\` is not supported yet` })
    return undefined
  }
  return parseTime(text) ?? reportValue(reader, node, { wanted: WANTED_TIME })
}

function readDay(reader: Reader, node: Node): Weekday | undefined {
  const text = isScalar(node) ? sourceText(reader, node).text : ''
  const day = WEEK.find(each => each === text)
  if (day !== undefined) return day
  const word = text.toLowerCase().slice(0, 3)
  const suggestion = didYouMean(text, WEEK) ?? (WEEK.includes(word as Weekday) ? meant(word) : null)
  return reportValue(reader, node, { wanted: 'days: mon, tue, wed, thu, fri, sat, sun', suggestion })
}

/** The items of a field that can be read, in any order; undefined when there is none. */
function readList<T>(
  reader: Reader,
  field: Field,
  how: { readonly wanted: string; readonly read: (reader: Reader, node: Node) => T | undefined },
): T[] | undefined {
  const items = readItems(reader, field.value)
  if (items.length === 0) {
    // Says that nothing stands here, or that a list without items does.
    const node = follow(reader, field.value)
    if (node === null || isScalar(node)) readScalar(reader, field, how.wanted)
    else reportValue(reader, node, { wanted: how.wanted })
    return undefined
  }
  const found: T[] = []
  for (const item of items) {
    const node = follow(reader, item)
    const value = node === null ? undefined : how.read(reader, node)
    if (value !== undefined) found.push(value)
  }
  return found.length === 0 ? undefined : found
}

/** `at: 22:30`, `at: [7:00, 19:00]`, with `days`. */
export const at: TriggerFormat = {
  key: 'at',
  keys: ['days'],
  later: ['dates', 'jitter'],
  read(reader, { main, fields, base }) {
    const days = fields.get('days')
    const given =
      days === undefined ? WEEK : readList(reader, days, { wanted: 'days such as [mon, fri]', read: readDay })
    const times = readList(reader, main, { wanted: WANTED_TIME, read: readTime })
    if (times === undefined) return undefined
    const distinct = [...new Map(times.map(time => [seconds(time), time])).entries()].toSorted(([a], [b]) => a - b)
    return {
      ...base,
      kind: 'at',
      times: distinct.map(([, time]) => time),
      days: WEEK.filter(day => given === undefined || given.includes(day)),
    }
  },
}
