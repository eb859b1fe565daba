import type { ActivityJson, EntityJson, HistoryJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { NOW } from './view.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** When nothing is known of the past that `tellPast` tells. */
export const SILENT = { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR } as const

const cause = (link: Partial<ActivityJson['cause'][number]> & Pick<ActivityJson['cause'][number], 'kind'>) => ({
  ...{ name: null, id: null, run: null, value: null, to: null },
  ...link,
})
const named = (id: string, name: string) => ({ id, name })

/** Something that happened in the contract's shape, some minutes before now; `lasted` of them when it was a burst. */
export function happened(
  minutes: number,
  { lasted = 0, ...item }: Partial<ActivityJson> & Pick<ActivityJson, 'what'> & { lasted?: number },
): ActivityJson {
  const at = new Date(NOW - minutes * MINUTE).toISOString()
  const to = 'to' in item.what ? item.what.to : null
  const { count = 1 } = item
  const newest = Array.from({ length: count }, (_, index) => ({
    at: new Date(NOW - (minutes + (lasted * index) / count) * MINUTE).toISOString(),
    seq: 1_000_000 - minutes * 100 - index,
    to,
    run: null,
  }))
  return {
    id: `happened-${minutes}`,
    at,
    seq: 1_000_000 - minutes * 100,
    entity: null,
    device: null,
    area: null,
    cause: [],
    count,
    first: new Date(NOW - (minutes + lasted) * MINUTE).toISOString(),
    newest,
    ...item,
  }
}

const LAMP = { entity: named('hall_ceiling', 'Ceiling'), device: named('device-Ceiling', 'Ceiling') }
const MOTION = { entity: named('hall_motion', 'Motion'), device: named('device-Motion', 'Motion') }
const change = (value: string, to: boolean | number, unit: string | null = null) =>
  ({ kind: 'change', value, from: null, to, unit }) as const

/** What happened in the house of the tests, newest first. */
export const HAPPENED: readonly ActivityJson[] = [
  happened(3, {
    ...LAMP,
    what: change('on', true),
    cause: [
      cause({ kind: 'rule', name: 'Hall light', id: 'hall_light', run: 'run-812' }),
      cause({ kind: 'change', name: 'Motion', id: 'hall_motion', value: 'motion', to: true }),
      cause({ kind: 'device', name: 'Motion', id: 'device-Motion' }),
    ],
  }),
  happened(4, {
    what: {
      kind: 'run',
      rule: 'hall_light',
      name: 'Hall light',
      run: 'run-812',
      startedAt: new Date(NOW - 4 * MINUTE).toISOString(),
      state: 'done',
    },
    cause: [cause({ kind: 'change', name: 'Motion', id: 'hall_motion', value: 'motion', to: true })],
  }),
  happened(40, {
    ...MOTION,
    what: change('motion', true),
    count: 12,
    lasted: 3,
    cause: [cause({ kind: 'device', name: 'Motion', id: 'device-Motion' })],
  }),
  happened(200, { ...LAMP, what: change('brightness', 60, '%'), cause: [cause({ kind: 'user', name: 'Anna' })] }),
  happened(500, { device: named('gone', 'Garden pump'), what: { kind: 'online', to: false } }),
  happened(900, {
    ...LAMP,
    what: { kind: 'command', command: 'turn_on', values: {}, state: 'expired', reason: 'no answer' },
    cause: [cause({ kind: 'user' })],
  }),
  happened(1300, {
    ...LAMP,
    what: change('on', false),
    cause: [cause({ kind: 'pass', name: 'Cleaner', id: 'p' })],
  }),
]

function courseOf(now: EntityJson['values'][string], { from, to }: { from: number; to: number }) {
  const at: number[] = []
  const values: HistoryJson['values'] = []
  const add = (moment: number, value: HistoryJson['values'][number]) => {
    at.push(moment)
    values.push(value)
  }
  const step = Math.max(MINUTE, (to - from) / 96)
  for (let moment = from; moment < Math.min(to, NOW); moment += step) {
    if (moment >= SILENT.from && moment < SILENT.to) {
      if (values.at(-1) !== null) add(moment, null)
    } else if (typeof now.value === 'number') add(moment, now.value * (1 + 0.1 * Math.sin(moment / HOUR)))
    else if (typeof now.value === 'boolean') add(moment, Math.sin(moment / HOUR) > 0.6)
    else add(moment, now.value)
  }
  return { source: 'raw' as const, width: 0, at, values }
}

/** The hub remembers a past of every value: numbers swing about what they are, states come and go; then it is silent for two hours. */
export function tellPast(hub: FakeHub): void {
  hub.on('GET /activity', (_body, query) => {
    const kinds = query.get('kinds')?.split(',')
    const items = HAPPENED.filter(({ what }) => kinds === undefined || kinds.includes(what.kind))
    return { status: 200, body: { items: query.has('q') ? [] : items, next: null } }
  })
  hub.on('GET /history', (_body, query) => {
    const [from, to] = [query.get('from'), query.get('to')].map(text => Date.parse(text!)) as [number, number]
    const entity = hub.entities.find(({ id }) => id === query.get('entity'))!
    const value = entity.values[query.get('value')!]!
    const before = { from: from - 24 * HOUR, to: to - 24 * HOUR }
    const item: HistoryJson = {
      entity: entity.id,
      value: query.get('value')!,
      unit: value.unit ?? null,
      kind: typeof value.value === 'number' ? 'number' : typeof value.value === 'boolean' ? 'bool' : 'text',
      counter: false,
      days: 90,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...courseOf(value, { from, to }),
      compared: query.has('compare')
        ? {
            from: new Date(before.from).toISOString(),
            to: new Date(before.to).toISOString(),
            ...courseOf(value, before),
          }
        : null,
    }
    return { status: 200, body: { items: [item], next: null } }
  })
}
