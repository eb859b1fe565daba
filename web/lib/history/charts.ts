import { plain } from '../text.ts'
import { words } from '../i18n/index.ts'
import { fullName } from '../state/house.ts'
import { nameOfValue } from '../state/said.ts'
import type { Course } from './course.ts'
import type { Shown } from './shown.ts'

/** A shown value with what is known of its past. */
export interface Told extends Shown {
  readonly kind: 'number' | 'bool' | 'text'
  readonly unit: string
  readonly isCounter: boolean
  /** Days for which its changes are kept; 0: it is not recorded. */
  readonly days: number
  readonly course: Course
  readonly before: Course | null
  readonly source: 'raw' | '5m' | 'hour'
}

export interface Labelled extends Told {
  /** What tells it from the others of its chart. */
  readonly label: string
  /** What it is when it stands alone. */
  readonly name: string
}

/** Lines of one unit, or counters of one unit. */
export interface Chart {
  readonly key: string
  readonly title: string
  readonly unit: string
  readonly isCounted: boolean
  readonly lines: readonly Labelled[]
}

const kindOfValue = ({ entity, value }: Shown) =>
  value === 'value' ? plain(entity.name, 40) : (words.things.classes[value] ?? nameOfValue(value))

/** The name of a value when nothing around it says whose it is. */
export function nameOf(shown: Shown): string {
  const { entity, value } = shown
  const whole = fullName(entity)
  const kind = kindOfValue(shown)
  const isMain = value === 'on' || Object.keys(entity.values).length === 1
  return plain(isMain || whole.toLowerCase().includes(kind.toLowerCase()) ? whole : `${whole} ${kind}`, 80)
}

const areAllDifferent = (texts: readonly string[]) => new Set(texts).size === texts.length

/** Values that are about a room rather than about the device in it. */
const OF_ROOMS = new Set(['temperature', 'humidity', 'carbon_dioxide', 'illuminance'])

/** Short names for the values of one chart, as long as they tell them apart: room, device, or all of it. */
function labelsOf(values: readonly Shown[]): string[] {
  const isAir = new Set(values.map(kindOfValue)).size === 1 && values.every(({ value }) => OF_ROOMS.has(value))
  const rooms = values.map(({ entity }) => plain(entity.area?.name ?? '', 40))
  if (isAir && !rooms.includes('') && areAllDifferent(rooms)) return rooms
  const devices = values.map(({ entity }) => plain(entity.device.name, 60))
  if (areAllDifferent(devices)) return devices
  const isOneDevice = new Set(values.map(({ entity }) => entity.device.id)).size === 1
  const names = values.map(each => (isOneDevice ? partName(each) : nameOf(each)))
  return areAllDifferent(names) ? names : values.map(nameOf)
}

/** The name of a value among those of its device. */
function partName(shown: Shown): string {
  const { entity } = shown
  return Object.keys(entity.values).length === 1 ? plain(entity.name, 60) : kindOfValue(shown)
}

const withLabels = (values: readonly Told[]): Labelled[] => {
  const labels = labelsOf(values)
  return values.map((told, index) => ({ ...told, label: labels[index]!, name: nameOf(told) }))
}

/** Charts by unit, counters apart, in the order in which their first values were chosen; states behind them. */
export function toCharts(values: readonly Told[]): { charts: Chart[]; states: Labelled[] } {
  const numbers = values.filter(({ kind }) => kind === 'number')
  const groups = Map.groupBy(numbers, ({ unit, isCounter }) => `${isCounter ? 'counted' : 'line'} ${unit}`)
  return {
    charts: [...groups].map(([key, members]) => ({
      key,
      title: [...new Set(members.map(kindOfValue))].join(', '),
      unit: members[0]!.unit,
      isCounted: members[0]!.isCounter,
      lines: withLabels(members),
    })),
    states: withLabels(values.filter(({ kind }) => kind !== 'number')),
  }
}
