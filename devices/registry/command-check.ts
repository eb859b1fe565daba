import { HobError } from '#kernel'
import type { CommandRequest } from '../model/command.ts'
import type { CommandSpec, Entity, Scalar, ValueSpec } from '../model/entity.ts'

const WORDS: Readonly<Record<ValueSpec['type'], string>> = {
  bool: 'true or false',
  number: 'a number',
  text: 'a text',
  enum: 'a text',
  list: 'a list',
}

function hasType(value: Scalar, type: ValueSpec['type']): boolean {
  if (type === 'bool') return typeof value === 'boolean'
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  return type === 'list' ? Array.isArray(value) : typeof value === 'string'
}

/** What is wrong with a value, for people; null when nothing. */
function problemOf(value: Scalar, spec: ValueSpec): string | null {
  if (!hasType(value, spec.type)) return `must be ${WORDS[spec.type]}`
  const unit = spec.unit === undefined ? '' : ` ${spec.unit}`
  if (typeof value === 'number') {
    if (spec.min !== undefined && value < spec.min) return `must be at least ${spec.min}${unit}`
    if (spec.max !== undefined && value > spec.max) return `must be at most ${spec.max}${unit}`
  }
  if (spec.options !== undefined && typeof value === 'string' && !spec.options.includes(value)) {
    const more = spec.options.length > 10 ? ', ...' : ''
    return `must be one of ${spec.options.slice(0, 10).join(', ')}${more}`
  }
  return null
}

function badValue(pointer: string, detail: string): HobError {
  return new HobError('devices.bad_value', detail, { pointer })
}

/**
 * Holds a request against what the entity takes.
 * @throws HobError `devices.unknown_command`, `devices.bad_value`, both with the fact `pointer`.
 */
export function checkCommand(entity: Entity, { command, values }: CommandRequest): CommandSpec {
  const spec = entity.commands.find(({ name }) => name === command)
  if (spec === undefined) {
    const choices = entity.commands.map(({ name }) => name)
    const takes = choices.length === 0 ? 'it can only be read' : `it takes ${choices.join(', ')}`
    throw new HobError('devices.unknown_command', `${entity.name} has no command "${command}": ${takes}`, {
      pointer: '/command',
      choices,
    })
  }
  const names = Object.keys(spec.parameters)
  for (const [name, value] of Object.entries(values)) {
    const pointer = `/values/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const parameter = Object.hasOwn(spec.parameters, name) ? spec.parameters[name]! : undefined
    if (parameter === undefined) {
      const takes = names.length === 0 ? 'takes no values' : `takes ${names.join(', ')}`
      throw badValue(pointer, `${command} of ${entity.name} has no value "${name}": it ${takes}`)
    }
    const problem = problemOf(value, parameter)
    if (problem !== null) throw badValue(pointer, `${name} of ${entity.name} ${problem}`)
  }
  const missing = names.find(name => spec.parameters[name]!.required === true && values[name] === undefined)
  if (missing !== undefined) throw badValue(`/values/${missing}`, `${command} of ${entity.name} needs "${missing}"`)
  if (command === 'set' && Object.keys(values).length === 0) {
    throw badValue('/values', `set of ${entity.name} needs at least one of ${names.join(', ')}`)
  }
  return spec
}
