import { describe, expect, it } from 'vitest'
import type { EntityJson, ValueJson } from '#api'
import { formats } from '../../web/lib/i18n/index.ts'
import { Entity } from '../../web/lib/live/entity.svelte.ts'
import { sparkPath } from '../../web/lib/components/panes/spark-path.ts'
import { roomValue, toRooms } from '../../web/lib/state/house.ts'
import { levelOf, wantedLevel } from '../../web/lib/state/kinds.ts'
import { read } from '../../web/lib/state/reading.ts'
import { findOutstanding } from '../../web/lib/state/standing-out.ts'

const NOW = Date.parse('2026-01-22T17:04:00Z')
const MINUTE = 60_000
const moment = (minutes: number) => formats.moment(NOW - minutes * MINUTE, NOW)
const ago = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString()

type Told = Partial<ValueJson> & { value: ValueJson['value'] }
interface Shape extends Omit<Partial<EntityJson>, 'values' | 'device' | 'area'> {
  device?: string
  area?: string
  values: Record<string, Told>
}

const ref = (name: string) => ({ id: name, slug: name.toLowerCase(), name })

function make(name: string, { device = name, area, values, ...more }: Shape): Entity {
  const told = ([key, value]: [string, Told]): [string, ValueJson] => [
    key,
    { at: ago(1), changedAt: ago(1), confirmed: true, every: null, ...value },
  ]
  return new Entity({
    id: `${area} ${name} ${device}`,
    slug: name,
    name,
    device: ref(device),
    area: area === undefined ? null : ref(area),
    component: 'sensor',
    deviceClass: Object.keys(values)[0] ?? null,
    category: null,
    commands: [],
    online: true,
    pending: null,
    trouble: null,
    version: 1,
    ...more,
    values: Object.fromEntries(Object.entries(values).map(told)),
  })
}
const light = (name: string, on: boolean | null, more: Partial<Shape> = {}) =>
  make(name, { component: 'light', deviceClass: null, area: 'Hall', values: { on: { value: on } }, ...more })
const door = (open: boolean, more: Told | Record<string, unknown> = {}, shape: Partial<Shape> = {}) =>
  make('Door', {
    component: 'binary_sensor',
    deviceClass: 'door',
    area: 'Hall',
    values: { open: { value: open, ...more } },
    ...shape,
  })
const namesOf = (entities: Entity[], order: string[] = []) =>
  toRooms(entities, order).map(({ name, tiles }) => [name, tiles.map(tile => tile.name)])

describe('rooms', () => {
  it('stand in their order, then by name, and last what is in no room', () => {
    const entities = ['Attic', 'Hall', 'Kitchen', undefined, 'Bath'].map(area =>
      make('x', { values: { humidity: { value: 1 } }, ...(area === undefined ? {} : { area }) }),
    )
    expect(namesOf(entities, ['Kitchen', 'Hall']).map(([name]) => name)).toEqual([
      'Kitchen',
      'Hall',
      'Attic',
      'Bath',
      '',
    ])
  })

  it('hold what is about the room, lights first, without what is about the device', () => {
    const area = 'Hall'
    const entities = [
      make('Temperature', { area, device: 'Climate', values: { temperature: { value: 1 } } }),
      make('Battery', { area, device: 'Climate', values: { battery: { value: 1 } } }),
      make('Uptime', { area, device: 'Climate', category: 'diagnostic', values: { duration: { value: 1 } } }),
      light('Ceiling', true),
    ]
    expect(namesOf(entities)).toEqual([['Hall', ['Ceiling', 'Climate']]])
  })

  it('name a thing so that it is told from its neighbours', () => {
    const sensor = (name: string, device: string) =>
      make(name, { area: 'Hall', device, values: { [name]: { value: 1 } }, deviceClass: name })
    expect(
      namesOf([
        sensor('temperature', 'North'),
        sensor('humidity', 'North'),
        sensor('temperature', 'South'),
        sensor('pressure', 'South'),
      ]),
    ).toEqual([['Hall', ['North temperature', 'South temperature', 'humidity', 'pressure']]])
  })

  it('show a plug and the power it measures as one', () => {
    const area = 'Hall'
    const device = 'Washer'
    const entities = [
      make('Switch', { area, device, component: 'switch', deviceClass: 'outlet', values: { on: { value: true } } }),
      make('Power', { area, device, values: { power: { value: 1840 } } }),
      make('Energy', { area, device, values: { energy: { value: 3 } } }),
    ]
    const [room] = toRooms(entities, [])
    expect(room?.tiles.map(({ name, power }) => [name, power?.name])).toEqual([['Washer', 'Power']])
  })

  it('tell the middle of their air, not of a fridge or of what is away', () => {
    const reading = (name: string, value: number, more: Partial<Shape> = {}) =>
      make(name, { area: 'Kitchen', values: { temperature: { value, unit: '°C' } }, ...more })
    const [room] = toRooms(
      [
        reading('Air', 21),
        reading('Air 2', 23),
        reading('Air 3', 22),
        reading('Fridge', 4),
        reading('Gone', 40, { online: false }),
      ],
      [],
    )
    expect(roomValue(room!.tiles, 'temperature')).toEqual({ value: 22, unit: '°C' })
    expect(roomValue(room!.tiles, 'humidity')).toBeNull()
  })
})

describe('how a thing stands', () => {
  const stale = { at: ago(47), every: 5 * MINUTE }
  it.each<[what: string, entity: Entity, lamp: string, word: string]>([
    ['a light', light('x', true), 'lit', 'On'],
    ['a dark light', light('x', false), 'off', 'Off'],
    ['one that the device does not know', light('x', null), 'ok', 'Not known'],
    ['one never heard', light('x', null, { values: { on: { value: null, at: null } } }), 'never', 'Never heard'],
    ['one away', light('x', true, { online: false }), 'offline', `Offline, last heard ${moment(1)}`],
    [
      'one from before the start',
      light('x', true, { values: { on: { value: true, at: ago(12), confirmed: false } } }),
      'late',
      '12 min old, from before Hob started',
    ],
    ['an open door', door(true, { changedAt: ago(25) }), 'open', 'Open for 25 min'],
    ['a door that opened now', door(true, { changedAt: ago(0) }), 'open', 'Open'],
    ['a closed door', door(false, { changedAt: ago(153) }), 'off', `Closed since ${moment(153)}`],
    ['a door closed for days', door(false, { changedAt: ago(9000) }), 'off', 'Closed'],
    [
      'a silent sensor',
      make('x', { values: { temperature: { value: 20, ...stale } } }),
      'late',
      '47 min old, usually every 5 min',
    ],
    [
      'a sensor on time',
      make('x', { values: { temperature: { value: 20, at: ago(14), every: 5 * MINUTE } } }),
      'ok',
      'Temperature',
    ],
    [
      'a door that only tells when it moves',
      door(false, { at: ago(47), every: null, changedAt: ago(47) }),
      'off',
      `Closed since ${moment(47)}`,
    ],
    [
      'a door that repeats itself',
      door(false, { ...stale, changedAt: ago(90) }),
      'late',
      '47 min old, usually every 5 min',
    ],
    [
      'water on the floor',
      make('x', {
        component: 'binary_sensor',
        deviceClass: 'moisture',
        values: { water_leak: { value: true, changedAt: ago(3) } },
      }),
      'fail',
      'Water for 3 min',
    ],
  ])('%s', (_what, entity, lamp, word) => {
    process.env['TZ'] = 'Europe/Berlin'
    expect(read(entity, NOW)).toMatchObject({ lamp, word })
  })

  it('a command outweighs all doubt', () => {
    const entity = light('x', true, { online: false })
    const trouble = { command: 'turn_off', values: {}, kind: 'silent', reason: '', isTold: true } as const
    entity.trouble = { ...trouble, isOwn: true }
    expect(read(entity, NOW).word).toBe('No answer, still on')
    entity.trouble = { ...trouble, isOwn: false }
    expect(read(entity, NOW).trust).toBe('offline')
    entity.ask = { command: 'turn_off', values: {}, id: null }
    expect(read(entity, NOW)).toMatchObject({ trust: 'pending', word: 'Turning off…' })
  })
})

describe('a level', () => {
  const dimmer = (on: boolean, brightness: number | null) =>
    light('x', on, {
      values: { on: { value: on }, brightness: { value: brightness } },
      commands: [{ name: 'turn_on', values: { brightness: {} } }],
    })
  it('is the light as it is', () => {
    expect([dimmer(true, 35), dimmer(false, 35), dimmer(true, null), dimmer(true, 0)].map(levelOf)).toEqual([
      35, 0, 100, 1,
    ])
  })

  it.each<[command: string, values: Record<string, number>, before: Entity, level: number]>([
    ['turn_on', { brightness: 20 }, dimmer(false, 35), 20],
    ['turn_on', {}, dimmer(false, 35), 35],
    ['turn_on', {}, light('x', false), 100],
    ['turn_off', {}, dimmer(true, 35), 0],
    ['toggle', {}, dimmer(true, 35), 0],
    ['toggle', {}, dimmer(false, 35), 35],
  ])('%s %j is on its way', (command, values, entity, level) => {
    entity.ask = { command, values, id: null }
    expect(wantedLevel(entity)).toBe(level)
  })
})

describe('what stands out', () => {
  it('is found, a device once', () => {
    const gone = [
      make('Temperature', { device: 'Climate', online: false, values: { temperature: { value: 1 } } }),
      make('Humidity', { device: 'Climate', online: false, values: { humidity: { value: 1 } } }),
    ]
    const half = [
      make('Left', { device: 'Two', online: false, values: { power: { value: 1 } } }),
      make('Right', { device: 'Two', values: { power: { value: 1 } } }),
    ]
    const found = findOutstanding([
      ...gone,
      ...half,
      light('On', true),
      light('Away', true, { online: false }),
      door(true),
      make('Window', { component: 'binary_sensor', deviceClass: 'window', values: { open: { value: true } } }),
      make('Low', { values: { battery: { value: 19 } } }),
      make('Full', { values: { battery: { value: 20 } } }),
    ])
    const counts = Object.fromEntries(Object.entries(found).map(([what, entities]) => [what, entities.length]))
    expect(counts).toEqual({ alarms: 0, silent: 0, lights: 1, windows: 1, doors: 1, offline: 2, batteries: 1 })
  })
})

describe('a course', () => {
  const box = { width: 100, height: 40 }
  it('runs from the first to the last point, the highest on top', () => {
    const path = sparkPath(
      [
        [0, 10],
        [50, 30],
        [100, 20],
      ],
      box,
    )
    expect(path?.line).toBe('M0.0 36.0L50.0 4.0L100.0 20.0')
    expect(path?.now).toBe('M100.0 20.0h.01')
  })

  it('that never moved is a line in the middle; one point is none', () => {
    expect(
      sparkPath(
        [
          [0, 5],
          [9, 5],
        ],
        box,
      )?.line,
    ).toBe('M0.0 20.0L100.0 20.0')
    expect(sparkPath([[0, 5]], box)).toBeNull()
  })
})
