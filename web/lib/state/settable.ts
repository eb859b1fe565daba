import type { ValueJson } from '#api'
import type { Entity } from '../live/entity.svelte.ts'

/** A value that a person can set, by the JSON schema of the command that sets it. */
export type Settable = { readonly name: string; readonly command: string; readonly unit: string } & (
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'color' }
  | { readonly kind: 'text' }
)

/** Parameters that shape how a command is done; they set no value. */
const MANNERS = new Set(['transition', 'brightness_step', 'on'])

interface Schema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly multipleOf?: number
  readonly enum?: readonly string[]
  readonly unit?: string
}

/** What can be set of an entity beside turning it on and off. Numbers without bounds cannot be slid and are left out. */
export function settablesOf({ facts: { commands } }: Pick<Entity, 'facts'>): Settable[] {
  const found = new Map<string, Settable>()
  for (const { name: command, values } of commands) {
    for (const [name, given] of Object.entries(values)) {
      const settable = MANNERS.has(name) ? null : toSettable({ name, command }, given as Schema)
      if (settable && !found.has(name)) found.set(name, settable)
    }
  }
  return [...found.values()]
}

function toSettable(what: { name: string; command: string }, schema: Schema): Settable | null {
  const base = { ...what, unit: schema.unit ?? '' }
  if (schema.enum) return { ...base, kind: 'choice', options: schema.enum }
  if (schema.type === 'number' && schema.minimum !== undefined && schema.maximum !== undefined) {
    const { minimum: min, maximum: max } = schema
    return { ...base, kind: 'number', min, max, step: schema.multipleOf ?? (max - min > 2000 ? 50 : 1) }
  }
  if (schema.type !== 'string') return null
  return what.name === 'color' ? { ...base, kind: 'color' } : { ...base, kind: 'text' }
}

/** Commands that need nothing said with them, beside turning on and off. */
export function plainCommandsOf({ facts: { commands } }: Pick<Entity, 'facts'>): string[] {
  const known = new Set(['turn_on', 'turn_off', 'toggle'])
  return commands.flatMap(({ name, values }) => (!known.has(name) && Object.keys(values).length === 0 ? name : []))
}

/** What stands in a field for a value that is there. */
export const textOf = (value: ValueJson['value'] | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
