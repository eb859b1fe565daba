import type { HistoryJson } from '#api'
import type { Api } from '../api.ts'
import { Problem } from '../problem.ts'
import type { Told } from './charts.ts'
import { append, toCourse } from './course.ts'
import type { Period, Range } from './range.ts'
import type { Shown } from './shown.ts'

const HOUR = 3_600_000
/** Days that a counter is asked for at most, which is more than ten years of them. */
const MOST_COUNTED = 4_000

export interface CoursesAsk {
  readonly range: Range
  /** It ends now, and goes on. */
  readonly isLive: boolean
  readonly points: number
  readonly compare: Period | null
}

/** How fine what a counter counted is asked for: stretches that people count in. */
export const countedBy = ({ from, to }: Range): '5m' | 'hour' | 'day' =>
  to - from <= 3 * HOUR ? '5m' : to - from <= 72 * HOUR ? 'hour' : 'day'

/** The courses of what is shown, as the hub tells them; what was there stays until the new ones have come, all at once. */
export class Courses {
  readonly #api: Api
  #asked = 0
  /** By ref, in no order. */
  byRef = $state.raw<ReadonlyMap<string, Told>>(new Map())
  /** The first load is on its way. */
  isFirst = $state(true)
  /** The last load did not come; what is shown is older. */
  problem = $state.raw<Problem | null>(null)

  constructor(api: Api) {
    this.#api = api
  }

  async load(shown: readonly Shown[], ask: CoursesAsk): Promise<void> {
    const asked = ++this.#asked
    try {
      const told = await Promise.all(shown.map(each => this.#ask(each, ask)))
      if (asked !== this.#asked) return
      this.byRef = new Map(told.flatMap(each => (each ? [[each.ref, each]] : [])))
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (asked !== this.#asked) return
      this.problem = error
    }
    this.isFirst = false
  }

  /** A change that the stream told, behind what the hub knew. `null`: nothing is known from here on. */
  append(entity: string, value: string | null, { at, to }: { at: number; to: HistoryJson['values'][number] }): void {
    const next = new Map(this.byRef)
    for (const [ref, told] of next) {
      if (told.entity.id !== entity || (value !== null && told.value !== value)) continue
      next.set(ref, { ...told, course: append(told.course, at, to) })
    }
    this.byRef = next
  }

  async #ask(shown: Shown, { range, isLive, points, compare }: CoursesAsk): Promise<Told | null> {
    const query = {
      entity: shown.entity.id,
      value: shown.value,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      ...(compare ? { compare } : {}),
    }
    const find = async (more: { points: number; resolution?: string }) =>
      (await this.#api('GET /history', { query: { ...query, ...more } })).items[0]
    const isCounter = this.byRef.get(shown.ref)?.isCounter === true
    const first = isCounter ? undefined : await find({ points })
    if (first && !first.counter) return toTold(shown, first, isLive)
    const counted = await find({ points: MOST_COUNTED, resolution: countedBy(range) })
    return counted ? toTold(shown, counted, isLive) : null
  }
}

function toTold(shown: Shown, json: HistoryJson, isLive: boolean): Told {
  const { kind, unit, counter, days, source, compared } = json
  const shift = compared ? Date.parse(json.from) - Date.parse(compared.from) : 0
  return {
    ...shown,
    kind,
    unit: unit ?? '',
    isCounter: counter,
    days,
    source,
    course: toCourse(json, isLive ? {} : { until: Date.parse(json.to) }),
    before: compared && compared.at.length > 0 ? toCourse(compared, { shift, until: Date.parse(json.to) }) : null,
  }
}
