import { createHmac, timingSafeEqual } from 'node:crypto'

// One-time codes by time, RFC 6238: six digits of HMAC-SHA-1 over the count of half minutes since 1970, as all
// authenticator apps take it.

const STEP = 30_000
const DIGITS = 6
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Bytes of a key: as many as the hash has (RFC 4226, R6). */
export const KEY_LENGTH = 20

/** RFC 4648, without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31]
}

/** RFC 4226, 5.3. */
export function codeOf(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac.at(-1)! & 15
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

/**
 * The half minute that a code is of: this one, the one before or the next, since clocks differ, and later than `after`,
 * since a code works once. Takes as long whichever fits and whether one does.
 */
export function stepOf(key: Uint8Array, code: string, { now, after }: { now: number; after: number }): number | null {
  const given = Buffer.from(
    code
      .replaceAll(' ', '')
      .padEnd(DIGITS)
      .slice(0, DIGITS + 1),
  )
  const current = Math.floor(now / STEP)
  let found: number | null = null
  for (const step of [current - 1, current, current + 1]) {
    const wanted = Buffer.from(codeOf(key, step))
    const fits = given.length === wanted.length && timingSafeEqual(given, wanted)
    if (fits && step > after) found = step
  }
  return found
}
