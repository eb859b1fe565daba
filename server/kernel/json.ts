/** A value as JSON has it; objects hold own properties only. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Nesting that `parseJson` follows before it gives up. */
export const MAX_JSON_DEPTH = 32

// A quick scan keeps hostile nesting away from the recursive parser and from everything that later walks the value.
function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > MAX_JSON_DEPTH) return true
    } else if (c === 0x7d || c === 0x5d) depth--
  }
  return false
}

const DANGEROUS_KEY = /"(?:__proto__|constructor|prototype)"/

function withoutPrototypeKeys(key: string, value: unknown): unknown {
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value
}

/**
 * Parses text from outside. Keys that could reach a prototype are dropped.
 * @returns the value, or `undefined` when the text is not JSON or is nested deeper than 32.
 */
export function parseJson(text: string): Json | undefined {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text, DANGEROUS_KEY.test(text) ? withoutPrototypeKeys : undefined) as Json
  } catch {
    return undefined
  }
}

/** Whether a value is a JSON object (not null, not a list). */
export function isJsonObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
