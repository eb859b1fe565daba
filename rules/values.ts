import type { CommandSpec, Entity, Scalar, ValueSpec } from '#devices'
import { didYouMean, type Suggestion } from '#expression'
import type { Quantity } from './format/rule.ts'
import { convert } from './units.ts'

/** What is wrong with a value for a spec. */
export interface Misfit {
  readonly id: 'type-mismatch' | 'unit-mismatch' | 'out-of-range' | 'unknown-enum-value'
  readonly message: string
  readonly suggestion: Suggestion
}

export type Fit = { readonly value: Scalar } | { readonly misfit: Misfit }

const KINDS: Readonly<Record<ValueSpec['type'], string>> = {
  bool: 'true or false',
  number: 'a number',
  text: 'a text',
  enum: 'one of its words',
  list: 'a list',
}

const withUnit = (number: number, unit: string | undefined) =>
  unit === undefined ? String(number) : `${number}${unit === '%' ? '' : ' '}${unit}`

/** `0% to 100%`, `at least 5 °C`, or undefined when it has no bounds. */
export function showRange({ min, max, unit }: ValueSpec): string | undefined {
  if (min !== undefined && max !== undefined) return `${withUnit(min, unit)} to ${withUnit(max, unit)}`
  if (min !== undefined) return `at least ${withUnit(min, unit)}`
  return max === undefined ? undefined : `at most ${withUnit(max, unit)}`
}

function shown(given: unknown): string {
  if (Array.isArray(given)) return 'a list'
  if (typeof given === 'object' && given !== null) return 'a map'
  return typeof given === 'string' ? `"${given.slice(0, 40)}"` : String(given)
}

function misfit(id: Misfit['id'], message: string, suggestion: Suggestion = null): Fit {
  return { misfit: { id, message, suggestion } }
}

function fitNumber(number: number, spec: ValueSpec): Fit {
  const { min = -Infinity, max = Infinity, unit } = spec
  if (number >= min && number <= max) return { value: number }
  return misfit('out-of-range', `takes ${showRange(spec)}, not ${withUnit(number, unit)}`)
}

function fitText(text: string, spec: ValueSpec): Fit {
  const { options } = spec
  if (spec.type === 'text' || (spec.type === 'enum' && (options === undefined || options.includes(text))))
    return { value: text }
  if (spec.type === 'enum' && options !== undefined) {
    const list = options.length <= 12 ? `it takes ${options.join(', ')}` : null
    return misfit('unknown-enum-value', `does not take ${shown(text)}`, didYouMean(text, options) ?? list)
  }
  const isNumber = spec.type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))
  const meant = { on: 'true', off: 'false', true: 'true', false: 'false', yes: 'true', no: 'false' }[text.toLowerCase()]
  const bool = spec.type === 'bool' && meant !== undefined ? `write ${meant}` : null
  return misfit(
    'type-mismatch',
    `takes ${KINDS[spec.type]}, not ${shown(text)}`,
    isNumber ? 'write it without quotes' : bool,
  )
}

/** Whether a value can be given where `spec` is asked; null means unknown and fits nowhere. */
export function fitValue(given: unknown, spec: ValueSpec): Fit {
  if (typeof given === 'number' && spec.type === 'number') {
    return Number.isFinite(given) ? fitNumber(given, spec) : misfit('type-mismatch', 'takes a finite number')
  }
  if (typeof given === 'boolean' && spec.type === 'bool') return { value: given }
  if (typeof given === 'string') return fitText(given, spec)
  if (Array.isArray(given) && spec.type === 'list') return { value: given as Scalar }
  const quote = spec.type === 'text' || spec.type === 'enum' ? 'put it in quotes' : null
  return misfit(
    'type-mismatch',
    `takes ${KINDS[spec.type]}, not ${shown(given)}`,
    typeof given === 'number' ? quote : null,
  )
}

/** A number with a unit, converted to the unit of `spec`; where text is asked, as it was written. */
export function fitQuantity({ number, unit }: Quantity, text: string, spec: ValueSpec): Fit {
  if (spec.type !== 'number') return fitValue(text, spec)
  if (spec.unit === undefined) {
    return misfit('unit-mismatch', `takes a number without a unit, not "${text}"`, {
      text: `write ${number}`,
      replacements: [String(number)],
    })
  }
  const converted = convert(number, unit, spec.unit)
  if (converted === undefined) return misfit('unit-mismatch', `is in ${spec.unit}, not in ${unit}`)
  return fitNumber(converted, spec)
}

/** What a step may give to an entity: the parameters of the command it becomes. */
export function parametersOf(entity: Entity, verb: string): CommandSpec['parameters'] {
  const own = entity.commands.find(({ name }) => name === verb)
  if (own !== undefined) return own.parameters
  if (verb !== 'set') return {}
  const on: ValueSpec | undefined = entity.values.get('on')?.spec
  const all = Object.assign({}, ...entity.commands.map(({ parameters }) => parameters)) as CommandSpec['parameters']
  return on === undefined || entity.commands.every(({ name }) => name !== 'turn_on') ? all : { on, ...all }
}
