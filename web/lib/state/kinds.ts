import type { Entity, Value } from '../live/entity.svelte.ts'

/** What a binary sensor's value tells, by its canonical name: which way true is, and how it looks. */
export type Sense = 'open' | 'body' | 'alarm' | 'plain'

const SENSES: Readonly<Record<string, Sense>> = {
  open: 'open',
  unlocked: 'open',
  motion: 'body',
  occupancy: 'body',
  presence: 'body',
  moving: 'body',
  vibration: 'body',
  sound: 'body',
  water_leak: 'alarm',
  smoke: 'alarm',
  gas: 'alarm',
  carbon_monoxide: 'alarm',
  unsafe: 'alarm',
  tamper: 'alarm',
  problem: 'alarm',
  battery_low: 'alarm',
}

export const senseOf = (value: string): Sense => SENSES[value] ?? 'plain'

/** The name of the value that an entity is about: `on` for a light, `temperature` for a thermometer. */
export function mainValueName(entity: Entity): string | undefined {
  const names = Object.keys(entity.values)
  return names.includes('on') ? 'on' : names[0]
}

export function mainValue(entity: Entity): Value | undefined {
  const name = mainValueName(entity)
  return name === undefined ? undefined : entity.values[name]
}

/** Whether a light or a switch is on. Null while it is not known. */
export function isOn(entity: Entity): boolean | null {
  const value = entity.values['on']?.value
  return typeof value === 'boolean' ? value : null
}

/** Whether a light can be dimmed. */
export function isDimmable(entity: Entity): boolean {
  return (
    entity.values['brightness'] !== undefined &&
    entity.facts.commands.some(({ name, values }) => name === 'turn_on' && 'brightness' in values)
  )
}

/** How much light, 0 to 100. */
export function levelOf(entity: Entity): number {
  if (isOn(entity) !== true) return 0
  const level = entity.values['brightness']?.value
  return typeof level === 'number' ? Math.max(1, level) : 100
}

/** The level that is asked and not confirmed; null when nothing is. */
export function wantedLevel(entity: Entity): number | null {
  const { ask, pending } = entity
  const command = ask?.command ?? pending?.command
  if (command === undefined) return null
  if (command === 'turn_off' || (command === 'toggle' && isOn(entity) === true)) return 0
  const asked = ask?.values['brightness']
  if (typeof asked === 'number') return asked
  const before = entity.values['brightness']?.value
  return isDimmable(entity) && typeof before === 'number' && before > 0 ? before : 100
}
