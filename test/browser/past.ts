import type { EntityJson, HistoryJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { NOW } from './view.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** When nothing is known of the past that `tellPast` tells. */
export const SILENT = { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR } as const

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
