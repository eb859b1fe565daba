/** The words behind `is`. */
export const testNames: readonly string[] = [
  'known',
  'unknown',
  'defined',
  'undefined',
  'none',
  'number',
  'text',
  'list',
  'map',
]

/** Tests that ask whether there is a value at all. */
export function isKnownTest(name: string): boolean {
  return name === 'known' || name === 'unknown' || name === 'defined' || name === 'undefined'
}
