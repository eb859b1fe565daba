import type { EntityJson, ValueJson } from '#api'
import { at } from './rule-files.ts'

const value = (to: ValueJson['value'], unit?: string): ValueJson => ({
  value: to,
  ...(unit === undefined ? {} : { unit }),
  at: at(-1),
  confirmed: true,
  changedAt: at(-1),
  every: 60_000,
})
const hall = { id: 'area-hall', slug: 'hall', name: 'Hall' }

function entity(slug: string, name: string, component: string, values: EntityJson['values']): EntityJson {
  return {
    id: slug,
    slug,
    name,
    device: { id: `device-${slug}`, slug, name },
    area: hall,
    component,
    deviceClass: null,
    category: null,
    values,
    commands:
      component === 'light'
        ? ['turn_on', 'turn_off', 'toggle', 'set'].map(command => ({ name: command, values: {} }))
        : [],
    online: true,
    pending: null,
    trouble: null,
    version: 1,
  }
}

/** The things that the rules of the tests speak of. */
export const HALL_HOUSE: readonly EntityJson[] = [
  entity('motion', 'Motion', 'binary_sensor', { motion: value(true) }),
  entity('daylight', 'Daylight', 'sensor', { illuminance: value(31, 'lx') }),
  entity('hall_ceiling', 'Ceiling', 'light', { on: value(true), brightness: value(60, '%') }),
  entity('front_door', 'Front door', 'binary_sensor', { open: value(false) }),
  entity('outside', 'Outside', 'sensor', { temperature: value(3.2, '°C') }),
  ...['Sofa lamp', 'Shelf', 'Window lamp', 'Counter'].map(name =>
    entity(name.toLowerCase().replace(' ', '_'), name, 'light', { on: value(false), brightness: value(0, '%') }),
  ),
]
