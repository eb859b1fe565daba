import { ByteReader, ByteWriter } from './bytes.ts'
import { GAP, type Sample, type Scalar } from './sample.ts'

// A batch: the changes of all values between two writes, in the order in which they happened. One row of the append
// table: a row for each change would cost the card four times as much.
//
//   for each change: uint series; int seq - seq before; int at - at before; then
//     0 gap · 1 unknown · 2 false · 3 true · 4 double · 5 JSON text · 6 + scale (0..3): int value * 10^scale

const POWERS = [1, 10, 100, 1_000]
const DECIMAL = 6
const MAX_WHOLE = 2 ** 31

/** Gathers changes without making an object for any of them. */
export class BatchWriter {
  readonly #to = new ByteWriter(16_384)
  #seq = 0
  #at = 0

  /** Bytes that wait. */
  get size(): number {
    return this.#to.length
  }

  /** @returns the bytes that the change takes. A number that is not finite is unknown. */
  add(series: number, at: { readonly seq: number; readonly at: number }, value: Sample['value']): number {
    const to = this.#to
    const before = to.length
    to.uint(series)
    to.int(at.seq - this.#seq)
    to.int(at.at - this.#at)
    this.#seq = at.seq
    this.#at = at.at
    if (typeof value === 'number') this.#number(value)
    else if (value === GAP) to.byte(0)
    else if (value === null) to.byte(1)
    else if (typeof value === 'boolean') to.byte(value ? 3 : 2)
    else {
      to.byte(5)
      to.text(JSON.stringify(value))
    }
    return to.length - before
  }

  /** The batch, and begins the next one. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#to.toBytes()
    this.#to.reset()
    this.#seq = 0
    this.#at = 0
    return bytes
  }

  #number(value: number): void {
    const to = this.#to
    if (!Number.isFinite(value)) return to.byte(1)
    for (let scale = 0; scale < POWERS.length; scale++) {
      // `+ 0`: a whole number has no negative zero.
      const whole = Math.round(value * POWERS[scale]!) + 0
      if (whole > MAX_WHOLE || whole < -MAX_WHOLE) break
      if (!Object.is(whole / POWERS[scale]!, value)) continue
      to.byte(DECIMAL + scale)
      return to.int(whole)
    }
    to.byte(4)
    to.double(value)
  }
}

function skipValue(from: ByteReader): void {
  const tag = from.byte()
  if (tag === 4) from.position += 8
  else if (tag === 5) from.skipText()
  else if (tag >= DECIMAL) from.uint()
}

function readValue(from: ByteReader): Sample['value'] {
  const tag = from.byte()
  switch (tag) {
    case 0:
      return GAP
    case 1:
      return null
    case 2:
      return false
    case 3:
      return true
    case 4:
      return from.double()
    case 5:
      return JSON.parse(from.text()) as Scalar
    default: {
      const power = POWERS[tag - DECIMAL]
      if (power === undefined) throw new RangeError('this is no batch, or one of a newer version')
      return from.int() / power
    }
  }
}

/** What to do with each change of a batch. */
export interface BatchVisit {
  /** This series alone. Left out: all. */
  readonly only?: number
  readonly each: (series: number, sample: Sample) => void
}

/** Goes through the changes of a batch, in order. @throws RangeError for bytes that are no batch. */
export function readBatch(bytes: Uint8Array, { only, each }: BatchVisit): void {
  const from = new ByteReader(bytes)
  let seq = 0
  let at = 0
  while (!from.isAtEnd) {
    const series = from.uint()
    seq += from.int()
    at += from.int()
    if (only === undefined || only === series) each(series, { seq, at, value: readValue(from) })
    else skipValue(from)
  }
}
