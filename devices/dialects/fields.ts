import type { Json } from '#kernel'

// Reads fields of announcements. Whatever is not as it should be counts as absent.

/** Characters of a name, model or version that are kept. */
export const MAX_NAME = 200

export type Fields = { readonly [key: string]: Json }

/** A number or a text that holds one. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** A text; numbers and truth values are spelled as Python does, which is how templates render them. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return null
}

/** A name for people: trimmed, cut to 200 characters, null when empty. */
export function nameOf(value: unknown): string | null {
  const text = textOf(value)?.trim()
  return text === undefined || text === '' ? null : text.slice(0, MAX_NAME)
}

/** True or false, also written as text or number. */
export function boolOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const text = textOf(value)?.toLowerCase()
  if (text === 'true' || text === '1' || text === 'yes' || text === 'on') return true
  return text === 'false' || text === '0' || text === 'no' || text === 'off' ? false : null
}

/** A list; a single value counts as a list of one. */
export function listOf(value: unknown): readonly Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? (value as Json[]) : [value as Json]
}
