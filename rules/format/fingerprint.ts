import type { Rule } from './rule.ts'
import type { SourceText } from './source-text.ts'

/** Where a part stands and how it was parsed follow from its text. */
const DERIVED: ReadonlySet<string> = new Set(['place', 'ast', 'parts', 'fingerprint'])

/** A text that is equal for two rules if they say the same, wherever they stand. */
export function fingerprintOf(rule: Omit<Rule, 'fingerprint'>): string {
  return JSON.stringify(rule, (key, value: unknown) => {
    if (DERIVED.has(key)) return undefined
    if (key === 'source') return (value as SourceText).text
    return value === Infinity ? 'always' : value
  })
}
