import type { Json } from '#kernel'

/** What a value can be; `null` is unknown. The same as a value of an entity. */
export type Scalar = boolean | number | string | null | readonly Json[]

/** From here on nothing is known: the device is offline, or the hub was down. */
export const GAP = undefined

/** One recorded change. */
export interface Sample {
  /** Number of the event in the global sequence; changes of one event share it. */
  readonly seq: number
  /** Wall-clock milliseconds. Usually grows; goes back when the clock is set back. */
  readonly at: number
  readonly value: Scalar | typeof GAP
}
