import type { HealthJson, HistorySpaceJson, WriteReportJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { NOW } from './view.ts'

type Reading = HealthJson['readings'][number]

const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()

const below = (warning: number, bad: number) => ({ good: 'below', warning, bad }) as const
const above = (warning: number, bad: number) => ({ good: 'above', warning, bad }) as const

const READINGS: readonly Reading[] = [
  { key: 'loop_delay', value: 3, unit: 'ms', limit: below(50, 250), state: 'good' },
  { key: 'commit_time', value: 1_430, unit: 'ms', limit: below(1_000, 5_000), state: 'warning' },
  { key: 'commit_queue', value: 12, unit: null, limit: below(5_000, 50_000), state: 'good' },
  { key: 'client_queue', value: 4, unit: '%', limit: below(80, 100), state: 'good' },
  { key: 'memory', value: 131_000_000, unit: 'B', limit: below(400e6, 480e6), state: 'good' },
  { key: 'written', value: 41_200_000, unit: 'B/d', limit: below(1.5e9, 4.4e9), state: 'good' },
  { key: 'disk_free', value: 162_000_000, unit: 'B', limit: above(1e9, 2e8), state: 'bad' },
  { key: 'full_in', value: 5, unit: 'd', limit: above(30, 7), state: 'bad' },
  { key: 'clock', value: 'synchronised', unit: null, limit: null, state: 'good' },
  { key: 'temperature', value: 61.4, unit: '°C', limit: below(80, 85), state: 'good' },
  { key: 'power', value: null, unit: null, limit: null, state: 'unknown' },
]

/** A hub on a card that is nearly full. */
export const ILL: HealthJson = {
  at: ago(0),
  state: 'bad',
  readings: [...READINGS],
  problems: [
    {
      code: 'disk_free',
      state: 'bad',
      what: 'The disk has 162 MB left',
      where: '/var/lib/hob',
      repair: 'Remove files from it, or keep history for fewer days. When it is full, nothing can be changed any more.',
      link: '/settings/health#space',
      since: ago(34),
    },
    {
      code: 'commit_time',
      state: 'warning',
      what: 'The disk is slow: a write took 1.4 s',
      where: '/var/lib/hob',
      repair: 'Move the data folder to a better card or an SSD.',
      link: null,
      since: ago(2_000),
    },
    {
      code: 'devices',
      state: 'warning',
      what: '2 devices do not answer',
      where: 'Leak sensor, Balcony light',
      repair: 'See whether they have power and reach the network; change the battery of those that have one.',
      link: '/devices?show=offline',
      since: ago(200),
    },
  ],
}

export const WELL: HealthJson = {
  at: ago(0),
  state: 'good',
  readings: READINGS.map(each => ({ ...each, state: 'good' as const })),
  problems: [],
}

export const WRITES: WriteReportJson = {
  since: ago(1_500),
  perDay: 41_200_000,
  cardYears: 106.4,
  writers: [
    { kind: 'entity', entity: 'living_room_lamp', value: 'brightness', perDay: 14_000_000, share: 0.34 },
    { kind: 'house', entity: null, value: null, perDay: 12_400_000, share: 0.3 },
    { kind: 'runs', entity: null, value: null, perDay: 6_200_000, share: 0.15 },
    { kind: 'entity', entity: 'gone', value: 'power', perDay: 4_100_000, share: 0.1 },
    ...Array.from({ length: 6 }, (_, index) => {
      return { kind: 'entity' as const, entity: `gone${index}`, value: 'power', perDay: 750_000, share: 0.018 }
    }),
  ],
}

export const SPACE: HistorySpaceJson = {
  used: 810_000_000,
  free: 2_000_000,
  disk: 162_000_000,
  perDay: 31_000_000,
  fullIn: 5,
  entities: Array.from({ length: 9 }, (_, index) => {
    return { entity: `e${index}`, bytes: 300_000_000 / (index + 1), changes: 900_000, since: ago(129_600) }
  }),
}

/** A hub that says how it is. */
export function serveHealth(hub: FakeHub, health: HealthJson = ILL): void {
  const answer = (body: unknown) => () => ({ status: 200, body })
  const [first, second] = hub.entities
  const entities = SPACE.entities.map((each, i) => ({ ...each, entity: [first, second][i]?.id ?? each.entity }))
  const writers = WRITES.writers.map((each, i) => (i === 0 ? { ...each, entity: first?.id ?? null } : each))
  hub.on('GET /system/health', answer(health))
  hub.on('GET /system/writes', answer({ ...WRITES, writers }))
  hub.on('GET /history/space', answer({ ...SPACE, entities }))
}
