import {
  CalendarDay,
  Duration,
  Instant,
  isList,
  isMap,
  Range,
  Thing,
  TimeOfDay,
  toJson,
  UNKNOWN,
  type Result,
} from '#expression'
import { isJsonObject, type Cause, type Json, type Occasion } from '#kernel'
import type { RuleState } from './rule-state.ts'
import type { Start } from './starts.ts'

// Values of a run as JSON and back. What JSON has no word for stands in a map with one key that begins with "$".

/** The payload of a message that is not text. */
export function binary(bytes: Uint8Array): Thing {
  return new Thing('binary data', bytes)
}

/** A value of a run as it is stored. */
export function freeze(value: Result): Json {
  if (value === UNKNOWN) return { $unknown: true }
  if (value instanceof Instant) return { $instant: value.at }
  if (value instanceof Duration) return { $duration: value.ms }
  if (value instanceof TimeOfDay) return { $time: value.ms }
  if (value instanceof CalendarDay) return { $day: [value.year, value.month, value.day] }
  if (value instanceof Range) return { $range: [freeze(value.from), freeze(value.to)] }
  if (value instanceof Thing && value.target instanceof Uint8Array) return { $bytes: toLatin(value.target) }
  if (isList(value)) return value.map(freeze)
  if (!isMap(value)) return toJson(value)
  const map = freezeAll(value)
  return Object.keys(value).some(key => key.startsWith('$')) ? { $map: map } : map
}

/** The value again. */
export function thaw(json: Json): Result {
  if (Array.isArray(json)) return json.map(thaw)
  if (!isJsonObject(json)) return json
  const { $unknown, $instant, $duration, $time, $day, $range, $bytes, $map } = json
  if ($unknown === true) return UNKNOWN
  if (typeof $instant === 'number') return new Instant($instant)
  if (typeof $duration === 'number') return new Duration($duration)
  if (typeof $time === 'number') return new TimeOfDay($time)
  if (Array.isArray($day)) return new CalendarDay(Number($day[0]), Number($day[1]), Number($day[2]))
  if (Array.isArray($range)) return new Range(thaw($range[0] ?? null), thaw($range[1] ?? null))
  if (typeof $bytes === 'string') return binary(Uint8Array.from($bytes, letter => letter.charCodeAt(0)))
  return thawAll(isJsonObject($map) ? $map : json)
}

/** Each byte as the letter of that number. */
function toLatin(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** The values of a run by name. */
export function freezeAll(values: Readonly<Record<string, Result>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, freeze(value)]))
}

export function thawAll(values: Readonly<Record<string, Json>>): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, thaw(value)]))
}

/** A start that waits for its time, as it is stored. */
export type KeptStart = {
  trigger: string
  /** The filter of the trigger: another one is another trigger. */
  filter: string
  now: number
  locals: Record<string, Json>
  heard: { topic: string; payload: string; client: string | null }
  occasion?: Occasion
}

export function freezeStart({ state, trigger, now, locals, source, occasion }: Start): KeptStart {
  const { filter } = state.subscriptions.get(trigger)!.trigger
  return { trigger, filter, now, locals: freezeAll(locals), heard: { ...source!.heard }, ...(occasion && { occasion }) }
}

export function thawStart(kept: KeptStart, own: { state: RuleState; cause: Cause }): Start {
  const { trigger, now, locals, heard, occasion } = kept
  return { ...own, trigger, now, locals: thawAll(locals), source: { heard }, occasion }
}
