import { ByteReader, ByteWriter } from './bytes.ts'
import { readNumbers, writeNumbers } from './numbers.ts'
import { GAP, type Sample, type Scalar } from './sample.ts'

// A chunk: the changes of one value in the order in which they happened, column by column, so that a chart reads times
// and values alone. All numbers are `uint` or `int` of bytes.ts.
//
//   kind      1 byte: NUMBERS, BOOLEANS or TEXTS
//   count     uint
//   absent    uint n, then n times: (index - index before) * 2 + (1 for a gap, 0 for unknown)
//   times     int first; int second - first; then for each the difference of its difference: a steady beat is zeros
//   values    of those that are not absent:
//               NUMBERS   a column of numbers.ts
//               BOOLEANS  eight a byte, the first in the lowest bit
//               TEXTS     uint n, n JSON texts, each once; then the place of each value's text, uint
//   sequence  uint first; then int differences

const KINDS = ['numbers', 'booleans', 'texts'] as const
export type ChunkKind = (typeof KINDS)[number]

/** The columns of a chunk. */
export interface Columns {
  readonly kind: ChunkKind
  readonly count: number
  readonly at: Float64Array
  /**
   * By kind: the numbers; 1 and 0 for true and false; or the places in `texts`. NaN where the value is absent.
   */
  readonly value: Float64Array
  /** Indexes that are gaps among those that are absent; the others are unknown. */
  readonly gaps: ReadonlySet<number>
  readonly texts: readonly Scalar[]
}

function kindOf(samples: readonly Sample[]): ChunkKind {
  const types = new Set(samples.filter(({ value }) => value != null).map(({ value }) => typeof value))
  if (types.size > 1) return 'texts'
  const [type = 'number'] = types
  return type === 'number' ? 'numbers' : type === 'boolean' ? 'booleans' : 'texts'
}

function writeAbsent(to: ByteWriter, samples: readonly Sample[]): void {
  const absent = samples.flatMap(({ value }, index) => (value == null ? [index] : []))
  to.uint(absent.length)
  let before = 0
  for (const index of absent) {
    to.uint((index - before) * 2 + (samples[index]!.value === GAP ? 1 : 0))
    before = index
  }
}

function writeTimes(to: ByteWriter, samples: readonly Sample[]): void {
  let before = 0
  let step = 0
  samples.forEach(({ at }, index) => {
    const next = at - before
    to.int(index < 2 ? next : next - step)
    if (index > 0) step = next
    before = at
  })
}

function writeValues(to: ByteWriter, kind: ChunkKind, present: readonly Scalar[]): void {
  if (kind === 'numbers') {
    writeNumbers(to, Float64Array.from(present as readonly number[]), present.length)
  } else if (kind === 'booleans') {
    for (let i = 0; i < present.length; i += 8) {
      let byte = 0
      for (let bit = 0; bit < 8; bit++) if (present[i + bit] === true) byte |= 1 << bit
      to.byte(byte)
    }
  } else {
    const places = new Map<string, number>()
    const texts = present.map(value => JSON.stringify(value))
    for (const text of texts) if (!places.has(text)) places.set(text, places.size)
    to.uint(places.size)
    for (const text of places.keys()) to.text(text)
    for (const text of texts) to.uint(places.get(text)!)
  }
}

/** Writes changes of one value, in their order. Numbers are finite; times and sequence numbers whole. */
export function encodeChunk(samples: readonly Sample[]): Uint8Array<ArrayBuffer> {
  const to = new ByteWriter(64 + samples.length * 6)
  const kind = kindOf(samples)
  to.byte(KINDS.indexOf(kind))
  to.uint(samples.length)
  writeAbsent(to, samples)
  writeTimes(to, samples)
  writeValues(
    to,
    kind,
    samples.map(({ value }) => value).filter(value => value != null),
  )
  let before = 0
  samples.forEach(({ seq }, index) => {
    if (index === 0) to.uint(seq)
    else to.int(seq - before)
    before = seq
  })
  return to.toBytes()
}

function readValues(from: ByteReader, kind: ChunkKind, count: number): Pick<Columns, 'value' | 'texts'> {
  if (kind === 'numbers') return { value: readNumbers(from, count), texts: [] }
  const value = new Float64Array(count)
  if (kind === 'booleans') {
    for (let i = 0; i < count; i += 8) {
      const byte = from.byte()
      for (let bit = 0; bit < 8 && i + bit < count; bit++) value[i + bit] = (byte >> bit) & 1
    }
    return { value, texts: [] }
  }
  const texts = Array.from({ length: from.uint() }, () => JSON.parse(from.text()) as Scalar)
  for (let i = 0; i < count; i++) value[i] = from.uint()
  return { value, texts }
}

function readAbsent(from: ByteReader): { absent: number[]; gaps: Set<number> } {
  const gaps = new Set<number>()
  let before = 0
  const absent = Array.from({ length: from.uint() }, () => {
    const step = from.uint()
    before += Math.floor(step / 2)
    if (step % 2 === 1) gaps.add(before)
    return before
  })
  return { absent, gaps }
}

function readTimes(from: ByteReader, count: number): Float64Array {
  const at = new Float64Array(count)
  let before = 0
  let step = 0
  for (let i = 0; i < count; i++) {
    const told = from.int()
    const next = i < 2 ? told : told + step
    if (i > 0) step = next
    before += next
    at[i] = before
  }
  return at
}

/** Puts NaN where a value is absent. */
function spread(present: Float64Array, absent: readonly number[]): Float64Array {
  if (absent.length === 0) return present
  const all = new Float64Array(present.length + absent.length)
  let next = 0
  for (let i = 0, taken = 0; i < all.length; i++) {
    if (absent[next] === i) {
      all[i] = Number.NaN
      next++
    } else all[i] = present[taken++]!
  }
  return all
}

function readColumns(from: ByteReader): Columns {
  const kind = KINDS[from.byte()]
  if (kind === undefined) throw new RangeError('this is no chunk, or one of a newer version')
  const count = from.uint()
  const { absent, gaps } = readAbsent(from)
  const at = readTimes(from, count)
  const { value, texts } = readValues(from, kind, count - absent.length)
  return { kind, count, at, value: spread(value, absent), gaps, texts }
}

/** The columns of a chunk without the sequence. @throws RangeError for bytes that are no chunk. */
export function decodeColumns(bytes: Uint8Array): Columns {
  return readColumns(new ByteReader(bytes))
}

/** The value at an index of the columns. */
export function valueAt({ kind, value, gaps, texts }: Columns, index: number): Sample['value'] {
  const number = value[index]!
  if (Number.isNaN(number)) return gaps.has(index) ? GAP : null
  return kind === 'numbers' ? number : kind === 'booleans' ? number === 1 : texts[number]!
}

/** All of a chunk. @throws RangeError for bytes that are no chunk. */
export function decodeChunk(bytes: Uint8Array): Sample[] {
  const from = new ByteReader(bytes)
  const columns = readColumns(from)
  let seq = 0
  return Array.from({ length: columns.count }, (_, index) => {
    seq = index === 0 ? from.uint() : seq + from.int()
    return { seq, at: columns.at[index]!, value: valueAt(columns, index) }
  })
}
