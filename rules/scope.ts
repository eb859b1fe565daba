import {
  ANY,
  BOOL,
  TEXT,
  UNKNOWN,
  type Environment,
  type ExpressionFault,
  type ResolvedName,
  type Result,
  type Type,
} from '#expression'
import type { Value, ValueSpec } from '#devices'
import { resolveValue } from './names.ts'
import type { Catalogue } from './world.ts'

/** What captures, `let` and the trigger give to the expressions of a rule; set anew for each run. */
export interface Frame {
  values: Record<string, Result>
}

/** A name that a rule itself gives, with its type. */
export type Locals = ReadonlyMap<string, Type>

/** The type of a value by its spec. */
export function typeOf({ type, unit, min, max, options }: ValueSpec): Type {
  switch (type) {
    case 'bool':
      return BOOL
    case 'number':
      return { kind: 'number', unit, min, max }
    case 'text':
      return TEXT
    case 'enum':
      return { kind: 'enum', options: options ?? [] }
    case 'list':
      return { kind: 'list', of: ANY }
  }
}

const current = ({ value }: Value): Result => (value === null ? UNKNOWN : (value as Result))

/**
 * What names mean in the expressions of a rule: what the rule gives, then the house. Without a catalogue every name of
 * the house could be anything.
 * @param onValue hears of each value that an expression reads, by the name it is read by.
 * @param onLocal hears of each name that the rule itself gives.
 */
export function createScope(options: {
  catalogue: Catalogue | null
  locals: Locals
  frame: Frame
  onValue?: (name: string, value: Value) => void
  onLocal?: (name: string) => void
}): Environment {
  const { catalogue, locals, frame, onValue, onLocal } = options
  return {
    name(path) {
      const [first] = path
      const name = first!.name
      const local = locals.get(name)
      if (local !== undefined) {
        onLocal?.(name)
        return { parts: 1, type: local, read: () => frame.values[name] ?? (name in frame.values ? null : UNKNOWN) }
      }
      if (catalogue === null) return { parts: path.length, type: ANY, read: () => UNKNOWN }
      return houseName(path, catalogue, onValue)
    },
  }
}

function houseName(
  path: Parameters<Environment['name']>[0],
  catalogue: Catalogue,
  onValue: ((name: string, value: Value) => void) | undefined,
): ResolvedName | ExpressionFault {
  const written = path.map(part => part.name).join('.')
  const found = resolveValue(written, catalogue)
  if (found.kind === 'problem') {
    const start = path[0]!.span.start
    return {
      span: { start: start + found.start, end: start + found.end },
      id: found.id,
      message: found.message,
      suggestion: found.suggestion,
    }
  }
  if (found.kind === 'value') {
    const { value } = found
    onValue?.(written, value)
    return { parts: path.length, type: typeOf(value.spec), read: () => current(value) }
  }
  const values = found.items.map(item => item.value)
  for (const { value, entity } of found.items) onValue?.(`${entity.slug}.${value.name}`, value)
  const [first] = values
  return {
    parts: path.length,
    type: { kind: 'list', of: first === undefined ? ANY : typeOf(first.spec) },
    read: () => values.map(current),
  }
}

const MAP: Type = { kind: 'map' }
const OF_MESSAGE: readonly (readonly [name: string, type: Type])[] = [
  ['payload', ANY],
  ['topic', TEXT],
  ['msg', MAP],
]

/** Names that triggers give, whatever they are. */
export const triggerNames: readonly string[] = ['trigger', ...OF_MESSAGE.map(([name]) => name)]

/** The names that a rule gives to its expressions by its triggers and its `let`. */
export function triggerLocals(
  triggers: readonly { readonly kind: string; readonly captures?: readonly string[] }[],
): Map<string, Type> {
  const locals = new Map<string, Type>([['trigger', MAP]])
  for (const trigger of triggers) {
    if (trigger.kind !== 'topic') continue
    for (const name of trigger.captures ?? []) locals.set(name, TEXT)
    for (const [name, type] of OF_MESSAGE) locals.set(name, type)
  }
  return locals
}
