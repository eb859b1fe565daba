import type { AreaJson, EntityJson, PointsJson, ValueJson } from '#api'
import { NOW } from './view.ts'

const MINUTE = 60_000
const ago = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString()

export const area = (slug: string, name: string): AreaJson => ({ id: `area-${slug}`, slug, name, version: 1 })

interface Shape {
  readonly component: string
  readonly value: string
  readonly to: ValueJson['value']
  readonly unit?: string
  readonly deviceClass?: string
  /** Minutes since the last report, and since the last change. */
  readonly heard?: number | null
  readonly changed?: number
  /** Usual minutes between reports. */
  readonly every?: number
  readonly device?: string
  readonly more?: Partial<EntityJson>
}

const NUMBER = { brightness: { type: 'number', minimum: 0, maximum: 100, unit: '%' } }

function commandsOf(component: string, isDimmable: boolean): EntityJson['commands'] {
  if (component !== 'light' && component !== 'switch') return []
  return [
    { name: 'turn_on', values: isDimmable ? NUMBER : {} },
    { name: 'turn_off', values: {} },
  ]
}

/** An entity in the contract's shape; its id is its slug. */
export function entity(where: AreaJson | null, name: string, shape: Shape): EntityJson {
  const { component, value, to, unit, deviceClass = null, every, more = {} } = shape
  const slug = `${where?.slug ?? 'none'}_${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 60)
  const device = shape.device ?? name
  const heard = shape.heard === undefined ? 1 : shape.heard
  const told = (given: ValueJson['value'], itsUnit?: string): ValueJson => ({
    value: given,
    ...(itsUnit === undefined ? {} : { unit: itsUnit }),
    at: heard === null ? null : ago(heard),
    confirmed: true,
    changedAt: heard === null ? null : ago(shape.changed ?? heard),
    every: every === undefined ? null : every * MINUTE,
  })
  const level = more.values?.['brightness']
  return {
    id: slug,
    slug,
    name,
    device: { id: `device-${device}`, slug: device.toLowerCase().replaceAll(/\W/g, '_'), name: device },
    area: where && { id: where.id, slug: where.slug, name: where.name },
    component,
    deviceClass,
    category: null,
    commands: commandsOf(component, level !== undefined),
    online: true,
    pending: null,
    trouble: null,
    version: 1,
    ...more,
    values: { [value]: told(to, unit), ...(level ? { brightness: { ...told(level.value, '%') } } : {}) },
  }
}

const bright = (value: number): Partial<EntityJson> => ({
  values: { brightness: { value, unit: '%', at: null, confirmed: true, changedAt: null, every: null } },
})
export const lamp = (where: AreaJson | null, name: string, level: number | null, more: Partial<EntityJson> = {}) =>
  entity(where, name, {
    component: 'light',
    value: 'on',
    to: level !== null && level > 0,
    more: { ...more, ...(level === null ? {} : bright(level || 80)) },
  })
export const plug = (where: AreaJson | null, name: string, on: boolean, more: Partial<EntityJson> = {}) =>
  entity(where, name, { component: 'switch', value: 'on', to: on, deviceClass: 'outlet', more })
export const sensor = (
  where: AreaJson | null,
  name: string,
  reading: { is: string; to: ValueJson['value']; unit?: string } & Partial<Shape>,
) => entity(where, name, { component: 'sensor', deviceClass: reading.is, value: reading.is, ...reading })
export const contact = (
  where: AreaJson | null,
  name: string,
  state: { is: string; value: string; to: boolean } & Partial<Shape>,
) => entity(where, name, { component: 'binary_sensor', deviceClass: state.is, ...state })

const living = area('living_room', 'Living room')
const kitchen = area('kitchen', 'Kitchen')
const hall = area('hall', 'Hall')
const bedroom = area('bedroom', 'Bedroom')
const bathroom = area('bathroom', 'Bathroom')
const garden = area('garden', 'Garden')

export const AREAS = [living, kitchen, hall, bedroom, bathroom, garden]

/** A lived-in house: most things well, one of each doubt. */
export const HOUSE: readonly EntityJson[] = [
  lamp(living, 'Sofa lamp', 35),
  { ...lamp(living, 'Ceiling', null), values: { on: { ...lamp(living, 'x', 0).values['on']!, value: false } } },
  lamp(living, 'Shelf', 100),
  lamp(living, 'Window lamp', 0),
  plug(living, 'Television', true),
  sensor(living, 'Temperature', { is: 'temperature', to: 21.43, unit: '°C', every: 5, device: 'Living room climate' }),
  sensor(living, 'Humidity', { is: 'humidity', to: 46, unit: '%', every: 5, device: 'Living room climate' }),
  contact(living, 'Balcony door', { is: 'door', value: 'open', to: false, heard: 12, changed: 153 }),
  { ...lamp(kitchen, 'Island', 0), pending: { command: 'turn_on', since: ago(0) } },
  lamp(kitchen, 'Counter', 80),
  plug(kitchen, 'Kettle', false),
  plug(kitchen, 'Dishwasher', true),
  sensor(kitchen, 'Power', { is: 'power', to: 1840.4, unit: 'W', every: 1, device: 'Dishwasher' }),
  sensor(kitchen, 'Energy', { is: 'energy', to: 412.8, unit: 'kWh', every: 1, device: 'Dishwasher' }),
  sensor(kitchen, 'Air', { is: 'carbon_dioxide', to: 742, unit: 'ppm', every: 5 }),
  sensor(kitchen, 'Temperature', { is: 'temperature', to: 22, unit: '°C', every: 5, device: 'Kitchen climate' }),
  sensor(kitchen, 'Humidity', { is: 'humidity', to: 51, unit: '%', every: 5, device: 'Kitchen climate' }),
  contact(kitchen, 'Garden door', { is: 'door', value: 'open', to: false, changed: 154 }),
  contact(kitchen, 'Sink', { is: 'moisture', value: 'water_leak', to: false, changed: 9000 }),
  lamp(hall, 'Ceiling', 60),
  contact(hall, 'Motion', { is: 'motion', value: 'motion', to: true, changed: 2 }),
  contact(hall, 'Front door', { is: 'door', value: 'open', to: false, changed: 520 }),
  sensor(hall, 'Daylight', { is: 'illuminance', to: 31, unit: 'lx', every: 5 }),
  sensor(hall, 'Battery', { is: 'battery', to: 12, unit: '%', device: 'Motion' }),
  contact(bedroom, 'Window', { is: 'window', value: 'open', to: true, changed: 25 }),
  lamp(bedroom, 'Reading lamp', 40, { online: false }),
  lamp(bedroom, 'Bedside left', 0),
  lamp(bedroom, 'Bedside right', 0),
  sensor(bedroom, 'Temperature', { is: 'temperature', to: 17.6, unit: '°C', every: 5, device: 'Bedroom climate' }),
  entity(bedroom, 'Wake-up sensor', { component: 'sensor', value: 'value', to: null, heard: null }),
  lamp(bathroom, 'Mirror', 100),
  sensor(bathroom, 'Humidity', { is: 'humidity', to: 63, unit: '%', heard: 47, every: 5 }),
  plug(bathroom, 'Fan', false),
  sensor(garden, 'Weather', { is: 'temperature', to: 3.2, unit: '°C', every: 5 }),
]

/** A day of believable points for each number. */
export const pointsOf = (entities: readonly EntityJson[]): PointsJson[] =>
  entities.flatMap(({ id, values }, seed) =>
    Object.entries(values)
      .filter(([, { value }]) => typeof value === 'number')
      .map(([value, { value: now }]) => ({
        entity: id,
        value,
        points: Array.from({ length: 120 }, (_, index): [number, number] => [
          NOW - (120 - index) * 12 * MINUTE,
          Number(now) * (1 + 0.12 * Math.sin(index / 14 + seed) ** 3 + 0.01 * Math.sin(index * 1.3)),
        ]),
      })),
  )

export const POINTS: readonly PointsJson[] = pointsOf(HOUSE)

/** Everything that may be doubtful, or new, in one room. */
export const DOUBTS: readonly EntityJson[] = [
  plug(bathroom, 'Fan', false),
  plug(bathroom, 'Heater', true, { online: false }),
  plug(bathroom, 'Towel rail', false, {
    trouble: { command: 'turn_on', values: {}, state: 'expired', reason: 'no answer', at: ago(1) },
  }),
  lamp(bathroom, 'Mirror', 60, { pending: { command: 'turn_off', since: ago(0) } }),
  entity(bathroom, 'Niche', { component: 'light', value: 'on', to: null, heard: null }),
  entity(bathroom, 'Shower', { component: 'light', value: 'on', to: true, heard: 47, changed: 90, every: 5 }),
  restored(entity(bathroom, 'Cabinet', { component: 'light', value: 'on', to: true, heard: 12 })),
  sensor(bathroom, 'Humidity', { is: 'humidity', to: 63, unit: '%', heard: 47, every: 5 }),
  sensor(bathroom, 'Boiler', { is: 'temperature', to: 58, unit: '°C', more: { online: false } }),
  sensor(bathroom, 'Scale', { is: 'weight', to: null, unit: 'kg' }),
  sensor(bathroom, 'Programme', { is: 'enum', to: 'Cotton 60, spin 1400' }),
  contact(bathroom, 'Floor', { is: 'moisture', value: 'water_leak', to: true, changed: 3 }),
  contact(bathroom, 'Window', { is: 'window', value: 'open', to: true, heard: 300, changed: 400, every: 60 }),
  contact(bathroom, 'Smoke', { is: 'smoke', value: 'smoke', to: false, changed: 90_000 }),
  contact(bathroom, 'Presence', { is: 'occupancy', value: 'occupancy', to: false, changed: 7 }),
]

function restored(json: EntityJson): EntityJson {
  const values = Object.entries(json.values).map(([name, value]) => [name, { ...value, confirmed: false }] as const)
  return { ...json, values: Object.fromEntries(values) }
}
