/** The static type of an expression, as far as it can be told before it runs. */
export type Type =
  | { readonly kind: 'bool' }
  | {
      readonly kind: 'number'
      readonly unit?: string | undefined
      readonly min?: number | undefined
      readonly max?: number | undefined
    }
  | { readonly kind: 'text' }
  | { readonly kind: 'enum'; readonly options: readonly string[] }
  | { readonly kind: 'time' }
  | { readonly kind: 'date' }
  | { readonly kind: 'instant' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'map' }
  | { readonly kind: 'range'; readonly of: Type }
  | { readonly kind: 'device' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'none' }
  /** Known only when it runs: payloads, answers. */
  | { readonly kind: 'any' }

export const BOOL: Type = { kind: 'bool' }
export const NUMBER: Type = { kind: 'number' }
export const TEXT: Type = { kind: 'text' }
export const TIME: Type = { kind: 'time' }
export const DATE: Type = { kind: 'date' }
export const INSTANT: Type = { kind: 'instant' }
export const DURATION: Type = { kind: 'duration' }
export const ANY: Type = { kind: 'any' }
export const NONE: Type = { kind: 'none' }
export const MAP: Type = { kind: 'map' }

const WORDS: Readonly<Record<Type['kind'], string>> = {
  bool: 'true or false',
  number: 'a number',
  text: 'a text',
  enum: 'a text',
  time: 'a time of day',
  date: 'a date',
  instant: 'a point in time',
  duration: 'a duration',
  list: 'a list',
  map: 'a map',
  range: 'a range',
  device: 'a device',
  binary: 'binary data',
  none: 'none',
  any: 'anything',
}

/** A type in the words of a message. */
export function typeText(type: Type): string {
  return WORDS[type.kind]
}

/** Whether values of two types can be equal; `any` and `none` fit everything. */
export function comparable(a: Type, b: Type): boolean {
  if (a.kind === 'any' || b.kind === 'any' || a.kind === 'none' || b.kind === 'none') return true
  const plain = (type: Type) => (type.kind === 'enum' ? 'text' : type.kind)
  return plain(a) === plain(b)
}

/** One type for two branches. */
export function join(a: Type, b: Type): Type {
  if (a.kind === 'none') return b
  if (b.kind === 'none') return a
  if (a.kind === 'number' && b.kind === 'number') return a.unit === b.unit ? { kind: 'number', unit: a.unit } : NUMBER
  if (a.kind === 'enum' && b.kind === 'enum')
    return { kind: 'enum', options: [...new Set([...a.options, ...b.options])] }
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: join(a.of, b.of) }
  if (comparable(a, b) && a.kind !== 'any' && b.kind !== 'any') return a.kind === 'enum' ? TEXT : a
  return ANY
}
