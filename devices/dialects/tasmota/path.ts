import type { Json } from '#kernel'

/** The way to a value: keys of objects, indices of lists. */
export type Path = readonly (string | number)[]

/** The value at the end of a path, undefined when a step is missing. */
export function valueAt(value: Json, path: Path): Json | undefined {
  let now: Json | undefined = value
  for (const step of path) {
    if (typeof now !== 'object' || now === null) return undefined
    if (Array.isArray(now)) now = typeof step === 'number' ? now[step] : undefined
    else now = Object.hasOwn(now, step) ? now[step] : undefined
  }
  return now
}
