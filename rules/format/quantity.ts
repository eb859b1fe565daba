import { parseDuration } from './duration.ts'
import type { Quantity } from './rule.ts'

const QUANTITY = /^([-+]?\d+(?:\.\d+)?) ?(%|‰|°[CFK]?|[A-Za-zµμ][A-Za-z0-9µμ²³/]{0,11})$/

/** `40%`, `21.5 °C`, `2700 K`, `5min`, `1h30m` (as seconds). */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = QUANTITY.exec(text)
  if (parts !== null && !/^\d+[a-z]+\d/.test(text)) return { number: Number(parts[1]), unit: parts[2]! }
  const duration = /^\d/.test(text) ? parseDuration(text) : undefined
  return duration === undefined || text === '0' ? undefined : { number: duration / 1000, unit: 's' }
}
