import type { ByteReader, ByteWriter } from './bytes.ts'

// A column of numbers. Most sensors speak in decimals: 21.4 is 214 tenths, and the next reading differs by a few of
// them. So the column is whole numbers of 10^-scale, of which each is told as its difference to the one before, where
// that gives back the very same doubles; else each double is told by the bytes in which it differs from the one before.
//
//   scale 0..6, then one `int` for each number: value * 10^scale minus that of the number before (0 at first)
//   XOR,        then for each number its bits xor those of the number before: 0 when equal, else 0x80 | first << 3 | last
//               with the places (0 highest) of the first and last byte that are not 0, and the bytes from first to last

const MAX_SCALE = 6
const XOR = 255
/** Beyond this a difference of two would not be exact. */
const MAX_WHOLE = 2 ** 50

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

function isWhole(value: number, scale: number): boolean {
  const power = POWERS[scale]!
  const whole = Math.round(value * power)
  // `+ 0`: a whole number has no negative zero.
  return Math.abs(whole) <= MAX_WHOLE && Object.is((whole + 0) / power, value)
}

/** The decimals that all numbers get by with, or undefined. */
export function scaleOf(values: Float64Array, count: number): number | undefined {
  let scale = 0
  for (let i = 0; i < count; i++) {
    while (!isWhole(values[i]!, scale)) if (++scale > MAX_SCALE) return undefined
  }
  // What is whole in tenths may be too large in hundredths.
  for (let i = 0; i < count; i++) if (!isWhole(values[i]!, scale)) return undefined
  return scale
}

/** Writes the first `count` numbers, any doubles but NaN. */
export function writeNumbers(to: ByteWriter, values: Float64Array, count: number): void {
  const scale = scaleOf(values, count)
  if (scale === undefined) return writeXor(to, values, count)
  const power = POWERS[scale]!
  to.byte(scale)
  let before = 0
  for (let i = 0; i < count; i++) {
    const whole = Math.round(values[i]! * power)
    to.int(whole - before)
    before = whole
  }
}

/** Reads `count` numbers. */
export function readNumbers(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count)
  const scale = from.byte()
  if (scale === XOR) return readXor(from, values)
  const power = POWERS[scale]
  if (power === undefined) throw new RangeError(`a column of numbers cannot have scale ${scale}`)
  let whole = 0
  for (let i = 0; i < count; i++) {
    whole += from.int()
    values[i] = whole / power
  }
  return values
}

const bits = new DataView(new ArrayBuffer(8))
const before = new Uint8Array(8)

function writeXor(to: ByteWriter, values: Float64Array, count: number): void {
  to.byte(XOR)
  before.fill(0)
  for (let i = 0; i < count; i++) {
    bits.setFloat64(0, values[i]!)
    let first = 0
    while (first < 8 && bits.getUint8(first) === before[first]) first++
    if (first === 8) {
      to.byte(0)
      continue
    }
    let last = 7
    while (bits.getUint8(last) === before[last]) last--
    to.byte(0x80 | (first << 3) | last)
    for (let at = first; at <= last; at++) to.byte(bits.getUint8(at) ^ before[at]!)
    for (let at = 0; at < 8; at++) before[at] = bits.getUint8(at)
  }
}

function readXor(from: ByteReader, values: Float64Array): Float64Array {
  bits.setFloat64(0, 0)
  for (let i = 0; i < values.length; i++) {
    const span = from.byte()
    if (span !== 0) {
      for (let at = (span >> 3) & 7; at <= (span & 7); at++) bits.setUint8(at, bits.getUint8(at) ^ from.byte())
    }
    values[i] = bits.getFloat64(0)
  }
  return values
}
