// How Python and Jinja show, compare and round values: what firmware's templates were written against.

/** A number that is a float in Python, although it may have no fraction. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** What a missing key is: shows as nothing, is false, and fails in arithmetic. */
export const UNDEFINED: unique symbol = Symbol('undefined')

export interface PyMap {
  readonly [key: string]: Py
}

/** A value of a template. JSON numbers without a fraction are ints, as `number`; floats are `Float`. */
export type Py = null | boolean | number | Float | string | typeof UNDEFINED | readonly Py[] | PyMap

/** A message is dropped for this entity; the state stays as it is. */
export class RenderFault extends Error {
  override readonly name = 'RenderFault'
  /** A key is not there: usual where many entities share one topic. */
  readonly isMissing: boolean

  constructor(message: string, { isMissing = false } = {}) {
    super(message)
    this.isMissing = isMissing
  }
}

export function isNumber(value: Py): value is number | Float {
  return typeof value === 'number' || value instanceof Float
}

export function toNumber(value: number | Float): number {
  return typeof value === 'number' ? value : value.value
}

export function isPyList(value: Py): value is readonly Py[] {
  return Array.isArray(value)
}

export function isPyMap(value: Py): value is PyMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float)
}

/** `3.0`, `21.4`, `1e-05`: the shortest text, with a fraction and Python's exponents. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const text = String(value)
  return text.includes('.') || text.includes('e') ? text : `${text}.0`
}

/** `str(value)`. */
export function pyText(value: Py): string {
  if (value === UNDEFINED) return ''
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (value instanceof Float) return floatText(value.value)
  return pyRepresentation(value)
}

function pyRepresentation(value: Py): string {
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
    const inner = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
    return `${quote}${quote === "'" ? inner.replaceAll("'", "\\'") : inner}${quote}`
  }
  if (isPyList(value)) return `[${value.map(pyRepresentation).join(', ')}]`
  if (isPyMap(value))
    return `{${Object.entries(value)
      .map(([key, each]) => `${pyRepresentation(key)}: ${pyRepresentation(each)}`)
      .join(', ')}}`
  return pyText(value)
}

/** `json.dumps` without blanks, as `tojson` of Home Assistant. */
export function pyJson(value: Py): string {
  if (value === UNDEFINED) throw new RenderFault('an undefined value has no JSON')
  if (value instanceof Float) return floatText(value.value)
  if (isPyList(value)) return `[${value.map(pyJson).join(',')}]`
  if (isPyMap(value))
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}:${pyJson(each)}`)
      .join(',')}}`
  return JSON.stringify(value)
}

export function pyTruth(value: Py): boolean {
  if (value === UNDEFINED || value === null || value === false || value === '') return false
  if (isNumber(value)) return toNumber(value) !== 0
  if (isPyList(value)) return value.length > 0
  return isPyMap(value) ? Object.keys(value).length > 0 : true
}

/** `a == b`: a text never equals a number; True equals 1. */
export function pyEqual(a: Py, b: Py): boolean {
  if (a === b) return true
  const plain = (value: Py) =>
    typeof value === 'boolean' ? Number(value) : isNumber(value) ? toNumber(value) : undefined
  const [x, y] = [plain(a), plain(b)]
  if (x !== undefined || y !== undefined) return x === y
  if (isPyList(a) && isPyList(b)) return a.length === b.length && a.every((item, i) => pyEqual(item, b[i]!))
  if (!isPyMap(a) || !isPyMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && pyEqual(a[key]!, b[key]!))
}

/** Round half to even, on the exact binary value, as Python does. */
export function pyRound(value: number, digits: number, method: string): number {
  const factor = 10 ** digits
  if (method === 'floor') return Math.floor(value * factor) / factor
  if (method === 'ceil') return Math.ceil(value * factor) / factor
  if (method === 'half') return Math.round(value * 2) / 2
  if (digits > 0) return Number(value.toFixed(Math.min(digits, 100)))
  const scaled = value * factor
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
  return rounded / factor
}

/** JSON as a template sees it: numbers written with a point or exponent are floats. */
export function fromJsonText(text: string): Py | undefined {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value === 'number' && context?.source !== undefined && /[.eE]/.test(context.source))
      return new Float(value)
    return value
  }
  try {
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as Py
  } catch {
    return undefined
  }
}
