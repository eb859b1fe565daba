import type { HealthJson } from '#api'
import type { Api } from '../api.ts'
import type { LampState } from '../components/shared/Lamp.svelte'
import type { Figure, Formats } from '../i18n/formats.ts'
import type { Entities } from '../live/entities.svelte.ts'
import { Looked } from './looked.svelte.ts'

export type Reading = HealthJson['readings'][number]
export type HubProblem = HealthJson['problems'][number]

/** Milliseconds between two looks at what changes slowly. */
const SLOWLY = 60_000

export const lookAtHealth = (api: Api): Looked<HealthJson> => new Looked(() => api('GET /system/health'))

/** What is written, and what takes space. */
export const lookAtWrites = (api: Api) => new Looked(() => api('GET /system/writes'), SLOWLY)
export const lookAtSpace = (api: Api) => new Looked(() => api('GET /history/space'), SLOWLY)

export const lampOf = (state: Reading['state']): LampState =>
  ({ good: 'ok', warning: 'warn', bad: 'fail', unknown: 'never' } as const)[state]

const SIZES = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const

/** `1.4 GB` */
export function sizeOf(bytes: number, formats: Formats): Figure {
  const [size, unit] = SIZES.find(([least]) => bytes >= least) ?? [1, 'B']
  return formats.figure(bytes / size, unit)
}

export const textOf = ({ figure, unit, isClose }: Figure): string =>
  unit === '' ? figure : `${figure}${isClose ? '' : ' '}${unit}`

/** The name of an entity beside others: its device's before its own. Undefined when it is gone. */
export function nameOf(entities: Entities, id: string | null): string | undefined {
  const facts = id === null ? undefined : entities.get(id)?.facts
  if (facts === undefined) return undefined
  return facts.name === facts.device.name ? facts.name : `${facts.device.name} · ${facts.name}`
}
