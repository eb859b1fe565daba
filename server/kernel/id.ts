/** Fills a new array of `length` bytes with unpredictable bytes. */
export type Random = (length: number) => Uint8Array

/** 26 characters of Crockford base32, sortable by time, unique. */
export type Ulid = string

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function timePart(at: number): string {
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = CROCKFORD[at % 32]! + text
    at = Math.floor(at / 32)
  }
  return text
}

/**
 * A source of ULIDs (ulid/spec): 48 bits of milliseconds, 80 bits of randomness. Within one
 * millisecond, and when the clock goes back, the random part counts up, so ids never repeat and stay in order.
 */
export function createUlids(now: () => number, random: Random): () => Ulid {
  let last = -1
  let prefix = ''
  const digits = new Uint8Array(16)
  let tail = ''
  const seed = () => {
    const bytes = random(16)
    for (let i = 0; i < 16; i++) digits[i] = bytes[i]! & 31
    // The top digit starts low, so that counting up never overflows.
    digits[0]! &= 15
    tail = ''
  }
  const countUp = () => {
    let i = 15
    while (digits[i] === 31) digits[i--] = 0
    digits[i]!++
    if (i < 15) tail = ''
  }
  return () => {
    const at = now()
    if (at > last) {
      last = at
      prefix = timePart(at)
      seed()
    } else countUp()
    if (tail === '') for (let i = 0; i < 15; i++) tail += CROCKFORD[digits[i]!]!
    return prefix + tail + CROCKFORD[digits[15]!]!
  }
}

/** The longest slug; room is left for a number behind it. */
export const MAX_SLUG_LENGTH = 48

const SLUG = /^[a-z][a-z0-9_]{0,63}$/

/** Whether a text can stand as a name in a rule, a topic level and a URL: `[a-z][a-z0-9_]*`, at most 64. */
export function isSlug(text: string): boolean {
  return SLUG.test(text)
}

const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  å: 'a',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  đ: 'd',
  ł: 'l',
  þ: 'th',
}

/**
 * The slug of a name: `Hall lamp` gives `hall_lamp`, `Küche` gives `kueche`. A name without a usable
 * letter gives `fallback`.
 */
export function toSlug(name: string, fallback: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[ßæøåäöüđłþ]/g, letter => LETTERS[letter]!)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^_+|_+$/g, '')
  if (slug === '') return fallback
  return /^[a-z]/.test(slug) ? slug : `${fallback}_${slug}`.slice(0, MAX_SLUG_LENGTH)
}

/** `slug`, or the first of `slug_2`, `slug_3` ... that is not taken. */
export function uniqueSlug(slug: string, isTaken: (slug: string) => boolean): string {
  if (!isTaken(slug)) return slug
  for (let n = 2; ; n++) if (!isTaken(`${slug}_${n}`)) return `${slug}_${n}`
}

/** The wall-clock milliseconds a ULID was made at. */
export function ulidTime(id: Ulid): number {
  let at = 0
  for (let i = 0; i < 10; i++) at = at * 32 + CROCKFORD.indexOf(id[i]!)
  return at
}
