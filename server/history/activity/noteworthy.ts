import type { Change } from '#devices'
import type { Cause } from '#kernel'
import type { Scalar } from '../../series/index.ts'

/** Characters of a text that is a word, and digits in it: `washing`, `1_double`, but no time, address or measurement. */
const MAX_WORD = 40
const MAX_DIGITS = 2

function isWord(to: Scalar): boolean {
  if (typeof to !== 'string' || to.length > MAX_WORD || !/\p{L}/u.test(to)) return false
  return to.replace(/\D/g, '').length <= MAX_DIGITS
}

/** Whether a cause is a device that speaks for itself, or the hub. */
export function isUnasked({ kind }: Cause): boolean {
  return kind === 'device' || kind === 'hub'
}

/**
 * Whether a change is activity. What somebody or a rule brought about is; of what devices say by themselves what is on or
 * off, open or closed, or a word. Numbers are history, and what a device says of its own state of health is for its page.
 */
export function isNoteworthy({ entity, value, from, to, cause }: Extract<Change, { kind: 'value' }>): boolean {
  if (!isUnasked(cause)) return true
  const { type } = value.spec
  if (type === 'number' || type === 'list') return false
  // What it says for the first time, or after it did not know, was so before.
  if (entity.category !== null || from === null || to === null) return false
  return type !== 'text' || isWord(to)
}
