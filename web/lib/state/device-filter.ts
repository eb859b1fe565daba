import { findOutstanding, type Outstanding } from './standing-out.ts'
import { healthOf, lastSeen, type DeviceRow, type Health } from './devices.ts'

/** Milliseconds for which a device is new. */
const NEW_FOR = 7 * 24 * 60 * 60_000

/** What a list of devices can be narrowed to: what stands out on Home, under the same names, and two of its own. */
export type Show = Outstanding | 'stale' | 'new'
export const SHOWS: readonly Show[] = [
  'offline',
  'stale',
  'batteries',
  'silent',
  'alarms',
  'lights',
  'windows',
  'doors',
  'new',
]

export const SORTS = ['name', 'room', 'seen', 'health'] as const
export type Sort = (typeof SORTS)[number]

/** Of one list, as the address tells it. */
export interface DeviceFilter {
  readonly show: Show | null
  /** Slug of an area; `none` for what is in no room. */
  readonly area: string | null
  readonly text: string
  readonly sort: Sort
}

export function toFilter(query: URLSearchParams): DeviceFilter {
  return {
    show: SHOWS.find(each => each === query.get('show')) ?? null,
    area: query.get('area'),
    text: query.get('q') ?? '',
    sort: SORTS.find(each => each === query.get('sort')) ?? 'name',
  }
}

const WORST: readonly Health[] = ['offline', 'never', 'late', 'online']

/** The ids of the devices to which each filter applies. @param now milliseconds since 1970 */
export function findShown(rows: readonly DeviceRow[], now: number): Record<Show, ReadonlySet<string>> {
  const found = findOutstanding(rows.flatMap(({ entities }) => entities))
  const of = (what: Outstanding) => new Set(found[what].map(({ device }) => device.id))
  const where = (fits: (row: DeviceRow) => boolean) => new Set(rows.filter(fits).map(({ id }) => id))
  return {
    offline: of('offline'),
    stale: where(row => healthOf(row, now) === 'late'),
    batteries: of('batteries'),
    silent: of('silent'),
    alarms: of('alarms'),
    lights: of('lights'),
    windows: of('windows'),
    doors: of('doors'),
    new: where(({ facts }) => facts !== null && now - Date.parse(facts.adoptedAt) < NEW_FOR),
  }
}

const fold = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

function holds({ name, slug, area, facts }: DeviceRow, text: string): boolean {
  const said = [
    name,
    slug,
    area?.name,
    facts?.manufacturer,
    facts?.model,
    facts?.dialect,
    ...(facts?.identifiers ?? []),
  ]
  const all = fold(said.filter(Boolean).join(' '))
  return fold(text)
    .split(/\s+/)
    .every(word => all.includes(word))
}

/** The devices that fit, in the wanted order. @param shown from `findShown` */
export function filterDevices(
  rows: readonly DeviceRow[],
  filter: DeviceFilter,
  { shown, now }: { shown: Readonly<Record<Show, ReadonlySet<string>>>; now: number },
): DeviceRow[] {
  const { show, area, text, sort } = filter
  const fitting = rows.filter(
    row =>
      (show === null || shown[show].has(row.id)) &&
      (area === null || (row.area?.slug ?? 'none') === area) &&
      (text === '' || holds(row, text)),
  )
  switch (sort) {
    case 'name':
      return fitting
    case 'room':
      return fitting.toSorted((a, b) => (a.area?.name ?? '\uffff').localeCompare(b.area?.name ?? '\uffff'))
    case 'seen':
      return fitting.toSorted((a, b) => (lastSeen(b) ?? 0) - (lastSeen(a) ?? 0))
    case 'health':
      return fitting.toSorted((a, b) => WORST.indexOf(healthOf(a, now)) - WORST.indexOf(healthOf(b, now)))
  }
}
