import {
  CalendarDay,
  Duration,
  Instant,
  isList,
  isMap,
  Thing,
  TimeOfDay,
  toJson,
  UNKNOWN,
  type Result,
} from '#expression'
import { isJsonObject, type Json } from '#kernel'

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
  if (value instanceof Thing && value.target instanceof Uint8Array) return { $bytes: Array.from(value.target) }
  if (isList(value)) return value.map(freeze)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, freeze(each)]))
  return toJson(value)
}

/** The value again. */
export function thaw(json: Json): Result {
  if (Array.isArray(json)) return json.map(thaw)
  if (!isJsonObject(json)) return json
  const { $unknown, $instant, $duration, $time, $day, $bytes } = json
  if ($unknown === true) return UNKNOWN
  if (typeof $instant === 'number') return new Instant($instant)
  if (typeof $duration === 'number') return new Duration($duration)
  if (typeof $time === 'number') return new TimeOfDay($time)
  if (Array.isArray($day)) return new CalendarDay(Number($day[0]), Number($day[1]), Number($day[2]))
  if (Array.isArray($bytes)) return binary(Uint8Array.from($bytes, Number))
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, thaw(each)]))
}
