import {
  floatText,
  Float,
  isNumber,
  isPyList,
  isPyMap,
  pyJson,
  pyRound,
  pyText,
  pyTruth,
  RenderFault,
  toNumber,
  UNDEFINED,
  type Py,
} from './python.ts'

/** Arguments of a filter or function: by place and by name. */
export interface Args {
  readonly at: readonly Py[]
  readonly named: ReadonlyMap<string, Py>
}

export type Filter = (input: Py, args: Args) => Py

/** Characters a template may make. */
export const MAX_OUTPUT = 65_536

function argument(args: Args, place: number, name: string): Py | undefined {
  return args.named.get(name) ?? args.at[place]
}

function fallback(args: Args, what: string, input: Py): Py {
  const other = argument(args, 0, 'default')
  if (other === undefined) throw new RenderFault(`${what} cannot read "${pyText(input).slice(0, 40)}"`)
  return other
}

function parseFloatText(text: string): number | undefined {
  const plain = text.trim().replace(/_/g, '')
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : undefined
}

const toFloat: Filter = (input, args) => {
  if (isNumber(input)) return new Float(toNumber(input))
  if (typeof input === 'boolean') return new Float(Number(input))
  const parsed = typeof input === 'string' ? parseFloatText(input) : undefined
  return parsed === undefined ? fallback(args, 'float', input) : new Float(parsed)
}

const toInt: Filter = (input, args) => {
  const base = argument(args, 1, 'base')
  if (typeof input === 'string' && base !== undefined && isNumber(base) && toNumber(base) !== 10) {
    const parsed = Number.parseInt(input.trim(), toNumber(base))
    return Number.isNaN(parsed) ? fallback(args, 'int', input) : parsed
  }
  if (isNumber(input)) return Math.trunc(toNumber(input))
  if (typeof input === 'boolean') return Number(input)
  const parsed = typeof input === 'string' ? parseFloatText(input) : undefined
  return parsed === undefined ? fallback(args, 'int', input) : Math.trunc(parsed)
}

function needNumber(input: Py, what: string): number {
  if (isNumber(input)) return toNumber(input)
  const parsed =
    typeof input === 'string' ? parseFloatText(input) : typeof input === 'boolean' ? Number(input) : undefined
  if (parsed === undefined) throw new RenderFault(`${what} needs a number`)
  return parsed
}

const round: Filter = (input, args) => {
  const digits = argument(args, 0, 'precision') ?? 0
  const method = argument(args, 1, 'method') ?? 'common'
  const places = isNumber(digits) ? toNumber(digits) : 0
  const rounded = pyRound(needNumber(input, 'round'), places, pyText(method))
  return places === 0 && method !== 'half' ? rounded : new Float(rounded)
}

function needList(input: Py, what: string): readonly Py[] {
  if (isPyList(input)) return input
  if (typeof input === 'string') return [...input]
  if (isPyMap(input)) return Object.keys(input)
  throw new RenderFault(`${what} needs a list`)
}

/** A text that is not too long. */
export function bounded(text: string): string {
  if (text.length > MAX_OUTPUT) throw new RenderFault(`the result is longer than ${MAX_OUTPUT} characters`)
  return text
}

function likeInputs(values: readonly Py[], of: (numbers: number[]) => number): Py {
  const result = of(values.map(value => needNumber(value, 'this')))
  return values.some(value => value instanceof Float) ? new Float(result) : result
}

const text =
  (of: (text: string) => string): Filter =>
  input =>
    of(pyText(input))

function replace(input: Py, args: Args): Py {
  const [whole, from, to] = [pyText(input), pyText(args.at[0] ?? UNDEFINED), pyText(args.at[1] ?? UNDEFINED)]
  const count = from === '' ? 0 : whole.split(from).length - 1
  if (whole.length + count * Math.max(0, to.length - from.length) > MAX_OUTPUT)
    throw new RenderFault('the result is too long')
  return from === '' ? whole : whole.replaceAll(from, () => to)
}

/** Seconds of a time that is written as ISO text or as seconds. */
function toTimestamp(input: Py): Py {
  if (isNumber(input)) return new Float(toNumber(input))
  const milliseconds = Date.parse(pyText(input))
  if (Number.isNaN(milliseconds)) throw new RenderFault(`as_timestamp cannot read "${pyText(input).slice(0, 40)}"`)
  return new Float(milliseconds / 1000)
}

/** The filters that firmware uses, by name. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['float', toFloat],
  ['int', toInt],
  ['round', round],
  ['abs', input => (input instanceof Float ? new Float(Math.abs(input.value)) : Math.abs(needNumber(input, 'abs')))],
  [
    'multiply',
    (input, args) => {
      const value = needNumber(input, 'multiply')
      const factor: Py = args.at[0] ?? UNDEFINED
      const result = value * needNumber(factor, 'multiply')
      return typeof input === 'number' && typeof factor === 'number' ? result : new Float(result)
    },
  ],
  [
    'default',
    (input, args) => {
      const isMissing = input === UNDEFINED || (pyTruth(argument(args, 1, 'boolean') ?? false) && !pyTruth(input))
      return isMissing ? (argument(args, 0, 'default_value') ?? '') : input
    },
  ],
  ['tojson', input => bounded(pyJson(input))],
  ['to_json', input => bounded(pyJson(input))],
  [
    'join',
    (input, args) =>
      bounded(
        needList(input, 'join')
          .map(pyText)
          .join(pyText(args.at[0] ?? '')),
      ),
  ],
  ['list', input => needList(input, 'list')],
  ['first', input => needList(input, 'first')[0] ?? UNDEFINED],
  ['last', input => needList(input, 'last').at(-1) ?? UNDEFINED],
  ['length', input => needList(input, 'length').length],
  ['count', input => needList(input, 'count').length],
  ['min', input => likeInputs(needList(input, 'min'), numbers => Math.min(...numbers))],
  ['max', input => likeInputs(needList(input, 'max'), numbers => Math.max(...numbers))],
  ['sum', input => likeInputs(needList(input, 'sum'), numbers => numbers.reduce((a, b) => a + b, 0))],
  ['string', text(each => each)],
  ['trim', text(each => each.trim())],
  ['lower', text(each => each.toLowerCase())],
  ['upper', text(each => each.toUpperCase())],
  ['capitalize', text(each => each.slice(0, 1).toUpperCase() + each.slice(1).toLowerCase())],
  [
    'title',
    text(each =>
      each
        .toLowerCase()
        .replace(/(^|[^\p{L}])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase()),
    ),
  ],
  ['replace', replace],
  [
    'truncate',
    (input, args) => pyText(input).slice(0, isNumber(args.at[0] ?? null) ? toNumber(args.at[0] as number) : 255),
  ],
  [
    'is_defined',
    input => {
      if (input === UNDEFINED) throw new RenderFault('a key is missing', { isMissing: true })
      return input
    },
  ],
  ['is_number', input => isNumber(input) || (typeof input === 'string' && parseFloatText(input) !== undefined)],
  ['timestamp_local', input => isoLocal(needNumber(input, 'timestamp_local'))],
  ['as_timestamp', toTimestamp],
  ['as_datetime', input => (isNumber(input) ? isoLocal(toNumber(input)) : pyText(input))],
])

// The hub keeps instants in UTC; what people see is converted at the screen.
export function isoLocal(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) throw new RenderFault(`${floatText(seconds)} is no time`)
  return date.toISOString().replace(/\.\d+Z$/, '+00:00')
}

/** What can be called by name; the first argument is a filter's input. */
export const callable: ReadonlySet<string> = new Set([
  'int',
  'float',
  'round',
  'is_number',
  'min',
  'max',
  'abs',
  'as_datetime',
  'as_timestamp',
  'now',
  'timestamp_local',
])
